"""N queens: every solution, in the order in which they are found."""

QUEENS = {"small": [4, 5, 6], "normal": [8, 9]}


def check(benchmark, size):
    return [("n_queens.%d" % queens, list(benchmark.n_queens(queens))) for queens in QUEENS[size]]
