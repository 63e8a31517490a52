"""Closures: parsers out of combinators, memoizing decorators, counters over cells, functions that make functions.

An arithmetic language is parsed by combinators and compiled to closures, which are then executed.
"""

import functools


def literal(text):
    size = len(text)
    return lambda source, at: (text, at + size) if source.startswith(text, at) else None


def satisfying(test):
    def parse(source, at):
        if at < len(source) and test(source[at]):
            return source[at], at + 1
        return None

    return parse


def mapped(parser, change):
    def parse(source, at):
        found = parser(source, at)
        return found and (change(found[0]), found[1])

    return parse


def sequence(*parsers):
    def parse(source, at):
        values = []
        for parser in parsers:
            found = parser(source, at)
            if found is None:
                return None
            value, at = found
            values.append(value)
        return values, at

    return parse


def choice(*parsers):
    def parse(source, at):
        for parser in parsers:
            found = parser(source, at)
            if found is not None:
                return found
        return None

    return parse


def many(parser, least=0):
    def parse(source, at):
        values = []
        while (found := parser(source, at)) is not None:
            values.append(found[0])
            at = found[1]
        return (values, at) if len(values) >= least else None

    return parse


def late(name):
    """A parser that is not there yet."""
    return lambda source, at: grammar[name](source, at)


def fold(parts):
    first, rest = parts
    for operator, second in rest:
        first = OPERATORS[operator](first, second)
    return first


OPERATORS = {
    "+": lambda f, g: lambda x: f(x) + g(x),
    "-": lambda f, g: lambda x: f(x) - g(x),
    "*": lambda f, g: lambda x: f(x) * g(x) % 1000003,
    "%": lambda f, g: lambda x: f(x) % (abs(g(x)) + 1),
}


def make_grammar():
    digit = satisfying(str.isdigit)
    number = mapped(many(digit, 1), lambda digits: (lambda value: lambda x: value)(int("".join(digits))))
    name = mapped(literal("x"), lambda _: lambda x: x)
    inner = mapped(sequence(literal("("), late("sum"), literal(")")), lambda parts: parts[1])
    atom = choice(number, name, inner)
    product = mapped(sequence(atom, many(sequence(choice(literal("*"), literal("%")), atom))), fold)
    total = mapped(sequence(product, many(sequence(choice(literal("+"), literal("-")), product))), fold)
    return {"sum": total}


grammar = make_grammar()


def memoized(function):
    known = {}

    @functools.wraps(function)
    def remembered(*arguments):
        nonlocal misses
        if arguments not in known:
            misses += 1
            known[arguments] = function(*arguments)
        return known[arguments]

    misses = 0
    remembered.misses = lambda: misses
    return remembered


def account(balance):
    history = []

    def deposit(amount):
        nonlocal balance
        balance += amount
        history.append(amount)
        return balance

    def withdraw(amount):
        nonlocal balance
        if amount <= balance:
            balance -= amount
            history.append(-amount)
        return balance

    return deposit, withdraw, lambda: (balance, sum(history), len(history))


def composed(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


SOURCES = ["x", "1+x*2", "(x+3)*(x-4)%97", "((x*x+17)*(x+1)-(x%5))*3", "2*(3+(4*(5+(6*x))))%1000-x"]


def run(n):
    checksum = 0
    compiled = []
    for turn in range(max(1, n // 20)):
        compiled = [grammar["sum"](source, 0) for source in SOURCES]
    for function, end in compiled:
        checksum = checksum * 7 + end
        for x in range(n):
            checksum = (checksum * 3 + function(x)) % 1000000007

    @memoized
    def ways(total, largest):
        if total == 0:
            return 1
        return sum([ways(total - part, part) for part in range(1, min(total, largest) + 1)])

    checksum += ways(30 + n // 100, 12) + ways.misses()
    deposit, withdraw, state = account(100)
    steps = composed(*[(lambda step: lambda x: (x * step + 1) % 65521)(step) for step in range(2, 12)])
    for x in range(n):
        checksum = (checksum + steps(x) + deposit(x % 13) + withdraw(x % 17)) % 1000000007
    return checksum + sum(state())
