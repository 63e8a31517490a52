"""Pools of processes and of threads: what `imap` returns, in order."""

COUNT = {"small": 50, "normal": 2000}


def check(benchmark, size):
    observations = []
    for name, kind in (("ThreadPool", benchmark.ThreadPool), ("Pool", benchmark.Pool)):
        with kind(2) as pool:
            observations.append((name, list(pool.imap(benchmark.f, range(COUNT[size]), 10))))
    return observations
