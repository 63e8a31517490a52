"""Powers of floats in code that is hot: those that have a float, and those that raise or are complex."""

BASES = [1.5, 2.0, 0.25, 1e-300, 1e300, 1.0, float("inf"), 3, 10, -1.5, -2.0, 0.0, -0.0, float("nan"), float("-inf"), 0, -3, True, 5e-324]
EXPONENTS = [-1.5, 0.5, 2, 2.0, -2, 1e6, -1e6, 0.0, -0.0, 1, 3.0, float("inf"), float("-inf"), float("nan"), 0, -1, True, 1 / 3]


def power(x, y):
    try:
        return x**y
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def in_place(x, y):
    try:
        x **= y
        return x
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def warmed(f, n=300):
    total = 0.0
    for i in range(n):
        total += f(1.0 + i * 0.125, -1.5)
    return total


print(f"{warmed(power):.12g} {warmed(in_place):.12g}")
for x in BASES:
    row = []
    for y in EXPONENTS:
        v = power(x, y)
        assert repr(v) == repr(in_place(x, y)) or v != v
        row.append(f"{v:.12g}" if isinstance(v, float) else f"{abs(v):.9g} complex" if isinstance(v, complex) else str(v))
    print(x, *row, sep=" | ")


def distances(points, n):
    """As programs about many bodies have them."""
    total = 0.0
    for _ in range(n):
        for x, y in points:
            total += (x * x + y * y) ** -1.5 + (x + 10) ** 0.5 + y**3.0 + 2.0**x
    return total


print(f"{distances([(1.0, 2.0), (0.5, 0.25), (-3.0, 4.0)], 200):.12g}")
