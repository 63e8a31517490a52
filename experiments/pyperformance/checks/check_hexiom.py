"""Hexiom: the solved boards as text."""

LEVELS = {"small": [2, 10], "normal": [2, 10, 20, 25]}
LOOPS = {"small": 1, "normal": 50}


def check(benchmark, size):
    observations = []
    for level in LEVELS[size]:
        board, solution = benchmark.LEVELS[level]
        for _ in range(LOOPS[size]):
            stream = benchmark.io.StringIO()
            benchmark.solve_file(board.strip(), benchmark.Done.FIRST_STRATEGY, benchmark.DESCENDING, stream)
        observations.append(("solve_file.%d" % level, stream.getvalue()))
    return observations
