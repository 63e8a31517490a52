# Decimal arithmetic: the native module, with contexts, signals, traps and formats.
import copy
import decimal
import pickle
import threading
from decimal import *
from fractions import Fraction

print(decimal.Decimal.__module__, decimal.__libmpdec_version__, decimal.HAVE_CONTEXTVAR, MAX_PREC)
print(Decimal("1.10") + 2, Decimal(7) / 3, -Decimal("0.00"), abs(Decimal("-5E+3")), Decimal("1e400") * 3)
print(divmod(Decimal("17.3"), 5), Decimal(-7) // 2, Decimal(-7) % 2, Decimal(2) ** 100, pow(Decimal(3), 1000, 1009))
print(Decimal(2).sqrt(), Decimal(1).exp(), Decimal(10).ln(), Decimal(1000).log10(), Decimal(2) ** Decimal("0.5"))
with localcontext(prec=200):
    print(Decimal(2).sqrt(), Decimal("-1.5").exp(), Decimal(3).ln(), Decimal("0.7").log10(), sep="\n")
for text in ["NaN123", "-sNaN", "inf", " 1_000.5 ", "\u0663.\u0661", "1e-7", "0E+3", "-0"]:
    d = Decimal(text)
    print(repr(d), d.as_tuple(), d.number_class(), d.to_eng_string())
for value in [0.1, (1, (1, 2, 3), -2), True, 10**50, [0, [5], "F"]]:
    print(Decimal(value))
print(Decimal(1) == 1.0 == Decimal("1.0"), Decimal("0.5") == Fraction(1, 2), Decimal("0.1") < 0.1, hash(Decimal("1.5")) == hash(1.5))
print(hash(Decimal(10**30)) == hash(10**30), hash(Decimal("0.1")) == hash(Fraction(1, 10)), {Decimal(3): "x"}[3])
print(Decimal("0.125").as_integer_ratio(), int(Decimal("-2.9")), float(Decimal("1e-3")), round(Decimal("2.675"), 2), round(Decimal("2.5")))

x = Decimal("-1234567.8951")
for spec in ["", "e", ".3e", "f", ".2f", ",.2f", "015,.1f", "+.0%", "*^20.4g", "<15.1f|", "z.0f", ".3", "n", "G"]:
    try:
        print(f"{spec!r:12} {x:{spec}}")
    except ValueError as e:
        print(spec, e)
print(f"{Decimal('-0.001'):z.1f} {Decimal('NaN'):010} {Decimal(0):.3e} {Decimal('1E+5'):f}")

for mode in [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]:
    print(mode, *(Decimal(n).quantize(Decimal("1"), mode) for n in ["1.5", "-1.5", "2.5", "0.1", "-10.01", "-1.05"]))

c = Context(prec=5, Emin=-10, Emax=10, traps=[])
print(c.divide(1, 3), c.multiply("1" and Decimal("1E+9"), 100), c.create_decimal("1.23456E-14"), c.sqrt(-1), c)
print(c.flags)
c.clear_flags()
print(c.flags[Inexact], c.flags.copy() == c.flags, c.Etiny(), c.Etop(), c.copy())


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__mro__[1].__name__, type(e).__name__, e)


attempt(lambda: Decimal(1) / 0)
attempt(lambda: Decimal(0) / 0)
attempt(lambda: Decimal("1e999999") * 10)
attempt(lambda: Decimal("abc"))
attempt(lambda: Decimal("sNaN") + 1)
attempt(lambda: Decimal("NaN") < 1)
attempt(lambda: hash(Decimal("sNaN")))
attempt(lambda: Decimal(1) + 1.0)
attempt(lambda: Context(prec=0))
attempt(lambda: Context(rounding="up"))
attempt(lambda: Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN).divide(1, 3))
print(Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN).divide(9, 4), Context(prec=MAX_PREC).sqrt(Decimal(16)))
with localcontext() as here:
    here.traps[FloatOperation] = True
    attempt(lambda: Decimal(1.5))
    print(Decimal.from_float(1.5), Decimal(1) == 1.5)

# Contexts belong to threads (to contexts of contextvars, in fact).
getcontext().prec = 7
thread = threading.Thread(target=lambda: print(getcontext().prec, Decimal(1) / 7))
thread.start()
thread.join()
print(getcontext().prec, Decimal(1) / 7)


class Money(Decimal):
    def __str__(self):
        return "$" + super().__str__()


m = Money("1.50")
m.currency = "USD"
print(m, m + 1, type(m + 1).__name__, Money.from_float(0.5), m.currency, type(copy.copy(m)).__name__)
d = Decimal("1.2345678901234567890123456789012345678901234567890")
for protocol in range(6):
    assert pickle.loads(pickle.dumps(d, protocol)) == d
    assert repr(pickle.loads(pickle.dumps(c, protocol))) == repr(c)
print(d, copy.deepcopy(d) is d, pickle.loads(pickle.dumps(d.as_tuple())) == d.as_tuple())

# Large ones take the fast ways of multiplication and division.
with localcontext(prec=12000, Emax=MAX_EMAX, Emin=MIN_EMIN):
    a, b = Decimal(7) ** 6000, Decimal(3) ** 5000
    print(a == 7**6000, (a * b).quantize(1) == 7**6000 * 3**5000, a // b == 7**6000 // 3**5000, len(str(a)))
    print(str(Decimal(2).sqrt())[-20:], int(Decimal(10**4000 + 1)) == 10**4000 + 1)
