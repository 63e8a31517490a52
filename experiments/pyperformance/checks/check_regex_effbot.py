"""The engine's old benchmarks: where each pattern matches and what its groups hold, on strings and on bytes."""

LENGTHS = {"small": (0, 5, 50), "normal": (0, 5, 50, 250, 1000, 5000)}


def check(benchmark, size):
    observations = []
    for name, benchmark.USE_BYTES in (("str", False), ("bytes", True)):
        found = []
        for regex, string in benchmark.init_benchmarks(LENGTHS[size]):
            match = benchmark.re.search(regex, string)
            groups = match and [match.span(index) for index in range(regex.groups + 1)]
            found.append((groups, match and match.lastindex))
        observations.append((name, found))
    if size == "normal":
        benchmark.USE_BYTES = False
        benchmark.bench_regex_effbot(3)
    return observations
