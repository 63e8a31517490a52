"""deepcopy: the copies, what in them is one object, and that they are other objects than the originals."""

LOOPS = {"small": 1, "normal": 100}


def check(benchmark, size):
    copies = []

    class Recorded:
        @staticmethod
        def deepcopy(value):
            copied = genuine.deepcopy(value)
            copies.append((value, copied))
            return copied

    genuine = benchmark.copy
    benchmark.copy = Recorded
    observations = []
    for name in ("benchmark", "benchmark_reduce", "benchmark_memo"):
        del copies[:]
        getattr(benchmark, name)(LOOPS[size])
        shown = [plain(copied) for _, copied in copies[-60:]]
        observations += [(name, shown), (name + ".other", all([value is not copied for value, copied in copies]))]
    lists = [*copies[-1][1]["a"], *copies[-1][1]["b"]]
    observations.append(("memo", (len(lists), len({id(one) for one in lists}), lists[0] is copies[-1][0]["a"][0])))
    return observations


def plain(value):
    return (type(value).__name__, vars(value)) if hasattr(value, "__dict__") else value
