"""Floats: a heated plate relaxes, a Fourier transform there and back, roots of polynomials, sums with their error.

Only operations whose results are the same everywhere: no function of the C library beyond the square root.
"""


def relax(side, turns):
    plate = [[0.0] * side for _ in range(side)]
    for i in range(side):
        plate[0][i] = 100.0
        plate[i][0] = 75.0 - i
    for _ in range(turns):
        before = plate
        plate = [row[:] for row in before]
        for y in range(1, side - 1):
            above, row, below, target = before[y - 1], before[y], before[y + 1], plate[y]
            for x in range(1, side - 1):
                target[x] = (above[x] + below[x] + row[x - 1] + row[x + 1]) * 0.25
    return sum([sum(row) for row in plate])


def half_turns(count):
    """The cosines and sines of equal parts of half a turn, by halving angles."""
    points = [(1.0, 0.0), (-1.0, 0.0)]
    while len(points) - 1 < count:
        finer = []
        for (c, s), (d, t) in zip(points, points[1:]):
            x, y = c + d, s + t
            if len(points) == 2:
                x, y = 0.0, 1.0
            length = (x * x + y * y) ** 0.5
            finer += [(c, s), (x / length, y / length)]
        finer.append(points[-1])
        points = finer
    return [complex(c, s) for c, s in points[:-1]]


def transform(values, turns, sign):
    count = len(values)
    if count == 1:
        return values
    even = transform(values[::2], turns[::2], sign)
    odd = transform(values[1::2], turns[::2], sign)
    first, second = [], []
    for a, b, turn in zip(even, odd, turns):
        b *= turn if sign > 0 else turn.conjugate()
        first.append(a + b)
        second.append(a - b)
    return first + second


def exact_sum(values):
    """Kahan's sum, as Neumaier does it."""
    total = error = 0.0
    for value in values:
        new = total + value
        if abs(total) >= abs(value):
            error += (total - new) + value
        else:
            error += (value - new) + total
        total = new
    return total + error


def root_of(coefficients, low, high):
    def at(x):
        value = 0.0
        for coefficient in coefficients:
            value = value * x + coefficient
        return value

    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if (at(middle) > 0.0) == (at(high) > 0.0):
            high = middle
        else:
            low = middle


def escapes(width, limit):
    total = 0
    for row in range(width):
        for column in range(width):
            c = complex(column * 3.0 / width - 2.2, row * 2.4 / width - 1.2)
            z = 0j
            for step in range(limit):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4.0:
                    total += step
                    break
    return total


def run(n):
    checksum = int(relax(n, n) * 1e6)
    turns = half_turns(64)
    signal = [complex((i * 37 % 101) / 7.0, 0.0) for i in range(128)]
    for _ in range(max(1, n // 8)):
        spectrum = transform(signal, turns, 1)
        back = [value.real / 128.0 for value in transform(spectrum, turns, -1)]
    worst = max([abs(a.real - b) for a, b in zip(signal, back)])
    assert worst < 1e-9, worst
    checksum += int(sum([abs(value.real) + abs(value.imag) for value in spectrum]) * 1000.0)
    harmonic = exact_sum([(-1.0 if i % 2 else 1.0) / (i + 1) for i in range(n * 50)])
    checksum += int(harmonic * 1e12)
    for power in range(2, 12):
        checksum += int(root_of([1.0] + [0.0] * (power - 1) + [-float(n)], 0.0, float(n)) * 1e9)
    return str(checksum + escapes(n, 40))
