"""Special methods: arithmetic, comparison, indexing, iteration, truth, hashing and formatting of classes of one's own.

Polynomials and matrices over a field of residues; intervals as members of sets and keys of dicts.
"""

import functools

P = 10007


@functools.total_ordering
class Residue:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value % P

    def __add__(self, other):
        if isinstance(other, Residue):
            return Residue(self.value + other.value)
        if isinstance(other, int):
            return Residue(self.value + other)
        return NotImplemented

    __radd__ = __add__

    def __neg__(self):
        return Residue(-self.value)

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        if isinstance(other, Residue):
            return Residue(self.value * other.value)
        if isinstance(other, int):
            return Residue(self.value * other)
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, exponent):
        return Residue(pow(self.value, exponent, P))

    def __truediv__(self, other):
        return self * other ** (P - 2)

    def __eq__(self, other):
        return isinstance(other, Residue) and self.value == other.value

    def __lt__(self, other):
        return self.value < other.value

    def __hash__(self):
        return self.value * 31 + 7

    def __bool__(self):
        return self.value != 0

    def __repr__(self):
        return f"<{self.value}>"


class Polynomial:
    def __init__(self, coefficients):
        self.coefficients = list(coefficients)
        while self.coefficients and not self.coefficients[-1]:
            self.coefficients.pop()

    def __len__(self):
        return len(self.coefficients)

    def __iter__(self):
        return iter(self.coefficients)

    def __getitem__(self, power):
        return self.coefficients[power] if power < len(self.coefficients) else Residue(0)

    def __call__(self, x):
        total = Residue(0)
        for coefficient in reversed(self.coefficients):
            total = total * x + coefficient
        return total

    def __add__(self, other):
        return Polynomial([self[power] + other[power] for power in range(max(len(self), len(other)))])

    def __mul__(self, other):
        if isinstance(other, Polynomial):
            out = [Residue(0)] * max(0, len(self) + len(other) - 1)
            for i, a in enumerate(self):
                for j, b in enumerate(other):
                    out[i + j] += a * b
            return Polynomial(out)
        return Polynomial([a * other for a in self])

    def __mod__(self, other):
        rest = list(self)
        lead = other[len(other) - 1]
        while len(rest) >= len(other):
            factor = rest[-1] / lead
            for index, b in enumerate(other):
                rest[len(rest) - len(other) + index] -= factor * b
            rest.pop()
        return Polynomial(rest)

    def __contains__(self, coefficient):
        return coefficient in self.coefficients

    def __eq__(self, other):
        return self.coefficients == other.coefficients

    def __format__(self, spec):
        return spec.join([str(c.value) for c in self])


class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __getitem__(self, place):
        y, x = place
        return self.rows[y][x]

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum([a * b for a, b in zip(row, column)], Residue(0)) for column in columns] for row in self.rows])

    def __imatmul__(self, other):
        self.rows = (self @ other).rows
        return self


class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __and__(self, other):
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def __or__(self, other):
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def __bool__(self):
        return self.low < self.high

    def __contains__(self, number):
        return self.low <= number < self.high

    def __hash__(self):
        return hash((self.low, self.high))

    def __eq__(self, other):
        return (self.low, self.high) == (other.low, other.high)


def run(n):
    checksum = 0
    a = Polynomial([Residue(i * i + 1) for i in range(9)])
    b = Polynomial([Residue(3 * i + 2) for i in range(4)])
    step = Matrix([[Residue(i * j + 1) for j in range(4)] for i in range(4)])
    product = Matrix([[Residue(int(i == j)) for j in range(4)] for i in range(4)])
    known = {}
    for turn in range(n):
        a = (a * b + Polynomial([Residue(turn)])) % Polynomial([Residue(c) for c in (1, 2, 0, 5, 0, 1, 0, 0, 1, 3)])
        assert (a + b)(Residue(turn)) == a(Residue(turn)) + b(Residue(turn))
        product @= step
        checksum = (checksum * 31 + a(Residue(turn)).value + product[turn % 4, turn // 4 % 4].value) % 1000000007
        checksum += len(f"{a:,}") + (Residue(5) in a) + (max(a) > 5000 - Residue(turn))
        interval = Interval(turn % 13, turn % 29)
        overlap = interval & Interval(5, 20)
        if overlap:
            known[overlap] = known.get(overlap, 0) + 1
        checksum += (turn % 11 in (interval | overlap)) + len({Residue(turn), Residue(turn + P), 1 - Residue(turn)})
    return (checksum + sum([(key.high - key.low) * count for key, count in known.items()])) % 1000000007
