"""SciMark: each kernel's result, on the benchmark's own random numbers."""

# Side and cycles of SOR; rows, entries and cycles of the sparse product; samples; side of LU; points of FFT and cycles.
SHAPE = {
    "small": {"sor": (8, 2), "sparse": (10, 50, 2), "monte_carlo": 100, "lu": 6, "fft": (16, 1)},
    "normal": {"sor": (100, 20), "sparse": (1000, 50000, 40), "monte_carlo": 100000, "lu": 100, "fft": (1024, 12)},
}


def check(benchmark, size):
    shape = SHAPE[size]
    random = benchmark.Random
    array = benchmark.array

    side, cycles = shape["sor"]
    grid = random(7).RandomMatrix(benchmark.Array2D(side, side))
    benchmark.SOR_execute(1.25, grid, cycles, benchmark.Array2D)

    rows, entries, cycles = shape["sparse"]
    each = entries // rows
    x, y, val = random(11).RandomVector(rows), array("d", [0]) * rows, random(13).RandomVector(each * rows)
    row = array("i", [each * r for r in range(rows + 1)])
    col = array("i", [i * max(1, r // each) % rows for r in range(rows) for i in range(each)])
    benchmark.SparseCompRow_matmult(rows, y, val, row, col, x, cycles)

    under_curve = benchmark.MonteCarlo(shape["monte_carlo"])

    side = shape["lu"]
    matrix = random(7).RandomMatrix(benchmark.ArrayList(side, side))
    lu, pivot = benchmark.ArrayList(side, side), array("i", [0]) * side
    benchmark.LU(lu, matrix, pivot)

    points, cycles = shape["fft"]
    signal = random(7).RandomVector(2 * points)
    for _ in range(cycles):
        benchmark.FFT_transform(2 * points, signal)
        spectrum = benchmark.copy_vector(signal)
        benchmark.FFT_inverse(2 * points, signal)

    return [("sor", grid.data.tolist()), ("sparse_mat_mult", y.tolist()), ("monte_carlo", under_curve),
            ("lu", [line.tolist() for line in lu.data]), ("lu.pivot", pivot.tolist()),
            ("fft.spectrum", spectrum.tolist()), ("fft.signal", signal.tolist())]
