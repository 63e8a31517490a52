# Parts of lists that are stored into parts of lists: at once where nobody can tell, else as the language says.
import sys


def flips(perm):
    count = 0
    k = perm[0]
    while k:
        perm[: k + 1] = perm[k::-1]
        count += 1
        k = perm[0]
    return count


def rotations(n, turns):
    items = list(range(n))
    pop, insert = items.pop, items.insert
    for i in range(turns):
        insert(i % n, pop(0))
        insert(-1, pop(-2))
    return items


def move(target, low, high, source, start, stop):
    target[low:high] = source[start:stop]


def move_back(target, low, high, source, start, stop):
    target[low:high] = source[start:stop:-1]


def move_step(target, low, high, source, start, stop, step):
    target[low:high] = source[start:stop:step]


def move_and_count(target, n, source):
    target[: n + 1] = source[n::-1]
    return n + 1, target[n]


def kept(target, n, source):
    part = source[:n]
    target[:n] = part
    part.append("kept")
    return part


def in_loop(target, n, source):
    part = source[:n]
    for i in range(3):
        target[i : i + n] = part
    return target


class Log(list):
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)

    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)


class Index:
    def __init__(self, i, items=None):
        self.i, self.items = i, items

    def __index__(self):
        print("index", self.i)
        if self.items is not None:
            self.items.append("grown")
        return self.i


class Number:
    """A number whose sum changes a list: the part was taken before."""

    def __init__(self, i, items):
        self.i, self.items = i, items

    def __index__(self):
        return self.i

    def __add__(self, other):
        self.items[0] = "changed"
        return self.i + other


def add_in_between(items, k):
    items[: k + 1] = items[k::-1]


def attempt(f, *arguments):
    try:
        return f(*arguments)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def where(f, *arguments):
    try:
        f(*arguments)
    except Exception as e:
        t = e.__traceback__.tb_next
        return type(e).__name__, t.tb_lineno - t.tb_frame.f_code.co_firstlineno


class Plain:
    def __init__(self, items):
        self.items = items

    def turn(self, k):
        self.items[: k + 1] = self.items[k::-1]


shared = list(range(8))


def turn_global(k):
    shared[: k + 1] = shared[k::-1]


BOUNDS = [None, 0, 2, 5, 9, -1, -4, True, -(2**70)]


def warm():
    for _ in range(60):
        flips([3, 2, 4, 1, 0, 5])
        rotations(7, 5)
        a, b = list(range(6)), [1.5, "x", None, (1, 2), 2**80, [3]]
        move(a, 0, 3, b, 1, 4)
        move(a, 1, 4, a, 0, 3)
        move_back(a, 0, 3, b, 3, 0)
        move_back(a, 0, None, a, None, None)
        move_step(a, 0, 2, b, 0, 4, 2)
        move_and_count(a, 3, b)
        add_in_between(a, 2)
        turn_global(5)
        Plain(a).turn(3)


warm()
for p in ([0], [1, 0], [4, 2, 0, 1, 3], [3, 1, 5, 4, 2, 0], [True, False], [2, 0.0, 0]):
    print(attempt(flips, p), p)
print(rotations(9, 100), attempt(rotations, 1, 3))
print(attempt(rotations, 0, 1))

# Every kind of bound, with different and the same lists.
seen = {}
for low in BOUNDS:
    for high in BOUNDS:
        for start in BOUNDS:
            for f in (move, move_back):
                a, b = list("abcdef"), ["u", 1, 2.5, None, (), 2**90]
                f(a, low, high, b, start, None)
                f(a, low, high, b, start, 2)
                c = list(range(6))
                f(c, low, high, c, start, None)
                d = list(range(6))
                f(d, low, high, d, start, 1)
                key = f.__name__, len(a), len(c), len(d)
                checksum = sum(i * (x + 1) for i, x in enumerate(c + d))
                checksum += sum(i * len(str(x)) for i, x in enumerate(a))
                seen[key] = seen.get(key, 0) * 3 % 1_000_003 + checksum
for key in sorted(seen):
    print(*key, seen[key])

# Steps.
for step in (1, 2, 3, -1, -2, -3, True, 2**70, -(2**70)):
    a = list(range(10))
    move_step(a, 2, 5, a, 1, 9, step)
    b = list(range(10))
    move_step(b, 2, 5, b, 8, None, step)
    print(step, a, b)
print(attempt(move_step, [1, 2], 0, 1, [3], 0, 1, 0))
print(attempt(move_step, [1, 2], 0, 1, [3], 0, 1, "x"))
print(attempt(move_step, [1, 2], 0, 1, [3], 0, 1, 1.0))

# Every length, in place and from list to list, within what stays as it is.
for n in range(24):
    for low in (0, 1, n // 2):
        a = list(range(n))
        b = list(a)
        move_back(a, low, n - 1, a, n - 2 if n > 1 else 0, low - 1 if low else None)
        b[low : n - 1] = list(b)[n - 2 if n > 1 else 0 : low - 1 if low else None : -1]
        c = [-1] * n
        move(c, low, n, a, 0, n - low)
        d = list(a)
        move(d, 0, n - low, d, low, n)
        print(n, low, a == b, a[:4], c[-3:], d[:4])

# What is computed between is used behind, and what is made is used again.
print(move_and_count([0] * 6, 3, list("abcdef")))
print(kept([0] * 4, 2, [7, 8, 9]), in_loop([0] * 6, 2, [7, 8, 9]))

# Other sequences.
for source in ("xyz", (7, 8, 9), b"xyz", range(3), Log([7, 8, 9]), bytearray(b"xyz")):
    a = list(range(6))
    print(attempt(move, a, 1, 4, source, 0, 3), a, attempt(move_back, a, 0, 2, source, None, None), a)
for target in ((1, 2), "xy", bytearray(b"abcd"), Log([1, 2, 3]), {}, None, 7):
    print(attempt(move, target, 0, 2, [65, 66, 67], 0, 2), target)
    print(attempt(move, [1, 2, 3], 0, 2, target, 0, 2))

# `__index__` and `__add__` with effects; the part is taken before the target's bounds are computed.
a = list(range(6))
print(attempt(move, a, Index(0), Index(2), a, Index(4), Index(6)), a)
a = list(range(4))
print(attempt(move, a, Index(0, a), Index(2, a), a, Index(1, a), Index(4, a)), a)
a = [0, 1, 2, 3]
add_in_between(a, Number(2, a))
print(a)
a = [0, 1, 2, 3]
print(attempt(add_in_between, a, "x"), attempt(add_in_between, a, 1.0), attempt(add_in_between, a, None), a)
print(where(add_in_between, a, "x"), where(add_in_between, 5, 1), where(add_in_between, (5, 6), 1))
big = 2**49 - 1
print(attempt(add_in_between, a, big), a, attempt(add_in_between, a, -big - 1), a)

turn_global(3)
print(shared)
shared = list("global")
turn_global(3)
print(shared)
shared = tuple(shared)
print(attempt(turn_global, 3))
p = Plain(list("attribute"))
p.turn(4)
print(p.items)

# Old lists and young items.
old = [None] * 100
for i in range(3000):
    old[i % 100] = [i, str(i)]
    old[10:60] = old[59:9:-1]
    old[0:30] = old[40:70]
    old.insert(i % 7, old.pop(50))
    young = [[j] for j in range(20)]
    old[5:25] = young[19::-1]
    old[30:40] = young[10:]
print(len(old), old[5:8], old[30:33], old[50:54], sum(len(x) for x in old))

# Traced, it is done in the same order.
lines = []


def tracer(frame, event, argument):
    if frame.f_code.co_name in ("flips", "move"):
        lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
print(flips([2, 0, 1]))
move(a, 0, 1, a, 1, 2)
sys.settrace(None)
print(lines, a)


# ---- the beginning of a list, turned around: whatever the bounds are
def start_back(items, high, last):
    items[:high] = items[last::-1]


def turned(n, high, last):
    items = list(range(n))
    try:
        start_back(items, high, last)
    except Exception as e:
        return type(e).__name__, str(e), items
    return items


every = [turned(n, high, last) for n in range(14) for high in range(-16, 17) for last in range(-16, 17)]
print(len(every), sum(k * v for row in every for k, v in enumerate(row)), sum(map(len, every)))
odd = [None, True, False, 2**48, -(2**70), 1.0, "a", [1]]
for high in odd:
    print([turned(3, high, last) for last in odd])
print([turned(n, n, n - 1) == list(range(n))[::-1] for n in range(40)].count(True), turned(20, 10, 9), turned(20, 11, 10))


# Lists without items, of which some have no room for any.
def whole(items, high):
    items[:high] = items[::-1]
    return items


print([whole(list(range(n)), n) for n in range(9)], [turned(0, high, last) for high in odd[:5] for last in odd[:5]])
for _ in range(300):
    whole([1, 2, 3], 3)
emptied = [1]
emptied.pop()
print(whole(emptied, 0), whole([], 0), whole(list(range(0)), 0), whole([], None), turned(0, None, None))


class Sub(list):
    pass


for kind in (Sub, bytearray, tuple, list):
    try:
        items = kind([1, 2, 3])
        start_back(items, 2, 1)
        print(type(items).__name__, list(items))
    except TypeError as e:
        print(e)
