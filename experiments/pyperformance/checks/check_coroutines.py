"""Coroutines: the result that arrives as `StopIteration.value`."""

SHAPE = {"small": (14, 2), "normal": (25, 25)}


def check(benchmark, size):
    n, loops = SHAPE[size]
    results = []
    for _ in range(loops):
        coroutine = benchmark.fibonacci(n)
        try:
            while True:
                coroutine.send(None)
        except StopIteration as stop:
            results.append(stop.value)
    return [("fibonacci", results)]
