"""Pi as a decimal: the digits at several precisions, and the flags that the context has raised."""

SHAPE = {"small": ((9, 19, 60), 1), "normal": ((9, 19, 100, 500), 400)}


def check(benchmark, size):
    precisions, loops = SHAPE[size]
    context = benchmark.decimal.getcontext()
    digits = []
    for precision in precisions:
        context.prec = precision
        for _ in range(loops):
            value = benchmark.pi_decimal()
        digits.append(str(value))
    return [("pi_decimal", digits), ("flags", sorted([flag.__name__ for flag, set in context.flags.items() if set]))]
