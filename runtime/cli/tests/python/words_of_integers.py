"""Integers beyond the small ones that fit a machine word, as compiled code keeps them: around every limit, through calls, containers,
exceptions, generators and back."""

SMALL = 2**49
WORD = 2**63


def sum_of_squares(n):
    s = 0
    for i in range(n):
        s += i * i * 1000003
    return s


def generator_of(seed, n):
    s = seed
    for i in range(n):
        s = (s * 1103515245 + 12345) & 0x7FFFFFFF
    return s


def grow(x, n):
    """Leaves words in the middle of the loop."""
    for i in range(n):
        x = x * 3 + 1
    return x


def shrink(x):
    n = 0
    while x:
        x //= 7
        n += 1
    return n


def signs(n):
    a, b = SMALL * 5, -SMALL * 3
    out = 0
    for i in range(1, n):
        a, b = b - i, a + i
        out ^= a % 1000 + b % -1000 + a // 77 + b // -77 + (a >> 3) + (b >> 60) - (-a) + ~b
    return out, a, b


def shifts(n):
    out = 0
    for i in range(n):
        k = i % 70
        x = (i + 3) << k
        out = (out + (x >> (k // 2))) % (WORD - 25)
    return out


def compare(n):
    low, high, equal = -WORD + 1, WORD - 1, 0
    x = 0
    for i in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) % WORD
        if x < high:
            high = x
        if x > low:
            low = x
        equal += x == high
        equal += 2 * (x != low)
    return low, high, equal


def stored(n):
    items, mapping = [], {}
    s = SMALL
    for i in range(n):
        s += SMALL // 3
        items.append(s)
        mapping[s] = i
        if s in mapping and items[-1] == s:
            mapping[s] += 1
    return sum(items), len(mapping), items[n // 2], mapping[items[n // 3]]


class Counter:
    def __init__(self):
        self.total = SMALL - 10

    def add(self, x):
        self.total = self.total + x * x
        return self.total


def attributes(n):
    c = Counter()
    last = 0
    for i in range(n):
        last = c.add(i * 1000)
    return c.total, last


def square(x):
    return x * x


def inlined(n):
    s = 0
    for i in range(n):
        s = s + square(i + 40_000_000) % 10_000_000_007
        s = s - square(i)
    return s


def overflow_in_callee(n):
    s = 0
    for i in range(n):
        s += square(3_000_000_000 + i)  # no word: 9e18
        s %= WORD - 1
    return s


def caught(n):
    s = SMALL * 4
    bad = 0
    for i in range(n):
        s += 12345678901
        try:
            if i % 50 == 49:
                raise ValueError(s)
            s ^= 1 << 55
            s // (i % 37)
        except ValueError as e:
            bad += e.args[0] % 1000
        except ZeroDivisionError:
            bad += s % 77
    return s, bad


def produced(n):
    s = SMALL
    for i in range(n):
        s += s % 1000003 + SMALL
        yield s
        s -= i


def consumed(n):
    t = 0
    for x in produced(n):
        t = (t + x) % (SMALL * 64 - 1)
    return t


def entered(s, n):
    """Enters a loop with a word, a small integer, and what is none."""
    for i in range(n):
        s = s + i * 4_000_000_000
    return s


def closed(n):
    s = SMALL

    def add(x):
        nonlocal s
        s += x
        return s

    for i in range(n):
        add(i * 3_000_000_000)
    return s


def truths(n):
    x = SMALL * 2
    count = 0
    for i in range(n):
        x = x + 1 if x & 1 else x - SMALL if x > SMALL * 3 else x + SMALL
        if x:
            count += 1
        if not (x - x):
            count += 2
        while x > SMALL * 4 and count:
            x -= SMALL
    return x, count


def mixed(n):
    s = SMALL
    for i in range(n):
        s = s + 0.5 if i % 40 == 39 else int(s) + SMALL
    return s


def same(n):
    s = SMALL
    kept = 0
    for i in range(n):
        s = s + SMALL
        t = s
        if t is s:
            kept += 1
        if [t][0] == s and (t,) == (s,) and {t: 1}[s]:
            kept += 1
    return kept


def least(n):
    """The smallest word is a magnitude that is none."""
    x = -WORD + n
    for i in range(n + 2):
        x -= 1
    return x, -x, abs(x), x // -1, ~x


def seen_by_frames(n):
    import sys
    s, total = SMALL, 0
    for i in range(n):
        s += SMALL + i
        if i % 97 == 0:
            total += sys._getframe().f_locals["s"] % 1009
    return s, total


def powers(n):
    t = 0
    for i in range(n):
        t += (i * 20_000_011) ** 2 % 1_000_000_009
        t -= i**3
    return t


N = 400
for f in (sum_of_squares, signs, shifts, compare, stored, attributes, inlined, overflow_in_callee, caught, consumed, closed, truths,
          mixed, same, least, seen_by_frames, powers):
    print(f.__name__, f(N), f(N // 2), f(N))
for seed in (1, 12345, 2**31 - 1):
    print(generator_of(seed, N))
for x in (1, -1, SMALL, -SMALL, WORD - 1, -WORD + 1, WORD, 2**100):
    print(grow(x, 60), shrink(abs(x)), shrink(abs(x) * 7))
for s in (0, SMALL - 1, SMALL, -SMALL, -SMALL - 1, WORD - 5, 2**70, -(2**63), True, 1.5):
    print(entered(s, N), entered(s, 3))
try:
    entered("a", N)
except TypeError as e:
    print(e)
