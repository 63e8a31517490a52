"""Telco: the price of every call, and the sums that follow from them."""

LOOPS = {"small": 1, "normal": 80}


def check(benchmark, size):
    printed = []

    class Recorded(benchmark.io.StringIO):
        def truncate(self, *position):
            printed.append(self.getvalue() if self.tell() == 0 else None)
            return super().truncate(*position)

    class Library:
        BytesIO, StringIO = benchmark.io.BytesIO, Recorded

    benchmark.io = Library
    benchmark.bench_telco(LOOPS[size], benchmark.rel_path("data", "telco-bench.b"))
    lines = printed[-1].splitlines()
    total = sum([benchmark.Decimal(line) for line in lines], benchmark.Decimal(0))
    return [("prices", lines), ("sum", str(total)), ("loops", len(printed)), ("same", len(set(printed)))]
