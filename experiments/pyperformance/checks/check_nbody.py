"""n-body: the energy before and after, and each body's position and velocity."""

ITERATIONS = {"small": 500, "normal": 160000}


def check(benchmark, size):
    benchmark.offset_momentum(benchmark.BODIES["sun"])
    before = benchmark.report_energy()
    benchmark.advance(0.01, ITERATIONS[size])
    after = benchmark.report_energy()
    return [("energy.before", before), ("energy.after", after), ("BODIES", benchmark.BODIES)]
