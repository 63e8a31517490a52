# Items of arrays of numbers where they are compiled, slices of bytes, and iteration over what inherits from list.
from array import array

ROUNDS = 400


def warm(f, *args):
    for _ in range(ROUNDS):
        f(*args)


def shown(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def item(a, i):
    return a[i]


def store(a, i, v):
    a[i] = v
    return a[i]


class Own(array):
    def __getitem__(self, i):
        return ("own", i)

    def __setitem__(self, i, v):
        super().__setitem__(i, v + 1)


class Plain(array):
    pass


def arrays():
    return [array("d", [1.5, -2.5, float("nan")]), array("i", [7, -8, 2 ** 31 - 1]), array("b", [1, -2, 3]), array("q", [2 ** 60, -1, 0]),
            array("f", [0.5, 1.0, 2.0]), array("u", "abc"), array("d"), Own("d", [1.0, 2.0, 3.0]), Plain("d", [1.0, 2.0, 3.0]),
            Plain("i", [1, 2, 3]), [1, 2, 3], (4, 5, 6), "abc", b"abc", {0: "zero", 1: "one"}]


INDICES = [0, 2, -1, -3, 3, -4, True, 1.5, "a", None, slice(0, 2)]
for n in range(len(arrays())):
    usual = arrays()[n]
    warm(shown, item, usual, 1)
    print([shown(item, a, i) for a in arrays() for i in INDICES])
VALUES = [2.5, 3, True, -0.0, 2 ** 40, 2 ** 2000, "x", None, float("inf")]
for n in range(11):
    usual = arrays()[n]
    warm(shown, store, usual, 1, 1.0)
    warm(shown, store, usual, 1, 1)
    print([shown(store, a, 1, v) for a in arrays() for v in VALUES])
    print([shown(store, a, i, 9.0) for a in arrays()[:10] for i in INDICES])

# Bits of a NaN that are no float of Python's.
odd = array("d")
odd.frombytes(b"\xff" * 8 + b"\x01\x00\x00\x00\x00\x00\xf0\x7f" + b"\x00\x00\x00\x00\x00\x00\xfe\xff")


def total(a):
    s = 0
    for i in range(len(a)):
        s += a[i]
    return s


warm(total, array("d", [1.0, 2.0]))
print([item(odd, i) for i in range(3)], total(odd), total(array("i", [1, 2])), total(array("d", [0.25])))

grows = array("d", [1.0])


def grown(i):
    grows.append(float(i))
    return grows[i] + grows[-1]


print(sum(grown(i) for i in range(1, 1000)))
while len(grows) > 1:
    grows.pop()
print(shown(item, grows, 0), shown(item, grows, 1))


def part(b, i, j):
    return b[i:j]


for usual in [(b"abcdef", 1, 3), (b"abc", 1, 2), (bytearray(b"abcdef"), 1, 3)]:
    warm(part, *usual)
    print([shown(part, b, i, j) for b in (b"abcdef", b"", bytearray(b"xyz"), "text", [1, 2, 3]) for i in (0, -2, None, 2 ** 70, "a")
           for j in (3, -1, None, 0)])
print(part(b"abc", 0, 1) is part(b"cba", -1, None), len(part(bytes(100000), 1, None)))


class Items(list):
    pass


class Other(list):
    def __iter__(self):
        return iter(("other", len(self)))


def listed(x):
    r = []
    for v in x:
        r.append(v)
    return r


for usual in Items("abc"), Other("abc"), [1], (1, 2):
    warm(listed, usual)
    print([shown(listed, x) for x in (Items("de"), Items(), Other("abc"), [1], (), "ab", {1: 2}, 5, range(2), iter([1]))])

changing = Items("ab")


def of_changing():
    return listed(changing), [v for v in changing]


warm(of_changing)
print(of_changing())
Items.__iter__ = lambda self: iter("new")
print(of_changing())
del Items.__iter__
print(of_changing())


def emptied(l):
    for v in l:
        if v == "b":
            l.clear()
    return l


warm(emptied, Items("ab"))
print(emptied(Items("abc")), emptied(["a", "b", "c"]))
