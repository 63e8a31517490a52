"""Factorials as decimals: the digits, and the flags that the context has raised."""

NUMBERS = {"small": (0, 1, 20, 300), "normal": (100, 30000)}


def check(benchmark, size):
    decimal = benchmark.decimal
    context = decimal.getcontext()
    context.prec, context.Emax, context.Emin = decimal.MAX_PREC, decimal.MAX_EMAX, decimal.MIN_EMIN
    context.clear_flags()
    digits = [str(benchmark.factorial(decimal.Decimal(n), 0)) for n in NUMBERS[size]]
    return [("factorial", digits), ("flags", sorted([flag.__name__ for flag, set in context.flags.items() if set]))]
