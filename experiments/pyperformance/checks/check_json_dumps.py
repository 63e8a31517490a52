"""json.dumps: the text of each case."""

CASES = {"small": ["EMPTY", "SIMPLE", "NESTED"], "normal": ["EMPTY", "SIMPLE", "NESTED", "HUGE"]}


def check(benchmark, size):
    observations = []
    for case in CASES[size]:
        value, count = getattr(benchmark, case)
        if size == "normal":
            benchmark.bench_json_dumps([(value, range(count))])
        observations.append((case, benchmark.json.dumps(value)))
    return observations
