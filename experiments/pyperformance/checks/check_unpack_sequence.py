"""Unpacking: how many items a sequence of another type is asked for, and what wrong lengths raise.

The benchmark's own function computes nothing but its time; it runs on a tuple and a list as the benchmark does.
"""

LOOPS = {"small": 10, "normal": 60000}


class Counting:
    """Ten items, each counted as it is handed out."""

    def __init__(self):
        self.iterations = self.items = 0

    def __iter__(self):
        self.iterations += 1
        for item in range(10):
            self.items += 1
            yield item


def raised(benchmark, items):
    try:
        benchmark.do_unpacking(1, items)
    except (TypeError, ValueError) as error:
        return (type(error).__name__, str(error))


def check(benchmark, size):
    types = [type(benchmark.bench_tuple_unpacking(LOOPS[size])).__name__,
             type(benchmark.bench_list_unpacking(LOOPS[size])).__name__]
    counting = Counting()
    benchmark.do_unpacking(2, counting)
    return [("do_unpacking", types), ("counting", (counting.iterations, counting.items)),
            ("short", raised(benchmark, (1, 2, 3))), ("long", raised(benchmark, list(range(11)))),
            ("long.iterator", raised(benchmark, range(11))), ("not.iterable", raised(benchmark, 7))]
