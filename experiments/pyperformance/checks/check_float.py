"""Float: the maximum over all points, and the points themselves in a small run."""

POINTS = {"small": 2000, "normal": 800000}


def check(benchmark, size):
    greatest = benchmark.benchmark(POINTS[size])
    points = [benchmark.Point(i) for i in range(100)]
    for point in points:
        point.normalize()
    return [("benchmark", (greatest.x, greatest.y, greatest.z)), ("benchmark.repr", repr(greatest)),
            ("points", [(point.x, point.y, point.z) for point in points])]
