"""Allocation: many small objects that die young: numbers as objects, immutable points, lists of lists, terms.

Fractions are added, a polynomial is differentiated as terms and simplified, points are moved, all without changing
anything in place.
"""


class Fraction:
    __slots__ = ("over", "under")

    def __init__(self, over, under):
        a, b = over, under
        while b:
            a, b = b, a % b
        self.over = over // a
        self.under = under // a

    def plus(self, other):
        return Fraction(self.over * other.under + other.over * self.under, self.under * other.under)

    def times(self, other):
        return Fraction(self.over * other.over, self.under * other.under)


class Point:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def moved(self, other):
        return Point(self.x + other.x, self.y + other.y, self.z + other.z)

    def turned(self):
        return Point(self.z, self.x, -self.y)

    def scaled(self, factor):
        return Point(self.x * factor, self.y * factor, self.z * factor)


class Term:
    def __init__(self, kind, *parts):
        self.kind = kind
        self.parts = parts


def number(value):
    return Term("number", value)


X = Term("x")


def plus(a, b):
    return Term("plus", a, b)


def times(a, b):
    return Term("times", a, b)


def derived(term):
    if term.kind == "number":
        return number(0)
    if term.kind == "x":
        return number(1)
    a, b = term.parts
    if term.kind == "plus":
        return plus(derived(a), derived(b))
    return plus(times(derived(a), b), times(a, derived(b)))


def simplified(term):
    if term.kind in ("number", "x"):
        return term
    a, b = simplified(term.parts[0]), simplified(term.parts[1])
    if a.kind == "number" and b.kind == "number":
        left, right = a.parts[0], b.parts[0]
        return number(left + right if term.kind == "plus" else left * right)
    if term.kind == "plus":
        if a.kind == "number" and a.parts[0] == 0:
            return b
        if b.kind == "number" and b.parts[0] == 0:
            return a
    else:
        for one, other in ((a, b), (b, a)):
            if one.kind == "number" and one.parts[0] in (0, 1):
                return one if one.parts[0] == 0 else other
    return Term(term.kind, a, b)


def value(term, x):
    if term.kind == "number":
        return term.parts[0]
    if term.kind == "x":
        return x
    a, b = value(term.parts[0], x), value(term.parts[1], x)
    return (a + b if term.kind == "plus" else a * b) % 1000003


def polynomial(degree):
    term = number(degree)
    for coefficient in range(degree):
        term = plus(times(term, X), number(coefficient))
    return term


def chain(count):
    """A list of pairs, made and turned round."""
    cells = None
    for index in range(count):
        cells = (index, cells)
    turned = None
    while cells is not None:
        turned = (cells[0], turned)
        cells = cells[1]
    total = 0
    while turned is not None:
        total = (total * 3 + turned[0]) % 1000003
        turned = turned[1]
    return total


def run(n):
    checksum = 0
    for turn in range(n):
        total = Fraction(0, 1)
        for under in range(1, 12):
            total = total.plus(Fraction(turn % 7 + 1, under)).times(Fraction(under, under + 1))
        checksum = (checksum * 31 + total.over + total.under) % 1000000007
        point = Point(turn, 1, 2)
        for _ in range(20):
            point = point.moved(point.turned()).scaled(3)
            point = Point(point.x % 1009, point.y % 1013, point.z % 1019)
        checksum += point.x + point.y * point.z
        rows = [[i * j for j in range(6)] for i in range(6)]
        checksum += sum([sum(row) for row in [list(column) for column in zip(*rows)]])
        if turn % 10 == 0:
            term = polynomial(8)
            for _ in range(2):
                term = simplified(derived(term))
            checksum += value(term, turn) + chain(200)
    return checksum % 1000000007
