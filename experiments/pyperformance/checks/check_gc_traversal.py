"""Nested lists: the length at each level, that all items of a level are one object, before and after collections."""

SHAPE = {"small": (60, 2), "normal": (1000, 20)}


def check(benchmark, size):
    levels, collections = SHAPE[size]
    outer = benchmark.create_recursive_containers(levels)
    before = shape(outer)
    for _ in range(collections):
        benchmark.gc.collect()
    return [("shape", before), ("collected", shape(outer))]


def shape(level):
    lengths = []
    while level:
        lengths.append((len(level), all([item is level[0] for item in level])))
        level = level[0]
    return lengths
