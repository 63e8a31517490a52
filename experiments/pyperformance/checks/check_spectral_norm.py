"""Spectral norm: the vectors after the power iterations, and the two sums whose quotient's root is the norm."""

SHAPE = {"small": (20, 4), "normal": (130, 100)}


def check(benchmark, size):
    n, iterations = SHAPE[size]
    u = [1] * n
    for _ in range(iterations):
        v = benchmark.eval_AtA_times_u(u)
        u = benchmark.eval_AtA_times_u(v)
        if iterations > 10:
            # Kept near one, which is where the ten iterations of the benchmark leave it.
            scale = max(u)
            u = [component / scale for component in u]
    vBv = vv = 0
    for ue, ve in zip(u, v):
        vBv += ue * ve
        vv += ve * ve
    return [("u", u), ("v", v), ("vBv", vBv), ("vv", vv)]
