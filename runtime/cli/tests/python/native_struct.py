# `struct`: every format, in every byte order, and what is refused.
import array
import struct
from struct import Struct, calcsize, error, iter_unpack, pack, pack_into, unpack, unpack_from


def tried(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")


VALUES = {
    "x": None, "c": b"z", "b": -5, "B": 200, "?": 7, "h": -3000, "H": 60000, "i": -(10**9), "I": 4 * 10**9, "l": -77,
    "L": 77, "q": -(10**18), "Q": 10**19, "n": -8, "N": 8, "e": 1.5, "f": -0.1, "d": 3.14159, "s": b"text", "p": b"pascal",
    "P": 12345,
}
for order in "@=<>!":
    for code, value in VALUES.items():
        for count in ("", "0", "3"):
            form = order + count + code
            if count + code == "0p":
                continue
            try:
                size = calcsize(form)
            except error as e:
                print(form, e)
                continue
            items = [] if code == "x" else [value] if code in "sp" else [value] * int(count or 1)
            data = pack(form, *items)
            assert len(data) == size
            print(form, size, data.hex(), unpack(form, data))
for form in ("bi", "bq", "b?h", "ib", "bhiq0i", "b0q", "=bq", "<b0q", "3sxi", " i  2h ", "@bd", "5p2xh", "c3xB", b"bi"):
    tried(lambda: calcsize(form))
for code in "bBhHiIlLqQnNP":
    for order in ("", "<", ">"):
        try:
            bits = 8 * calcsize(order + code)
        except error:
            continue
        for value in (-(1 << bits), -(1 << bits - 1) - 1, -(1 << bits - 1), -1, (1 << bits - 1) - 1, 1 << bits - 1, (1 << bits) - 1, 1 << bits):
            try:
                print(order + code, pack(order + code, value).hex(), end=" ")
            except error as e:
                print(e, end=" ")
    print()
floats = [0.0, -0.0, 1.0, 0.1, 65504.0, 65519.9, 6e-8, 1e-8, 5.96e-8, 2.0**-14, 2.0**-15, 1e30, 3.5e38, 1e300, float("inf"), -float("inf")]
for order in "<>@":
    for code in "efd":
        for f in floats:
            try:
                data = pack(order + code, f)
                print(data.hex(), unpack(order + code, data)[0], end=" ")
            except OverflowError as e:
                print(e, end=" ")
        print()
nan = unpack("<e", pack("<e", float("nan")))[0]
print(nan != nan, [unpack(c, b"\xff" * calcsize(c)) for c in "efd"], unpack("<f", b"\x01\x00\xa0\x7f"))


class Index:
    def __index__(self):
        return 42


class BadIndex:
    def __index__(self):
        raise ZeroDivisionError("index")


class Float:
    def __float__(self):
        return 2.5


print(pack("i", Index()), pack("d", Float()), pack("d", Index()), pack("?", []), pack("?", "x"))
buffer = bytearray(8)
for f in (
    lambda: pack("z", 1),
    lambda: pack("i"),
    lambda: pack("i", 1, 2),
    lambda: pack("i", "a"),
    lambda: pack("i", 1.5),
    lambda: pack("i", BadIndex()),
    lambda: pack("f", "x"),
    lambda: pack("d", BadIndex()),
    lambda: pack("e", 65520),
    lambda: pack("P", 1 << 70),
    lambda: pack("c", b"xx"),
    lambda: pack("c", "x"),
    lambda: pack("s", 1),
    lambda: pack("s", bytearray(b"xy")),
    lambda: pack("3s", b"abcd"),
    lambda: pack("5s", b"abc"),
    lambda: pack("p", 3),
    lambda: pack("p", b"abcd"),
    lambda: pack("300p", b"a" * 299)[:3],
    lambda: pack("99999999999999999999i"),
    lambda: calcsize("9223372036854775807i"),
    lambda: calcsize("9223372036854775807s") and None,
    lambda: calcsize("3"),
    lambda: calcsize(3),
    lambda: calcsize("\u1234"),
    lambda: calcsize("i\0"),
    lambda: calcsize("2 i"),
    lambda: unpack("i", b"123"),
    lambda: unpack("i", "1234"),
    lambda: unpack("i", memoryview(b"1234")),
    lambda: unpack("i", memoryview(b"12345678")[::2]),
    lambda: unpack("ii", array.array("i", [1, 2])),
    lambda: unpack_from("i", b"123"),
    lambda: unpack_from("i", b"12345678", 4),
    lambda: unpack_from("i", b"12345678", 5),
    lambda: unpack_from("i", b"12345678", -4),
    lambda: unpack_from("i", b"12345678", -3),
    lambda: unpack_from("i", b"12345678", -9),
    lambda: unpack_from("i", buffer=bytearray(b"12345678"), offset=1),
    lambda: pack_into("i", buffer, 2, 77) or buffer,
    lambda: pack_into("i", buffer, 5, 1),
    lambda: pack_into("i", buffer, -4, -2) or buffer,
    lambda: pack_into("i", buffer, -3, 1),
    lambda: pack_into("i", buffer, -9, 1),
    lambda: pack_into("i", b"12345678", 0, 1),
    lambda: pack_into("i", memoryview(b"12345678"), 0, 1),
    lambda: pack_into("h", memoryview(buffer)[2:], 0, 1) or buffer,
    lambda: pack_into("i", buffer),
    lambda: pack_into("i", buffer, 0),
    lambda: pack_into("i", buffer, "x", 1),
    lambda: pack_into("i", 3, 0, 1),
    lambda: pack_into(),
    lambda: pack(),
    lambda: Struct(),
    lambda: Struct(3),
    lambda: Struct("z"),
    lambda: list(iter_unpack("h", b"123456")),
    lambda: list(iter_unpack("h", b"123")),
    lambda: list(iter_unpack("", b"")),
    lambda: iter_unpack("h", b"1234").__length_hint__(),
    lambda: unpack("p", b"a"),
    lambda: unpack("3p", b"\xffab"),
    lambda: unpack("0s", b""),
    lambda: setattr(Struct("i"), "size", 1),
):
    tried(f)

s = Struct(">hI")
print(s.size, s.format, s.pack(1, 2), s.unpack(b"\0\1\0\0\0\2"), list(s.iter_unpack(bytes(12))), s.unpack_from(buffer, 1))
s.pack_into(buffer, 0, -1, 5)
print(buffer, tried(lambda: s.pack(1)), tried(lambda: s.unpack(b"")))


class Sub(Struct):
    def __init__(self, form):
        super().__init__(form + "b")


print(Sub("h").size, Sub("h").pack(1, 2), isinstance(Sub("i"), Struct))
for i in range(300):
    assert calcsize(f"{i}sb") == i + 1
iterator = iter_unpack("<2h", bytes(range(16)))
print(next(iterator), iterator.__length_hint__(), list(iterator), list(iterator), iterator.__length_hint__())
print(memoryview(b"\xff" * 8).cast("d")[0], struct.error.__module__, struct.error.__mro__)
