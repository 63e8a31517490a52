"""V8's patterns: what each search and substitution returns, block by block."""

BLOCKS = {"small": (0, 1, 5, 11), "normal": range(12)}


class Recorder:
    """A pattern, or the module `re`, whose functions' results are recorded."""

    def __init__(self, genuine, results):
        self.genuine = genuine
        self.results = results

    def __getattr__(self, name):
        function = getattr(self.genuine, name)
        if name not in ("search", "match", "sub", "subn", "split", "findall"):
            return function
        results = self.results

        def recorded(*args, **keywords):
            value = function(*args, **keywords)
            results.append(plain(value))
            return value

        return recorded


def plain(value):
    if hasattr(value, "span"):
        return (value.span(), value.groups(), value.lastindex)
    return value


def check(benchmark, size):
    results, observations = [], []
    genuine = benchmark.re
    benchmark.regexs = [Recorder(regex, results) for regex in benchmark.regexs]
    benchmark.re = Recorder(genuine, results)
    for index in BLOCKS[size]:
        del results[:]
        getattr(benchmark, "block%d" % index)()
        # A block does the same over and over.
        observations.append(("block%d" % index, (len(results), results[:1000])))
    return observations
