"""logging: what stands in the stream after messages of the program's kind."""

LOOPS = {"small": 3, "normal": 3000}


def check(benchmark, size, name):
    stream = benchmark.io.StringIO()
    logger = benchmark.logging.getLogger("checklogger")
    logger.propagate = False
    logger.addHandler(benchmark.logging.StreamHandler(stream=stream))
    logger.setLevel(benchmark.logging.WARNING)
    benchmark.BENCHMARKS[name](LOOPS[size], logger, stream)
    lines = stream.getvalue().splitlines()
    return [("lines", len(lines)), ("different", sorted(set(lines))), ("position", stream.tell())]
