"""Little data and many roots: a deep stack, and many functions with constants, while objects are made that die young.

The functions are those of a large program: each has a constant of its own, runs once, and waits to be called again. The stack is
as deep as that of a recursion over data. At its bottom objects are made as anywhere else.
"""

import sys


def functions(count):
    made = {}
    for index in range(count):
        source = "def f%d(x):\n    if x:\n        return ('%d', x, %d.5)[0]\n    return x\n" % (index, index, index)
        exec(source, made)
    return [made["f%d" % index] for index in range(count)]


def churn(turns):
    checksum = 0
    kept = []
    for turn in range(turns):
        pair = [turn, (turn, str(turn))]
        if turn % 50 == 0:
            kept.append(pair)
        checksum = (checksum * 31 + len(pair[1][1])) % 1000000007
    return checksum + len(kept)


def deep(depth, turns, chain):
    """Each frame holds objects of its own, made on the way down."""
    link = [depth, chain]
    if depth == 0:
        return churn(turns) + len(link)
    return deep(depth - 1, turns, link) + link[0] % 3


def run(n):
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + n + 100)
    try:
        called = functions(n // 8)
        checksum = sum([len(f(1)) for f in called])
        checksum += deep(n, n * 50, None)
        # The stack has gone and comes again, deeper and deeper.
        for part in range(1, 5):
            checksum = (checksum * 31 + deep(n * part // 4, n, None)) % 1000000007
        checksum += sum([len(f(1)) for f in called])
    finally:
        sys.setrecursionlimit(limit)
    return checksum % 1000000007
