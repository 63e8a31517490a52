# Equality of plain instances, which is identity, and items by a `__getitem__` in Python, where they are compiled.
ROUNDS = 400


def warm(f, *args):
    for _ in range(ROUNDS):
        f(*args)


class Plain:
    pass


class Other:
    pass


class Equal:
    def __eq__(self, other):
        return "Equal"


class Unequal:
    def __ne__(self, other):
        return "Unequal"


class Derived(Plain):
    def __eq__(self, other):
        return f"Derived {type(other).__name__}"


def equal(a, b):
    return a == b, a != b


def branch(a, b):
    return ("==" if a == b else "not ==") + (" !=" if a != b else " not !=")


a, b, c = Plain(), Plain(), Other()
OPERANDS = [a, b, c, Equal(), Unequal(), Derived(), None, 1, 1.5, "text", True, 2 ** 70, (), Plain]
for usual in [(a, a), (a, b), (a, c), (a, None), (None, a), (a, 1), (Equal(), a), (a, Derived()), (a, Unequal()), (a, "text")]:
    for f in equal, branch:
        warm(f, *usual)
        print([f(x, y) for x in OPERANDS for y in OPERANDS])


class Changes:
    pass


x, y = Changes(), Changes()


def compared():
    return x == y, x != y, x == x, x == None


warm(compared)
print(compared())
Changes.__eq__ = lambda self, other: "changed"
print(compared())
del Changes.__eq__
print(compared())
Changes.__ne__ = lambda self, other: "unlike"
print(compared())
del Changes.__ne__
x.__class__ = Equal
print(compared())
x.__class__ = Changes
x.__eq__ = lambda other: "own"
print(compared())


class Grid:
    def __init__(self, cells):
        self.cells = cells

    def __getitem__(self, at):
        x, y = at
        return self.cells[y][x]


class Row:
    def __getitem__(self, i):
        if i > 5:
            raise IndexError(i)
        return i * 2


class Defaults:
    def __getitem__(self, i, more=7):
        return i, more


class Starred:
    def __getitem__(self, *args):
        return args


class Static:
    @staticmethod
    def __getitem__(i):
        return "static", i


class Generates:
    def __getitem__(self, i):
        yield i


def item(o, i):
    return o[i]


def constant(o):
    return o[3]


def shown(f, *args):
    try:
        r = f(*args)
        return list(r) if type(r).__name__ == "generator" else r
    except Exception as e:
        return f"{type(e).__name__}: {e}"


grid = Grid([[1, 2], [3, 4]])
CONTAINERS = [(grid, (1, 0)), (grid, (0, 1)), (grid, 5), (grid, (7, 7)), (Row(), 2), (Row(), 9), (Defaults(), 1), (Starred(), 1),
              (Static(), 1), (Generates(), 1), ([1, 2, 3], 1), ([1], 5), ({1: 2}, 1), ("abc", 1), (b"abc", 1), (5, 1), (list, int),
              ([1, 2, 3], slice(1, None)), ((1, 2), True)]
for usual in CONTAINERS[:3] + CONTAINERS[4:]:
    warm(shown, item, *usual)
    print([shown(item, *c) for c in CONTAINERS])
for o in Row(), [1, 2, 3, 4], {3: "three"}, Starred():
    warm(constant, o)
    print([shown(constant, c) for c in (Row(), [1, 2, 3, 4], {3: "three"}, Starred(), [], (), "abcd", Defaults())])

row = Row()


def of_row():
    return row[3]


warm(of_row)
print(of_row())
Row.__getitem__ = lambda self, i: ("replaced", i)
print(of_row())
replaced = Row.__getitem__
warm(of_row)
replaced.__code__ = (lambda self, i: ("recoded", i)).__code__
print(of_row())
replaced.__code__ = (lambda self, i, j=2: ("more", i, j)).__code__
print(shown(of_row))
replaced.__defaults__ = (4,)
print(shown(of_row))
del Row.__getitem__
print(shown(of_row))


def sums(row, n):
    total = 0
    for i in range(n):
        total += row[i]
    return total


class Raises:
    def __getitem__(self, i):
        if i == 300:
            raise KeyError(i)
        return i


print(shown(sums, Raises(), 300), shown(sums, Raises(), 301))
try:
    sums(Raises(), 301)
except KeyError as e:
    trace = e.__traceback__
    lines = []
    while trace:
        lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
        trace = trace.tb_next
    print(lines)
