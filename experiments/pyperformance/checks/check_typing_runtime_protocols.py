"""Protocols that are checked at run time: what `isinstance` says of each instance and protocol."""

LOOPS = {"small": 2, "normal": 1500}


def check(benchmark, size):
    answers = []

    def recorded(instance, protocol):
        answer = isinstance(instance, protocol)
        answers.append((type(instance).__name__, protocol.__name__, answer))
        return answer

    benchmark.isinstance = recorded
    benchmark.bench_protocols(LOOPS[size])
    subclasses = [issubclass(benchmark.HasIntMethod, benchmark.SupportsInt),
                  issubclass(benchmark.Empty, benchmark.SupportsInt)]
    return [("isinstance", answers), ("issubclass", subclasses)]
