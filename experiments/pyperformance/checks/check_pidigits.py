"""Pi digits: the digits."""

DIGITS = {"small": 200, "normal": 4000}


def check(benchmark, size):
    digits = benchmark.calc_ndigits(DIGITS[size])
    return [("calc_ndigits", "".join([str(digit) for digit in digits]))]
