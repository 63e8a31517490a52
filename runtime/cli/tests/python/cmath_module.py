# `cmath`: values, special values, branch cuts by the signs of zeros, errors.
import cmath

inf, nan = cmath.inf, cmath.nan
names = [name for name in dir(cmath) if callable(getattr(cmath, name)) and name[0] != "_" and name not in ("isclose", "log", "phase", "rect")]
print(names)
print(cmath.pi, cmath.e, cmath.tau, cmath.infj, cmath.nanj)


def outcome(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return f"{type(e).__name__} {e}"


special = [-inf, -1.0, -0.0, 0.0, 0.5, 1.0, inf, nan, 1e308]
for name in names:
    print(name, [outcome(getattr(cmath, name), complex(x, y)) for x in special for y in special if not (x == y == 1e308)])
for f in cmath.sqrt, cmath.log, cmath.exp, cmath.atanh:
    print(f.__name__, [outcome(f, z) for z in (1e308 + 1e308j, 5e-324 + 5e-324j, 1e-310j, -4, -4 - 0.0j, 3 + 4j, 710 + 1j, -1e200 + 1j)])
print([outcome(cmath.rect, r, phi) for r in special for phi in special])
print([outcome(cmath.log, z, base) for z in (2, 0, 1j, inf) for base in (2, 10, 0, 1, -1, 1j, inf, nan)])
print([cmath.phase(complex(x, y)) for x in (-1, -0.0, 0.0, 1, -inf, inf) for y in (-0.0, 0.0, 1, inf)])
print(cmath.isclose(1, 1 + 1e-10j), cmath.isclose(1, 1.1), cmath.isclose(inf, inf), cmath.isclose(nan, nan), cmath.isclose(1, 1.1, rel_tol=0.2),
      cmath.isclose(0, 0.1j, abs_tol=0.2))
print(outcome(lambda: cmath.isclose(1, 2, rel_tol=-1)))


class Number:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value


class Real:
    def __float__(self):
        return 4.0


class Index:
    def __index__(self):
        return 9


print(cmath.sqrt(Number(-4 + 0j)), cmath.sqrt(Real()), cmath.sqrt(Index()), cmath.sqrt(True), cmath.sqrt(10**20))
for bad in Number(1), "1", None, 10**400:
    print(outcome(cmath.sqrt, bad))
