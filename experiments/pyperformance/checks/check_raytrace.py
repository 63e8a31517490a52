"""Raytrace: the canvas, byte by byte."""

SHAPE = {"small": (6, 4, 1), "normal": (100, 100, 4)}


def check(benchmark, size):
    width, height, loops = SHAPE[size]
    canvases = []

    class RecordedCanvas(benchmark.Canvas):
        def __init__(self, width, height):
            super().__init__(width, height)
            canvases.append(self)

    benchmark.Canvas = RecordedCanvas
    benchmark.bench_raytrace(loops, width, height, None)
    canvas = canvases[-1]
    return [("canvases", len(canvases)), ("canvas.bytes", canvas.bytes.tolist()),
            ("canvas.tobytes", canvas.bytes.tobytes())]
