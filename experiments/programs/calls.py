"""Calls: positional, by keyword, with defaults, starred, of methods and of callables, deep and mutual recursion.

A small functional evaluator walks expressions, and a game is solved by plain recursion.
"""


class Counter:
    def __init__(self, step=1):
        self.total = 0
        self.step = step

    def __call__(self, amount, *, scale=1):
        self.total += amount * scale * self.step
        return self

    def add(self, amount=1):
        self.total += amount
        return self

    @classmethod
    def doubling(cls):
        return cls(step=2)

    @staticmethod
    def clamp(value, low=0, high=1 << 20):
        return low if value < low else high if value > high else value


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def takeuchi(x, y, z):
    if y >= x:
        return z
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y))


def wins(piles):
    """Whether who moves wins at taking one or two from one of the piles, or one from each."""
    if not any(piles):
        return False
    for index, pile in enumerate(piles):
        for taken in (1, 2):
            if pile >= taken and not wins(piles[:index] + (pile - taken,) + piles[index + 1:]):
                return True
    return all(piles) and not wins(tuple([pile - 1 for pile in piles]))


def evaluate(expression, variables):
    kind = expression[0]
    if kind == "number":
        return expression[1]
    if kind == "name":
        return variables[expression[1]]
    if kind == "call":
        return OPERATIONS[expression[1]](*[evaluate(operand, variables) for operand in expression[2:]])
    return evaluate(expression[2] if evaluate(expression[1], variables) else expression[3], variables)


def weighted(a, b=3, *rest, factor=1, **named):
    return a * factor + b + sum(rest) + sum(named.values())


OPERATIONS = {
    "add": lambda a, b: (a + b) % 1000003,
    "mul": lambda a, b: (a * b) % 1000003,
    "less": lambda a, b: a < b,
    "weighted": lambda a, b: weighted(a, *(b, 1), factor=2, c=b % 7),
}


def expression(depth):
    if depth == 0:
        return ("name", "x") if depth % 2 else ("number", 7)
    smaller = expression(depth - 1)
    return ("if", ("call", "less", smaller, ("name", "x")), ("call", "add", smaller, ("name", "x")),
            ("call", "weighted", smaller, ("call", "mul", ("name", "x"), ("number", depth))))


def run(n):
    counter = Counter()
    double = Counter.doubling()
    tree = expression(5)
    checksum = 0
    for i in range(n):
        counter(i, scale=2).add().add(amount=i % 5)
        double(i)(1, scale=Counter.clamp(i, high=50))
        checksum = (checksum * 31 + evaluate(tree, {"x": i}) + is_even(100 + i % 3)) % 1000000007
        checksum += weighted(i) + weighted(i, 1, 2, 3) + weighted(*(i, 2), **{"factor": 3, "k": i})
    checksum += takeuchi(12 + n % 3, 8, 4) * 7 + sum([wins((a, 3, 4)) for a in range(5)])
    return (checksum + counter.total * 3 + double.total) % 1000000007
