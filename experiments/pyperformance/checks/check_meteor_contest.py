"""Meteor puzzle: the pieces, how many places each has, and the solutions."""

# As many solutions as the benchmark asks for, in a long run.
SOLUTIONS = {"small": 2, "normal": 60}


def check(benchmark, size):
    board, cti, pieces = benchmark.get_puzzle(benchmark.WIDTH, benchmark.HEIGHT)
    footprints = benchmark.get_footprints(board, cti, pieces)
    neighbours = benchmark.get_senh(board, cti)
    solutions = []
    wanted = SOLUTIONS[size]
    benchmark.solve(wanted, 0, frozenset(range(len(board))), [-1] * len(board), list(range(len(pieces))), solutions,
                    footprints, neighbours)
    if size == "normal":
        benchmark.bench_meteor_contest(4, board, pieces, wanted, footprints, neighbours)
    return [("board", board), ("pieces", [[sorted(way) for way in piece] for piece in pieces]),
            ("footprints", [[[sorted(place) for place in piece] for piece in cell] for cell in footprints]),
            ("neighbours", [sorted(cell) for cell in neighbours]), ("solve", solutions)]
