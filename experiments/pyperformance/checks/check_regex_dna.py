"""Regular expressions on DNA: the sequence, the matches of each pattern, and lengths before and after replacing."""

LENGTH = {"small": 300, "normal": 60000}


def check(benchmark, size):
    sequence = benchmark.init_benchmarks(LENGTH[size], benchmark.DEFAULT_RNG_SEED)
    replaced = sequence
    for pattern, text in benchmark.SUBST:
        replaced = benchmark.re.sub(pattern, text, replaced)
    return [("init_benchmarks", sequence[:40000]), ("run_benchmarks", benchmark.run_benchmarks(sequence)),
            ("sub", replaced[-40000:])]
