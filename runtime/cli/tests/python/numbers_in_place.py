# Calls of range, int and float that are done in place, and integers around a machine word.
import operator

ROUNDS = 400


def warm(f, *args):
    for _ in range(ROUNDS):
        f(*args)


def shown(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def tries(f, usual, others):
    warm(shown, f, *usual)
    print(f.__name__, [shown(f, *args) for args in others], shown(f, *usual))


class Index:
    def __index__(self):
        return 3


class Int(int):
    pass


class Float(float):
    pass


def one(n):
    return range(n)


def two(a, b):
    r = range(a, b)
    return r, len(r), list(r)[:5]


LIMITS = [(0,), (5,), (-5,), (2 ** 48,), (2 ** 49 - 1,), (2 ** 49,), (2 ** 70,), (-(2 ** 49),), (True,), (Index(),), (Int(4),), (1.5,),
          ("a",), (None,)]
for usual in (5,), (True,), (Index(),):
    tries(one, usual, LIMITS)
PAIRS = [(0, 3), (3, 0), (-3, 3), (2, 2 ** 3), (2 ** 49 - 3, 2 ** 49 - 1), (-3, Index()), (True, 3), (0, 1.5), (2 ** 70, 2 ** 70 + 2)]
for usual in (0, 3), (True, 3):
    tries(two, usual, PAIRS)


def counted(n):
    s = 0
    for i in range(n):
        for j in range(i, n):
            s += i * j
    return s


warm(counted, 5)
print(counted(50), counted(0), counted(-3), shown(range), shown(range, 1, 2, 3, 4), shown(range, 1, 2, 0))


def whole(x):
    return int(x)


def real(x):
    return float(x)


NUMBERS = [(0,), (-7,), (2 ** 48,), (2 ** 49,), (2 ** 70,), (2.75,), (-2.75,), (-0.0,), (2.0 ** 48,), (2.0 ** 48 - 0.5,), (-(2.0 ** 48),),
           (2.0 ** 49 + 1,), (-(2.0 ** 49),), (2.0 ** 70,), (float("inf"),), (float("nan"),), (True,), ("12",), ("x",), (Index(),),
           (Int(5),), (Float(2.5),), (None,), (b"7",)]
for f in whole, real:
    for usual in (3,), (2.5,), ("12",):
        tries(f, usual, NUMBERS)
print([(type(whole(x)).__name__, type(real(x)).__name__) for x in (Int(5), Float(2.5), True)])
warm(whole, 1.5)
print(shown(int, 1, 2), shown(int, "11", 2), shown(lambda: int(x="1")), int(), float(), shown(float, 1, 2))
int = lambda x: "another"
print(whole(1.5))
del int
print(whole(1.5))

EDGES = [e for b in (0, 1, 2 ** 31, 2 ** 48, 2 ** 49, 2 ** 50, 2 ** 62, 2 ** 63, 2 ** 64, 2 ** 96) for s in (b, -b) for e in (s - 1, s, s + 1)]
OPERATORS = [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.and_, operator.or_, operator.xor,
             operator.iadd, operator.ixor]
for op in OPERATORS:
    total, count = 0, 0
    for a in EDGES:
        for b in EDGES:
            r = shown(op, a, b)
            count += 1
            total = (total * 31 + (r if type(r) is type(0) else len(r))) % (2 ** 127 - 1)
    print(op.__name__, count, total)
for shift in operator.lshift, operator.rshift:
    print(shift.__name__, hash(tuple(shown(shift, a, b) for a in EDGES for b in (0, 1, 13, 14, 31, 48, 49, 61, 62, 63, 64, 65, 100))))


def mixed(a, n):
    for i in range(n):
        a = (a ^ (a << 7) ^ (a >> 9) ^ i) & (2 ** 63 - 1)
    return a


warm(mixed, 3, 10)
print(mixed(12345678901234567, 500), mixed(2 ** 62, 100), mixed(-5, 3))
