"""Chaos game: the image, the splines' lengths in transformations, and the bounds."""

SHAPE = {"small": (16, 16, 40), "normal": (256, 256, 25000)}


class Runner:
    """Takes what the benchmark's `main` would have measured."""

    def __init__(self):
        self.metadata = {}

    def bench_func(self, name, function, *args):
        self.function = function


class Arguments:
    thickness, filename, rng_seed = 0.25, "captured", 1234


def check(benchmark, size):
    Arguments.width, Arguments.height, Arguments.iterations = SHAPE[size]
    images = []
    benchmark.write_ppm = lambda image, filename: images.append(image)
    runner = Runner()
    benchmark.main(runner, Arguments)
    runner.function(Arguments.width, Arguments.height, Arguments.iterations, Arguments.filename, Arguments.rng_seed)
    chaos = runner.function.__self__
    return [("im", ["".join([str(cell) for cell in column]) for column in images[0]]),
            ("num_trafos", chaos.num_trafos), ("bounds", (chaos.minx, chaos.miny, chaos.maxx, chaos.maxy)),
            ("spline.points", [(point.x, point.y, point.z) for spline in chaos.splines for point in spline.points])]
