"""Writes tests/it/expected.txt: run with CPython 3.12 from the crate's folder:

    python3.12 tools/oracle.py > tests/it/expected.txt

A line is: what, its input, `=`, what CPython gives. Inputs that are long come from the generator below, which the tests
have too.
"""

import os
import random
import subprocess
import sys

assert sys.version_info[:2] == (3, 12)


class Lcg:
    """Knuth's MMIX constants; the upper 31 bits."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self, below):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % below


def digest(numbers):
    """FNV-1a over whole numbers."""
    value = 0xCBF29CE484222325
    for number in numbers:
        value = ((value ^ number) * 0x100000001B3) % 2**64
    return f"{value:016x}"


STRINGS = ["", "a", "abcdefg", "abcdefgh", "abcdefghi", "\xe9t\xe9" * 5, "\u0416", "\u0416a\u20ac", "\u0416a\u20ac!",
           "\ud800x\u1234yz", "\U0001f600", "\U0001f600a", "x\U0001f600a" * 7, "0123456789abcdef" * 20]


def show_strings():
    for text in STRINGS:
        print(hash(text))


def strings():
    for seed in (0, 1, 42, 123456789, 4294967295):
        out = subprocess.run([sys.executable, __file__, "strings"], env=os.environ | {"PYTHONHASHSEED": str(seed)},
                             capture_output=True, text=True, check=True).stdout.split()
        for text, value in zip(STRINGS, out, strict=True):
            print("str", seed, ",".join(str(ord(c)) for c in text), "=", value)


def hashes():
    for items in [(), (0,), (1, 2), (1, -2, 3), tuple(range(100)), (2**60, -2**60), ((1, 2), (3,))]:
        lanes = ",".join(str(hash(item)) for item in items)
        print("tuple", lanes, "=", hash(items))
        print("frozenset", lanes, "=", hash(frozenset(items)))


def mersenne():
    for seed in (0, 1, 42, 2**32, 2**64 - 1, -12345678901234567890123, 7**2500):
        made = random.Random(seed)
        words, magnitude = [], abs(seed)
        while magnitude:
            words.append(str(magnitude % 2**32))
            magnitude >>= 32
        given = [made.random().hex() for _ in range(3)]
        given += [str(made.getrandbits(bits)) for bits in (0, 1, 31, 32, 33, 64, 65, 100)]
        given.append(digest(made.getrandbits(32) for _ in range(2000)))
        version, state, gauss = made.getstate()
        given += [digest(state[:-1]), str(state[-1])]
        print("mt", ",".join(words), "=", *given)


def inputs(kind, length, next):
    match kind:
        case "random":
            return [next(1000000) for _ in range(length)]
        case "few":
            return [next(4) for _ in range(length)]
        case "ascending":
            made = list(range(length))
        case "descending":
            made = list(range(length, 0, -1))
        case "saw":
            made = [i % (length // 5 + 1) for i in range(length)]
        case "blocks":
            made = [(i // 50 * 7919) % 1000 + i % 50 for i in range(length)]
    for _ in range(length // 40):
        made[next(length)] = next(length)
    return made


class Broken(Exception):
    pass


def sorts():
    # What is compared is logged by place in the input, so equal items are told apart.
    log, limit = [], None

    class Item:
        def __init__(self, place, value):
            self.place, self.value = place, value

        def __lt__(self, other):
            if limit is not None and len(log) // 2 >= limit:
                raise Broken
            log.extend((self.place, other.place))
            if kind == "wild":
                return (self.value * 31 + other.value * 17) % 3 == 0
            return self.value < other.value

    for kind in ("random", "few", "ascending", "descending", "saw", "blocks", "wild"):
        for length in (0, 1, 2, 3, 10, 31, 32, 63, 64, 65, 100, 127, 200, 500, 1000, 3001):
            values = inputs("few" if kind == "wild" else kind, length, Lcg(length))
            for fraction in (None, 2):
                limit = None
                if fraction:
                    limit = count // fraction
                items = [Item(place, value) for place, value in enumerate(values)]
                log.clear()
                try:
                    items.sort()
                except Broken:
                    pass
                count = len(log) // 2
                print("sort", kind, length, -1 if limit is None else limit, "=", count, digest(log),
                      digest(item.place for item in items))


def sets():
    for case in range(40):
        next = Lcg(case)
        # Kinds of keys: dense, spread, and colliding in the low bits.
        scale, span = [(1, 2000), (1, 40), (7919 * 65536, 500), (64, 300)][case % 4]
        made = set()
        for _ in range([20, 200, 3000][case % 3]):
            key = (next(span) - span // 4) * scale
            match next(20):
                case 0 if made:
                    made.pop()
                case 1 | 2 | 3 | 4 | 5:
                    made.discard(key)
                case 6 if case % 5 == 0:
                    made |= {key + scale * i for i in range(next(30))}
                case 7 if case % 7 == 0:
                    made -= {key + scale * i for i in range(next(30))}
                case 8 if case % 8 == 0:
                    made = made.copy()
                case _:
                    made.add(key)
        print("set", case, "=", len(made), digest(key % 2**64 for key in made), sys.getsizeof(made))


def dicts():
    for case in range(30):
        next = Lcg(case)
        made = {}
        for _ in range([5, 30, 400, 3000][case % 4]):
            key = next(1000 if case % 3 else 60000)
            if next(4) == 0:
                made.pop(key, None)
            else:
                made[key] = None
        print("dict", case, "=", len(made), sys.getsizeof(made))
    for count in range(1, 16):
        display = eval("{" + ",".join(f"{key}: 0" for key in range(count)) + "}")
        print("display", count, "=", sys.getsizeof(display))


if sys.argv[1:] == ["strings"]:
    show_strings()
else:
    strings()
    hashes()
    mersenne()
    sorts()
    sets()
    dicts()
