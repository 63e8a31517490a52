import math

def attempt(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(f.__name__, args, r)

inf, nan = math.inf, math.nan
values = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, 3.7, -4.2, 1e-300, 1e10, 1e300, -1e300, 710.0, -750.0, 1e-9, 170.5, 172.0, inf, -inf, nan]
unary = [math.acos, math.acosh, math.asin, math.asinh, math.atan, math.atanh, math.ceil, math.cos, math.cosh,
    math.degrees, math.erf, math.erfc, math.exp, math.exp2, math.expm1, math.fabs, math.floor, math.frexp, math.gamma,
    math.isfinite, math.isinf, math.isnan, math.lgamma, math.log, math.log10, math.log1p, math.log2, math.modf, math.radians,
    math.sin, math.sinh, math.sqrt, math.tan, math.tanh, math.trunc, math.ulp]
for f in unary:
    for x in values:
        attempt(f, x)
    attempt(f, 7)
    attempt(f, True)
    attempt(f, 'x')
for f in [math.atan2, math.copysign, math.fmod, math.pow, math.remainder, math.nextafter]:
    for x in [0.0, -0.0, 1.0, -1.0, 2.5, -3.5, 1e300, inf, -inf, nan]:
        for y in [0.0, -0.0, 1.0, 2.0, -3.0, 0.5, 1e300, inf, -inf, nan]:
            attempt(f, x, y)
# Ours is correctly rounded, which not every C library is: only where all agree.
for x in [0.0, -0.0, 1.0, 8.0, inf, -inf, nan, 'x']:
    attempt(math.cbrt, x)
attempt(math.log, 8, 2)
attempt(math.log, 2.0, 1)
attempt(math.log, 10**400)
attempt(math.log2, 2**1000)
attempt(math.log10, 10**350)
attempt(math.log, 0)
attempt(math.log, -5)
attempt(math.sqrt, 10**400)
attempt(math.ldexp, 1.5, 3)
attempt(math.ldexp, 1.5, 10**30)
attempt(math.ldexp, 1.5, -10**30)
attempt(math.ldexp, 1.5, 2.0)
attempt(math.ldexp, inf, 10)
attempt(math.nextafter, 1.0, 2.0, steps=10)
attempt(math.nextafter, 1.0, 2.0, steps=-1)
attempt(math.isclose, 1.0, 1.0 + 1e-10)
attempt(math.isclose, 1.0, 1.1)
attempt(math.isclose, 1.0, 1.1, rel_tol=0.2)
attempt(math.isclose, 1.0, 1.1, abs_tol=0.2)
attempt(math.isclose, inf, inf)
attempt(math.isclose, 1, 1, rel_tol=-1)
for n in [0, 1, 2, 5, 20, 25, 30, -1, 2**70, -2**70, 1.5, 'a']:
    attempt(math.factorial, n)
for n in [0, 1, 2, 15, 16, 17, 10**40, -1, 2.0]:
    attempt(math.isqrt, n)
for a in [(), (0,), (12, 18), (-12, 18, 4), (2**70, 2**65 * 3), (5, 'a'), (1.0,)]:
    attempt(math.gcd, *a)
    attempt(math.lcm, *a)
for a in [(5, 2), (5, 0), (5, 6), (100, 50), (-1, 2), (2, -1), (10**20, 2), (10**30, 10**29), (2.0, 1)]:
    attempt(math.comb, *a)
    attempt(math.perm, *a) if a != (10**30, 10**29) else None
attempt(math.perm, 5)
attempt(math.perm, 5, None)
attempt(math.fsum, [0.1] * 10)
attempt(math.fsum, [1e308, 1e308])
attempt(math.fsum, [inf, -inf])
attempt(math.fsum, [1, 2, 'x'])
attempt(math.prod, [1, 2, 3.5])
attempt(math.prod, [2, 3], start=10)
attempt(math.prod, ['a'], start=3)
attempt(math.prod, [])
attempt(math.hypot)
attempt(math.hypot, 3, 4)
attempt(math.hypot, 3, 4, 12.0, -1)
attempt(math.hypot, 1e200, 1e200)
attempt(math.hypot, nan, inf)
attempt(math.dist, (1, 2), (4, 6))
attempt(math.dist, [1, 2], (4, 6.5))
attempt(math.dist, (1, 2), (4,))
attempt(math.sumprod, [1, 2, 3], [4, 5, 6])
attempt(math.sumprod, [0.1] * 10, [1] * 10)
attempt(math.sumprod, [2**62, 2**62, 1.5], [2, 2, 3])
attempt(math.sumprod, [1, 2], [1])
attempt(math.sumprod, [1, 'a'], [2, 3])
attempt(math.sumprod, [1e308, 1.0], [10, 3])
attempt(math.sumprod, [], [])
class Floor:
    def __floor__(self): return 'floor'
    def __ceil__(self): return 'ceil'
    def __trunc__(self): return 'trunc'
    def __float__(self): return 2.25
    def __index__(self): return 6
print(math.floor(Floor()), math.ceil(Floor()), math.trunc(Floor()), math.sqrt(Floor()), math.factorial(Floor()))
print(math.pi, math.e, math.tau, math.inf, math.nan, math.__name__)
