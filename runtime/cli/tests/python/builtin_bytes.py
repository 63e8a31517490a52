"""bytes and bytearray."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))


show(lambda: str(b"a","utf8",1))
show(lambda: str(b"a",errors="strict"))
show(lambda: str(b"a"))
show(lambda: str(object=b"abc", encoding="ascii"))
show(lambda: b"a".find("a"))
show(lambda: b"a".find(256))
show(lambda: b"a".find(1.5))
show(lambda: b"".join([1]))
show(lambda: b"".join("a"))
show(lambda: b"a".replace("a","b"))
show(lambda: b"a".replace(b"a","b"))
show(lambda: b"a".split("a"))
show(lambda: b"a".split(b""))
show(lambda: b"a".startswith("a"))
show(lambda: b"a".startswith(("a",)))
show(lambda: b"a".strip("a"))
show(lambda: b"a".center(1,"a"))
show(lambda: b"a".center(1,b"ab"))
show(lambda: b"a".translate("a"))
show(lambda: b"a".translate(b"a"))
show(lambda: b"a".translate(None, "a"))
show(lambda: bytes.maketrans(b"a",b"bc"))
show(lambda: bytes.maketrans(b"a","b"))
show(lambda: bytes.fromhex(1))
show(lambda: bytes.fromhex("1"))
show(lambda: bytes.fromhex("zz"))
show(lambda: b"a".hex(1))
show(lambda: b"a".hex("ab"))
show(lambda: b"a".hex("é"))
show(lambda: b"ab".hex(":",2))
show(lambda: b"a"+"a")
show(lambda: b"a"*"a")
show(lambda: (lambda s: s["a"])(b"a"))
show(lambda: b"a"[4])
show(lambda: "a" in b"a")
show(lambda: 300 in b"a")
show(lambda: bytes("a"))
show(lambda: bytes("a","utf8"))
show(lambda: bytes(-1))
show(lambda: bytes(1.5))
show(lambda: bytes([300]))
show(lambda: bytes(["a"]))
show(lambda: bytes(1,"utf8"))
show(lambda: bytes(encoding="utf8"))
show(lambda: bytearray(-1))
show(lambda: bytearray("a"))
show(lambda: bytearray([256]))
show(lambda: bytearray(b"a").append(256))
show(lambda: bytearray(b"a").append("a"))
show(lambda: bytearray(b"a").insert("a",1))
show(lambda: bytearray(b"a").pop(4))
show(lambda: bytearray(b"").pop())
show(lambda: bytearray(b"a").remove(5))
show(lambda: bytearray(b"a").extend(1))
show(lambda: bytearray(b"a").extend(["a"]))
show(lambda: bytearray(b"a").extend("a"))
show(lambda: bytearray(b"a").__setitem__(0,256))
show(lambda: bytearray(b"a").__setitem__(5,1))
show(lambda: bytearray(b"a").__setitem__("a",1))
show(lambda: bytearray(b"abc").__setitem__(slice(0,3,2),b"a"))
show(lambda: bytearray(b"abc").__setitem__(slice(0,2),1))
show(lambda: bytearray(b"abc").__setitem__(slice(0,2),"a"))
show(lambda: bytearray(b"abc").__delitem__(7))
show(lambda: bytearray(b"a").__init__("a"))
show(lambda: bytearray(b"a").decode("utf8",1))
show(lambda: b"\xff".decode())
show(lambda: ord(b"ab"))
show(lambda: bytes.__new__(int))
show(lambda: b"%s" % "a")
show(lambda: b"%d" % "a")
show(lambda: b"%b" % 1)
show(lambda: b"%c" % 300)
show(lambda: b"%c" % b"ab")
show(lambda: b"%a" % "é")
show(lambda: b"%x" % 1.5)
show(lambda: b"%q" % 1)
show(
    lambda: int(" 12_3 "), lambda: int("0x1f",16), lambda: int("0b101",0), lambda: int(b"77"), lambda: int(3.99),
    lambda: int(-3.99), lambda: int(True), lambda: int("-٣"),
)
show(
    lambda: (10**20).bit_length(), lambda: (255).bit_count(), lambda: (-1).bit_length(),
    lambda: (1024).to_bytes(2,"big"), lambda: int.from_bytes(b"\x04\x00"),
    lambda: int.from_bytes(b"\xff\xff",signed=True), lambda: (-2).to_bytes(2,"little",signed=True),
)
show(
    lambda: float("1.5"), lambda: float(" inf "), lambda: float("-nan"), lambda: float("1e400"),
    lambda: float(b"1.5"), lambda: float(10**20), lambda: float("1_000.5"), lambda: float(True), lambda: float(),
)
show(
    lambda: b"h\xc3\xa9".decode(), lambda: b"\xff".decode("latin1"), lambda: b"\xffa".decode("utf8","replace"),
    lambda: b"\xff".decode("utf8","backslashreplace"), lambda: b"\xff".decode("ascii","surrogateescape"),
    lambda: b"a\x00".decode("utf-16-le"), lambda: bytearray(b"abc").decode(),
)
show(
    lambda: str(5), lambda: str(None), lambda: str([1,"a"]), lambda: str(1.5), lambda: str(b"a"),
    lambda: ascii("é\U0001F600"), lambda: str(), lambda: str("a"),
)
show(
    lambda: list("héy"), lambda: [c for c in "abc"], lambda: [b for b in b"abc"], lambda: list(bytearray(b"ab")),
    lambda: tuple("ab"),
)
show(
    lambda: bytes(), lambda: bytes(3), lambda: bytes([1,2,3]), lambda: bytes(b"abc"), lambda: bytes("é","utf8"),
    lambda: bytes(bytearray(b"x")), lambda: bytes(range(3)), lambda: bytearray(), lambda: bytearray(3),
    lambda: bytearray([1,2]), lambda: bytearray("a","ascii"), lambda: bytes((65,66)),
)
show(
    lambda: b"abc"[0], lambda: b"abc"[1:], lambda: b"abc"[::-1], lambda: b"a"+b"b", lambda: b"ab"*2,
    lambda: b"abc".find(b"c"), lambda: b"abc".find(99), lambda: b"abc".upper(), lambda: b"a,b".split(b","),
    lambda: b",".join([b"a",bytearray(b"b")]), lambda: b"abc".replace(b"b",b"X"), lambda: b" a ".strip(),
    lambda: b"abc".hex(), lambda: b"abc".hex(":"), lambda: b"abcdef".hex("-",-4), lambda: bytes.fromhex("61 62"),
    lambda: b"abc".startswith(b"a"), lambda: b"a\nb".splitlines(), lambda: b"abc".partition(b"b"),
    lambda: b"a".center(3,b"*"), lambda: b"5".zfill(3), lambda: b"aB".swapcase(), lambda: b"abc".isalpha(),
    lambda: b"abc".translate(None,b"b"), lambda: b"abc".count(b"b"), lambda: b"%d %s" % (5,b"x"),
    lambda: b"abc" < b"abd", lambda: hash(b"a") == hash(b"a"), lambda: b"a" == bytearray(b"a"),
    lambda: b"hello world".title(), lambda: b"\x0ba".strip(), lambda: b"a b".rsplit(None,1),
)

b = bytearray(b"abc")
b.append(100)
b.extend([101,102])
b.insert(0, 64)
b += b"gh"
show(lambda: b, lambda: len(b), lambda: b.pop(), lambda: b.pop(0), lambda: b[1], lambda: b[1:3], lambda: b.index(b"d"))

b[0] = 65
b[1:3] = b"XYZW"
del b[0]
b.reverse()
show(lambda: b, lambda: b.copy(), lambda: b.remove(88), lambda: b, lambda: b.upper(), lambda: b.__reduce_ex__(3))

b[::2] = b"1" * len(b[::2])
del b[::3]
show(lambda: b, lambda: b.clear(), lambda: b)

b = bytearray()
for i in range(1000): b.append(i % 256)
show(lambda: len(b), lambda: b[:5], lambda: b[-3:], lambda: bytes(b[250:260]))
show(
    lambda: bytearray(b"ab") + b"c", lambda: bytearray(b"ab") * 2, lambda: b"a" in bytearray(b"ab"),
    lambda: bytearray(b"a") == b"a", lambda: bytearray(b"a,b").split(b","), lambda: bytearray(b"a").join([b"x",b"y"]),
    lambda: bytearray(b"x%d") % 5,
)
show(
    lambda: int.__new__(int, 5), lambda: str.__new__(str, 5), lambda: float.__new__(float, 1),
    lambda: bytes.__new__(bytes, b"a"), lambda: bool.__new__(bool, 1), lambda: complex.__new__(complex, 1),
)
show(
    lambda: "a".__ne__("b"), lambda: "a".__ge__("b"), lambda: b"a".__eq__(b"a"), lambda: b"a".__lt__(b"b"),
    lambda: b"a".__add__(b"b"), lambda: b"a".__mul__(2), lambda: b"a".__contains__(97),
    lambda: b"abc".__getitem__(slice(1,2)), lambda: b"a".__bytes__(), lambda: b"a".__getnewargs__(),
    lambda: b"a".__len__(),
)
show(
    lambda: b"%x %X %o %d %i" % (255, 255, 8, 5, 6), lambda: b"%5.2f" % 3.14159, lambda: b"%-5d|" % 5,
    lambda: b"%05d" % 5, lambda: b"%r" % "é", lambda: b"%a" % [1], lambda: b"%s" % bytearray(b"x"),
    lambda: b"%c" % 65, lambda: b"%c" % b"x", lambda: b"%%" % (), lambda: b"%(k)s" % {b"k": b"v"},
    lambda: b"%.2s" % b"abc", lambda: b"%10s|" % b"abc",
)
show(
    lambda: int("z", 36), lambda: int("-0b11", 0), lambda: int("0o17", 0), lambda: int("  -5\n"), lambda: int("0", 0),
    lambda: int("00", 0), lambda: int("١٢"), lambda: int("+5"), lambda: int(b" 5 "), lambda: int(bytearray(b"7")),
)
show(lambda: int(b"\xff"))
show(
    lambda: int.from_bytes(b""), lambda: int.from_bytes(b"\x01\x02","little"), lambda: int.from_bytes([1,2]),
    lambda: int.from_bytes(b"\x80",signed=True), lambda: int.from_bytes(bytearray(b"\x01")),
    lambda: (0).to_bytes(0,"big"), lambda: (2**64).to_bytes(9,"big"), lambda: (-2**63).to_bytes(8,"big",signed=True),
    lambda: (255).to_bytes(), lambda: (1).to_bytes(length=2,byteorder="little"),
    lambda: int.from_bytes(bytes=b"\x01", byteorder="big"),
)
show(lambda: int.from_bytes(b"a", "x"))
show(lambda: bytes.upper("a"))
show(
    lambda: "ab\x1cd\x1de\x85f\u2028g".splitlines(), lambda: "a\x0bb\x0cc".splitlines(),
    lambda: b"a\x0bb\x0cc\x1cd".splitlines(), lambda: "\r\n\r".splitlines(True), lambda: "a\n\nb".splitlines(),
)
show(lambda: b"\xc3\x28".decode("utf-8"))
show(lambda: b"\xe2\x82".decode("utf-8"))
show(lambda: b"a\xff".decode("ascii"))
show(lambda: b"a".decode("utf-16"))
show(lambda: b"\x00\xd8".decode("utf-16-le"))
show(
    lambda: b"\xff\xfea\x00".decode("utf-16"), lambda: b"\xfe\xff\x00a".decode("utf-16"),
    lambda: b"\xe2\x82\xac".decode(), lambda: b"\xf0\x9f\x98\x80".decode(),
    lambda: b"\xe2\x82".decode("utf8", "replace"), lambda: b"\xed\xa0\x80".decode("utf-8", "surrogatepass"),
    lambda: b"\xff".decode("utf-8", "surrogateescape"), lambda: b"\xffabc".decode("ascii", "ignore"),
    lambda: b"\xff".decode("ascii", "backslashreplace"), lambda: b"abc".decode("latin-1"),
    lambda: str(b"\xe9", "latin-1"), lambda: bytearray(b"\xc3\xa9").decode("utf8"),
)
show(
    lambda: hash(""), lambda: hash(b""), lambda: hash(0), lambda: hash(-1), lambda: hash(-2), lambda: hash(2**61),
    lambda: hash(-(2**61-1)), lambda: hash(0.5), lambda: hash(1e300), lambda: hash(complex(1,0)),
    lambda: hash(complex(0,1)), lambda: hash(float("-inf")),
)
show(
    lambda: 1 == 1.0, lambda: 1 == True, lambda: 10**20 == 1e20, lambda: 2**53+1 == float(2**53+1), lambda: 1 < 1.5,
    lambda: 10**400 > 1e308, lambda: -10**400 < float("-inf"), lambda: 10**400 < float("inf"), lambda: 1 == 1+0j,
    lambda: 1.5 == 1.5+0j, lambda: "1" == 1, lambda: b"a" == "a", lambda: float("nan") == float("nan"),
    lambda: 0.0 == -0.0, lambda: (1).__lt__(2.0), lambda: (1.0).__lt__(2), lambda: (1).__eq__(1.0),
    lambda: (1.0).__eq__(1),
)
show(lambda: b"a" < "a")
show(lambda: "a" + b"a")
show(lambda: b"a" + "a")
show(
    lambda: bytes("é", "latin-1"), lambda: bytes("é", encoding="utf-8", errors="strict"), lambda: bytes({1: 2}),
    lambda: bytes(i for i in range(3)), lambda: bytes(b"a" + b"b"), lambda: bytes(True),
    lambda: bytes("a\ud800", "utf8", "ignore"), lambda: bytearray("é", "utf-16-le"), lambda: bytearray(b"abc")[1:],
    lambda: bytearray(bytearray(b"q")),
)
show(lambda: bytes(None))
show(lambda: bytes([1, 2, -1]))
show(lambda: bytes([1, "a"]))
show(lambda: bytes("a", 5))
show(lambda: bytes(5, errors="x"))
show(lambda: bytearray(None))
show(
    lambda: b"abc"[1:2], lambda: b"abc"[::-1], lambda: b"abc"[-1], lambda: b"abc"[5:], lambda: b"abc"[True],
    lambda: b"" + b"", lambda: b"a" * 0, lambda: b"a" * -1, lambda: b"abc" in b"zabcz", lambda: b"" in b"a",
    lambda: 97 in b"a", lambda: b"b" not in b"a", lambda: b"a" < b"b", lambda: b"a" <= b"a", lambda: b"ab" > b"a",
    lambda: b"a" != b"b", lambda: b"a" == bytearray(b"a"), lambda: bytearray(b"b") > b"a", lambda: list(b"ab"),
    lambda: tuple(bytearray(b"ab")), lambda: [*b"a"], lambda: max(b"abc"), lambda: sorted(b"cab"), lambda: bool(b""),
    lambda: bool(b"a"), lambda: not bytearray(),
)
show(
    lambda: b"abc".find(b"b"), lambda: b"abc".find(98), lambda: b"abc".rfind(b"c", 0, 2), lambda: b"abc".index(b"c"),
    lambda: b"abc".rindex(99), lambda: b"aXbX".count(b"X"), lambda: b"abc".count(97),
    lambda: b"abc".endswith((b"x", b"c")), lambda: b"abc".startswith(bytearray(b"a")),
    lambda: b"abc".replace(b"a", b""), lambda: b"aaa".replace(b"a", b"b", 2), lambda: b"abc".removeprefix(b"ab"),
    lambda: b"abc".removesuffix(b"bc"), lambda: b"a-b-c".split(b"-"), lambda: b"a b  c".split(),
    lambda: b"a-b-c".rsplit(b"-", 1), lambda: b"abc".partition(b"b"), lambda: b"abc".rpartition(b"x"),
    lambda: b"-".join([b"a", b"b"]), lambda: b"-".join((bytearray(b"a"), b"b")), lambda: b"abc".strip(b"ac"),
    lambda: b" a ".lstrip(), lambda: b" a ".rstrip(), lambda: b"a".ljust(3) + b"|", lambda: b"a".rjust(3, b"-"),
    lambda: b"-5".zfill(4), lambda: b"a\tb".expandtabs(4), lambda: b"Abc".swapcase(), lambda: b"abc def".capitalize(),
    lambda: b"\xe9".upper(), lambda: b"abc".islower(), lambda: b"ABC".isupper(), lambda: b"12".isdigit(),
    lambda: b"a1".isalnum(), lambda: b" \t".isspace(), lambda: b"Ab Cd".istitle(), lambda: b"\xff".isascii(),
    lambda: b"abc".translate(bytes.maketrans(b"a", b"x")), lambda: b"abc".translate(None, delete=b"a"),
    lambda: b"abc".hex(), lambda: b"abc".hex(" "), lambda: b"abcde".hex(":", 2), lambda: b"abcde".hex(":", -2),
    lambda: b"ab".hex(sep="-", bytes_per_sep=1), lambda: bytes.fromhex("61 6263"), lambda: bytes.fromhex(""),
    lambda: bytearray.fromhex("ff"),
)
show(lambda: b"abc".index(b"x"))
show(lambda: b"abc".index(b"x", 1))
show(lambda: b"".rindex(b"a"))
show(lambda: bytes.fromhex("6"))
show(lambda: bytes.fromhex("6 1"))
show(lambda: bytes.fromhex("é"))

b = bytearray(b"hello")
show(
    lambda: b.pop(), lambda: b, lambda: b.pop(0), lambda: b, lambda: b.append(33), lambda: b, lambda: b.extend(b"xy"),
    lambda: b, lambda: b.extend([65]), lambda: b, lambda: b.extend(x for x in range(65, 68)), lambda: b,
    lambda: b.insert(1, 90), lambda: b, lambda: b.insert(-1, 91), lambda: b, lambda: b.insert(100, 92), lambda: b,
    lambda: b.remove(90), lambda: b, lambda: b.reverse(), lambda: b, lambda: b.copy() == b, lambda: b.clear(),
    lambda: b,
)

b = bytearray(b"0123456789")
show(
    lambda: b.__setitem__(slice(2, 4), b"abcdef"), lambda: b, lambda: b.__setitem__(slice(0, 0), b"XX"), lambda: b,
    lambda: b.__delitem__(slice(0, 2)), lambda: b, lambda: b.__delitem__(slice(None, None, 2)), lambda: b,
    lambda: b.__setitem__(slice(None, None, 2), b"....."[:len(b[::2])]), lambda: b, lambda: b.__setitem__(-1, 33),
    lambda: b, lambda: b.__delitem__(-1), lambda: b, lambda: b.__setitem__(slice(5, 2), b"!"), lambda: b,
    lambda: b.__setitem__(slice(1, 3), [65, 66]), lambda: b, lambda: b.__setitem__(slice(1, 1), bytearray(b"zz")),
    lambda: b, lambda: b.__setitem__(slice(0, 2), b), lambda: b,
)
show(
    lambda: b.__iadd__(b"qq"), lambda: b.__imul__(2), lambda: b.__imul__(0), lambda: b,
    lambda: b.__iadd__(bytearray(b"z")), lambda: b,
)
show(lambda: b.__iadd__("a"))
show(lambda: b.__setitem__("a", 1))
show(lambda: b.__setitem__(0, "a"))
show(lambda: b.__setitem__(0, -1))
show(lambda: b.__delitem__(100))
show(lambda: b[100])

class Evil:
    def __index__(self):
        b.clear()
        return 5

b = bytearray(b"0123456789")
show(lambda: b.__setitem__(Evil(), 1))

b = bytearray(b"0123456789")
show(lambda: b.__setitem__(0, Evil()))
show(lambda: b[Evil():])

class BB(bytearray):
    def __init__(self, *a, **k): bytearray.__init__(self, *a); self.q = 5
show(
    lambda: BB(b"abc"), lambda: BB(b"abc").q, lambda: BB(b"ab") + b"c", lambda: BB(b"ab").upper(),
    lambda: type(BB(b"ab").copy()).__name__, lambda: BB(b"ab") == b"ab", lambda: BB(3),
)

class BY(bytes):
    def __new__(cls, v): return bytes.__new__(cls, v)
show(
    lambda: BY(b"ab"), lambda: BY(b"ab")[0], lambda: BY(b"ab") + b"c", lambda: type(BY(b"ab") + b"c").__name__,
    lambda: BY([1, 2]), lambda: bytes(BY(b"x")), lambda: type(bytes(BY(b"x"))).__name__, lambda: BY(b"x").hex(),
    lambda: b"".join([BY(b"x")]), lambda: {b"x": 1}[BY(b"x")], lambda: BY.fromhex("61"),
    lambda: type(BY.fromhex("61")).__name__,
)
