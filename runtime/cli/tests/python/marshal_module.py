# Plain data in every version of the format: the same bytes where CPython's do not depend on who refers to an object.
import io
import marshal


def refused(call, *arguments):
    try:
        print(call(*arguments))
    except Exception as e:
        print(type(e).__name__, e)


values = [5, -1, 2**40, -2**70, 1.5, -0.0, 2j, "abc", "a b c", "\xe9\ud800", b"x", (), (1, 2), [1, [2]], {1: 2, "a": (1,)},
          {3, 1, 2}, frozenset("ab"), None, True, False, ..., StopIteration]
for value in values:
    for version in (0, 1, 2):
        data = marshal.dumps(value, version)
        assert marshal.loads(data) == value and type(marshal.loads(data)) is type(value)
        print(version, ascii(data))
    for version in (3, 4, 5):
        assert marshal.loads(marshal.dumps(value, version)) == value
for value in 5, "abc", "\xe9", (), None:
    print(ascii(marshal.dumps(value, 3)), ascii(marshal.dumps(value)))

# What occurs again is the same object again, even within itself.
shared = [1, "two"]
first, second = marshal.loads(marshal.dumps([shared, shared]))
print(first is second, first, [a is b for a, b in [marshal.loads(marshal.dumps([shared, shared], 2))]])
own = {"list": [shared]}
own["self"] = own
again = marshal.loads(marshal.dumps(own))
print(again["self"] is again, again["list"])
refused(marshal.dumps, own, 2)

print(marshal.loads(b"\xdb\2\0\0\0\xe9\1\0\0\0r\1\0\0\0"), marshal.loads(b"I\0\0\0\0\1\0\0\0"), marshal.loads(b"f\0041e10"))
for data in (b"", b"r\0\0\0\0", b"0", b"(\1\0\0\0" + b"0", b"[\xff\xff\xff\xff", b"l\1\0\0\0\xff\xff", b"l\0\0\0\x80",
             b"l\2\0\0\0\1\0\0\0", b"?", b"f\3abc", b"i\0", b"\xbe\1\0\0\0r\0\0\0\0", b">\1\0\0\0[\0\0\0\0", b"s\xff\xff\xff\xff",
             b"u\xff\xff\xff\xff", b"[\1\0\0\0" * 3000):
    refused(marshal.loads, data)
refused(marshal.loads, "N")

file = io.BytesIO()
for value in values:
    marshal.dump(value, file)
file.seek(0)
print([marshal.load(file) for _ in values] == values, file.read())


class Text(io.BytesIO):
    def read(self, n=-1):
        return "x"


class Much(io.BytesIO):
    def readinto(self, target):
        return super().readinto(target) + (1000 if len(target) > 1 else 0)


for file in Text(b"N"), io.BytesIO(b"i\0"), io.BytesIO(b""), Much(marshal.dumps(1.5)):
    refused(marshal.load, file)

nested = []
for _ in range(1999):
    nested = [nested]
print(len(marshal.dumps(nested, 2)))
refused(marshal.dumps, [nested])
for base in int, str, float, complex, tuple, list, dict, set, frozenset:
    refused(marshal.dumps, type("Own", (base,), {})())
refused(marshal.dumps, object())
print(marshal.dumps(type("Own", (bytes,), {})(b"q"), 2), marshal.dumps(memoryview(b"abcd")[1:3], 2))
refused(marshal.dumps, memoryview(b"abcd")[::2])
# Sets have one order, whatever the hashes are.
print(marshal.dumps({"x", b"y", 3, (4, "z")}, 2))
# Numbers that differ have identities that differ.
print(len({id(n) for n in range(100)}), id(2) == id(3), id(1.5) == id(2.5))
