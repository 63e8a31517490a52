"""Fannkuch: the largest number of flips for each number of elements."""

ELEMENTS = {"small": 7, "normal": 9}


def check(benchmark, size):
    flips = [benchmark.fannkuch(n) for n in range(2, ELEMENTS[size] + 1)]
    if size == "normal":
        flips.append(benchmark.fannkuch(9))
    return [("fannkuch", flips)]
