"""Methods of built-in objects that are kept and called, and slices with a step, in code that is hot."""


def rotate(items, turns):
    take, put, add = items.pop, items.insert, items.append
    for turn in range(turns):
        put(turn % 5, take(0))
        add(take())
        put(-1, take(-2))
        put(1000, take(1))
    return items


print(rotate(list(range(7)), 100))


class Kept(list):
    def pop(self, *where):
        return super().pop(*where)


print(rotate(Kept("abcdef"), 60))


def each(functions, n):
    out = []
    for i in range(n):
        for f in functions:
            try:
                out.append(f(i % 4))
            except Exception as e:
                out.append(f"{type(e).__name__}: {e}")
    return out


small = [1, 2]
print(each([small.pop, small.append, [].pop, {1: "one", 2: None}.get, set().add, (3).__add__], 30)[-30:])
print(each([len, abs, chr, bytes(range(4)).__getitem__, "wxyz".__getitem__], 12)[-10:])


def several(get, put, n):
    """Sites whose functions are now bound, now not."""
    for i in range(n):
        l = [i, i + 1, i + 2]
        pop = l.pop if i % 3 else lambda at: l.__getitem__(at)
        put(pop(0))
        put(get(l))
    return n


seen = []
print(several(len, seen.append, 50), seen[-6:], several(max, seen.append, 50), seen[-6:])


class Slices:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)


def parts(s, k):
    return s[k::-1], s[:k:-1], s[::-1], s[k:0:-1], s[-1::-1], s[::2], s[k::-2], s[None:None:-1], s[True:9:True]


for i in range(40):
    last = parts([1, 2, 3, 4, 5], i % 7 - 3)
print(last)
for s in [(1, 2, 3, 4, 5), "hello", b"hello", bytearray(b"hello"), range(5), Kept([1, 2, 3, 4, 5])]:
    for i in range(30):
        last = parts(s, i % 7 - 3)
    print(*[list(part) if isinstance(part, range) else part for part in last])
print(parts(Slices(), 2))


def wrong(s, a, b, step):
    try:
        return s[a:b:step]
    except Exception as e:
        return f"{type(e).__name__}: {e}"


class Index:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        return self.i


for i in range(30):
    last = [wrong([1, 2, 3], *key) for key in [(0, 3, 0), ("a", 3, -1), (0, None, 1.5), (Index(2), None, -1), (None, Index(0), -1), (5, -9, -1)]]
print(last)
print(wrong(5, 1, 2, 3), wrong({}, 1, 2, -1), wrong(None, 1, 2, None))


def flip(l, k):
    l[: k + 1] = l[k::-1]
    return l


l = list(range(8))
for i in range(60):
    flip(l, i % 9)
print(l)


def fill(l, a, b, v):
    l[a:b] = v
    return l


for i in range(40):
    last = fill([1, 2, 3, 4], i % 5, i % 3, [i]), fill([1, 2], 0, 2, (8, 9)), fill([1, 2, 3], 1, 2, "xy"), fill(bytearray(b"abc"), 0, 1, b"__")
print(last)
fill(Slices(), 1, 2, 3)
for target, v in [((1, 2), [3]), ([1], 5), ("ab", "c"), (bytearray(2), [300])]:
    try:
        print(fill(target, 0, 1, v))
    except Exception as e:
        print(type(e).__name__, e)


def augmented(l, n):
    for i in range(n):
        l[i % 3 : i % 3 + 1] += [i]
        l[::2] = [0] * len(l[::2])
        del l[4:]
    return l


print(augmented([1, 2, 3, 4], 40))
me = [1, 2, 3]
for i in range(30):
    me[1:] = me
    del me[3:]
print(me)
big = list(range(10000))
for i in range(30):
    back = big[::-1]
    some = big[9000::-1]
print(back[0], back[-1], len(back), some[0], len(some), big[8000:1:-3][:3])
