# A frame begins with its variables unbound, whatever lay at its place before, and whoever calls.
import gc
import sys


def perhaps(flag):
    if flag:
        x = flag
    try:
        return x
    except UnboundLocalError:
        return "unbound"


def calls(n):
    return [perhaps(i % 3) for i in range(n)]


def names(flag):
    if flag:
        first = [flag]
        second = {flag: first}
    return sorted(sys._getframe().f_locals)


def calls_names(n):
    seen = []
    for i in range(n):
        seen.append(names(i % 3 == 0))
    return seen[0], seen[1], seen[-1]


def deep(n):
    """Leaves garbage where frames will lie."""
    a = b = c = d = [n] * 3
    return deep(n - 1) + len(a) if n else 0


def collects(n):
    found = 0
    for i in range(n):
        deep(6)
        found += len(late(i))
    return found


def late(i):
    text = f"{i}{i}"
    if i % 10 == 9:
        gc.collect()
    if i < 0:
        one = two = three = four = five = text
    return text


for _ in range(3):
    print(*calls(12))
    print(*calls_names(9))
    print(collects(40))
