"""Async generators: the values that the tree yields."""

import pyperf

SHAPE = {"small": (500, 1), "normal": (100000, 2)}


async def collect(tree):
    return [value async for value in tree]


def check(benchmark, size):
    count, loops = SHAPE[size]
    if size == "normal":
        for _ in range(loops - 1):
            pyperf.run_coroutine(benchmark.bench_async_generators())
    values = pyperf.run_coroutine(collect(benchmark.tree(range(count))))
    return [("tree", values), ("sum", sum(values))]
