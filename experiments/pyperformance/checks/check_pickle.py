"""pickle: the bytes of the benchmark's objects, and what comes back from them.

Bytes depend on which equal strings are one object, so those of objects that a literal made are not compared: what is
pickled has come out of a pickle before.
"""

LOOPS = {"small": 1, "normal": {"pickle": 1500, "unpickle": 1000, "pickle_list": 8000, "unpickle_list": 8000,
                                "pickle_dict": 1000, "--pure-python": 15}}


class Options:
    protocol = 5


def check(benchmark, size, *options):
    import pickle

    # In a check by itself the accelerator has not been disabled as the benchmark does.
    pure = options[0] == "--pure-python"
    dumps, loads = (pickle._dumps, pickle._loads) if pure else (pickle.dumps, pickle.loads)

    class Module:
        pass

    Module.dumps, Module.loads = staticmethod(dumps), staticmethod(loads)
    loops = LOOPS[size] if size == "small" else LOOPS[size][options[0]]
    benchmark.BENCHMARKS[options[-1]][0](loops, Module, Options)
    observations = []
    for name in ("DICT", "TUPLE", "DICT_GROUP", "LIST", "MICRO_DICT"):
        value = loads(dumps(getattr(benchmark, name), 5))
        for protocol in range(6):
            observations.append(("%s.%d" % (name, protocol), dumps(value, protocol)))
        observations.append((name, plain(loads(dumps(value, 5)))))
    return observations


def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value
