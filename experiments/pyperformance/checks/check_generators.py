"""Generators: the values that the tree yields, and an iteration that is broken off and closed."""

SHAPE = {"small": (2000, 2), "normal": (100000, 12)}


def check(benchmark, size):
    count, loops = SHAPE[size]
    tree = benchmark.tree(range(count))
    for _ in range(loops - 1):
        for _ in tree:
            pass
    values = list(tree)
    partial = iter(tree)
    first = [next(partial) for _ in range(20)]
    partial.close()
    return [("tree", values), ("sum", sum(values)), ("first", first), ("closed", next(partial, None))]
