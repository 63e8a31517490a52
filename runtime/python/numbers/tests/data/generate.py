"""Writes the answers of CPython 3.12 that the tests compare with: python3.12 generate.py [SEED [SIZE]], in this folder.

A line is a function's name, its arguments and its result, with tabs between. Floats are the 16 hexadecimal digits of
their bits ("nan" for any NaN), integers hexadecimal with a sign, texts are repr'd; a result that begins with "!" is the
exception's name. The checked-in files are those without arguments, and change only where the script does; another seed
and a size of 5 or 20 search further.
"""

import math
import random
import struct
import sys

assert sys.version_info[:2] == (3, 12)
sys.set_int_max_str_digits(0)
rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20240601)
SIZE = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def some(count):
    return range(count * SIZE // 3)


def bits(x):
    return "nan" if x != x else struct.pack(">d", x).hex()


def from_bits(n):
    return struct.unpack(">d", n.to_bytes(8, "big"))[0]


def encode(value):
    match value:
        case bool():
            return str(value)
        case float():
            return bits(value)
        case int():
            return format(value, "x")
        case complex():
            return bits(value.real) + "," + bits(value.imag)
        case str():
            return ascii(value)[1:-1].replace("\\'", "'")
        case list() | tuple():
            return " ".join(map(encode, value))
    raise TypeError(value)


class File:
    def __init__(self, name):
        self.out = open(name, "w")

    def call(self, name, function, *arguments):
        try:
            result = encode(function(*arguments))
        except (ArithmeticError, ValueError) as error:
            result = "!" + type(error).__name__
        print(name, *map(encode, arguments), result, sep="\t", file=self.out)


EDGES = [
    0.0, 1.0, 0.5, 1.5, 2.0, 2.5, 3.0, 10.0, 0.1, 0.2, 0.3, 1 / 3, 2 / 3, 100.0, 1e15, 1e16, 1e17, 1e22, 1e23,
    9007199254740991.0, 9007199254740992.0, 9007199254740993.0, 9999999999999998.0, 123456789012345680.0,
    5e-324, 1e-323, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308, 8.98846567431158e307,
    1e-4, 1e-5, 9.999e-5, 0.00012345, 2.0**-44, 2.0**-1074 * 3, 2.0**63, 2.0**64, -(2.0**63), 2.0**61 - 256.0,
    math.pi, math.e, 1e308, 1e-308, 0.5 - 2**-54, 0.5 + 2**-53, 1.0 - 2**-53, 1.0 + 2**-52, 2.675, 1.005, 0.125, 0.375,
    5e15, 4503599627370495.5, 4503599627370497.5, 1234.5678, 99999.5, 999999.5, 0.05, 0.15, 0.25, 0.35, 25.0, 35.0, 45.0,
    math.inf, math.nan,
]
EDGES += [-x for x in EDGES]


def any_float():
    kind = rng.randrange(6)
    if kind == 0:
        return from_bits(rng.getrandbits(64))
    if kind == 1:
        return rng.uniform(-1000, 1000)
    if kind == 2:
        return float(rng.randrange(-(10**6), 10**6)) / 10 ** rng.randrange(8)
    if kind == 3:
        return math.ldexp(rng.randrange(1, 64), rng.randrange(-1070, 1000))
    if kind == 4:
        return float("%de%d" % (rng.randrange(1, 10**rng.randrange(1, 18)), rng.randrange(-325, 300)))
    return rng.choice(EDGES)


def finite(count, edges=True):
    values = [x for x in EDGES if math.isfinite(x)] if edges else []
    while len(values) < count:
        if math.isfinite(x := any_float()):
            values.append(x)
    return values


def floats():
    f = File("floats.txt")
    for x in EDGES + [any_float() for _ in some(700)]:
        f.call("repr", repr, x)
    for _ in some(200):
        # Halfway between two shortest texts.
        places = rng.randrange(1, 8)
        f.call("repr", repr, (rng.getrandbits(rng.randrange(48, 53)) | 1) / 2 ** (places + 1))
    for x in EDGES + [any_float() for _ in some(100)]:
        f.call("hex", float.hex, x)
        f.call("ratio", float.as_integer_ratio, x)
        f.call("int", int, x)
        if x == x:
            f.call("hash", hash, x)
    codes = ["e", "f", "g"]
    for x in EDGES + [any_float() for _ in some(150)]:
        x = abs(x)
        for code in codes:
            precision = rng.choice([0, 0, 1, 2, 3, 5, 6, 10, 15, 16, 17, 20, 40] + [320] * (rng.random() < 0.02))
            for sharp in "", "#":
                f.call("format", lambda x, p, c: format(x, f"{sharp}.{p}{c[0]}"), x, precision, code + sharp)
        # Without a code: as "g", but with a digit after the point.
        for sharp in "", "#":
            precision = rng.randrange(1, 18)
            f.call("format", lambda x, p, c: format(x, f"{sharp}.{p}"), x, precision, "0" + sharp)
            f.call("format", lambda x, p, c: format(x, f"{sharp}"), x, 0, "r" + sharp)
    for x in EDGES + [any_float() for _ in some(100)]:
        for digits in rng.sample([-310, -309, -308, -307, -20, -16, -15, -3, -2, -1, 0, 1, 2, 3, 5, 15, 17, 22, 300, 323, 324], 8):
            if math.isfinite(x):
                f.call("round", round, x, digits)
    for x in (2.5, 0.5, 1.5, 5e22, 1.5e300, 2.5e300, 1.7976931348623157e308, 5e307, 1.5e308):
        for digits in range(-309, -290):
            f.call("round", round, x, digits)
    pairs = [(x, y) for x in (0.0, -0.0, 1.0, -1.0, 2.5, -2.5, math.inf, -math.inf, math.nan, 5e-324, 1e308, -7.0, 3.0, 0.5, -0.5)
             for y in (0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, -0.5, math.inf, -math.inf, math.nan, 1e308, 5e-324)]
    pairs += [(any_float(), any_float()) for _ in some(200)]
    for x, y in pairs:
        f.call("divmod", divmod, x, y)
        f.call("modulo", lambda x, y: x % y, x, y)

        def power(x, y):
            if x < 0 and math.isfinite(y) and y != math.floor(y) and math.isfinite(x):
                raise ValueError("complex")
            return x**y

        f.call("pow", power, x, y)


TEXTS = """1 -1 +1 1.5 .5 5. . e5 1e 1e+ 1e5 1E5 1e+5 1e-5 1.e5 .e5 inf -inf +Inf INFINITY infinit infinityx nan -NaN +nan nanx
1_000 1__0 _1 1_ 1_.5 1._5 1.5_5 1e_5 1e1_0 1_e5 0x10 1.0.0 1e5.5 --1 +-1 1e400 -1e400 1e-400 1e-324 2.4703282292062327e-324
2.4703282292062328e-324 2.47032822920623272088284396434110686182e-324 1.7976931348623158e308 1.7976931348623159e308
179769313486231580793728971405301e276 9007199254740993 9007199254740992.99999 9007199254740993.00000000000000000000001
0.1e1000000000000 0e99999999999999999999 1e99999999999999999999 1e-99999999999999999999 1d5 1f 1L 1,5 1j j infj
1e0000000000000000000000000000000001 00000000000000000000000000001.5 1e+ 1e- + - 0 -0 -0.0 1_2.3_4e5_6 in_f na_n
2.2250738585072011e-308 2.2250738585072012e-308 8.5e-324 7.5e-324 2e-324 3e-324 1e23 8.41e21""".split()


def parse():
    f = File("parse.txt")
    texts = TEXTS + ["", " ", " 1 ", "\t1\n", "\x1c1", "1\x1c", "1 2", "1\0", "\0", " 1_0 ", "\x0b1\x0c", "\u0661\u0662.\u0663", "\u2003 5\u3000",
                     "\uff11\uff12e\uff13", "1\u2003e5", "\u00b2", "\u00bd", "\U0001d7ce\U0001d7d8", "\u2212" + "1", "1\x85", "\ud800", "\x7f1"]
    texts += ["1" + "0" * 400, "0." + "0" * 400 + "1", "0" * 900 + "1.5", "0." + "0" * 3000 + "1e3001", "1" + "0" * 3000 + "e-3000",
              "0.5" + "0" * 900 + "1", "9007199254740993" + "." + "0" * 900 + "1", "9007199254740993" + "." + "0" * 900, "1" * 801 + "e-790"]
    for _ in some(250):
        digits = "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 40)))
        point = rng.randrange(len(digits) + 1)
        text = digits[:point] + "." + digits[point:] + rng.choice(["", "e%d" % rng.randrange(-330, 310)])
        texts.append(rng.choice(["", "", "-", "+"]) + text)
    for _ in some(60):
        # Halfway between two floats, and a little to either side.
        x = abs(rng.choice(finite(80, False)))
        from fractions import Fraction

        up = math.nextafter(x, math.inf)
        if math.isfinite(up) and 1e-30 < x < 1e30:
            half = (Fraction(x) + Fraction(up)) / 2
            scaled = half.numerator * 5 ** (half.denominator.bit_length() - 1)
            exponent = -(half.denominator.bit_length() - 1)
            for off in -1, 0, 1:
                texts.append("%de%d" % (scaled * 10 + off, exponent - 1))
    for _ in some(150):
        texts.append("".join(rng.choice("0123456789.eE+-_ j()infan") for _ in range(rng.randrange(1, 7))))
    for text in texts:
        f.call("float", float, text)
        if len(text) < 60:
            f.call("complex", complex, text)
    for text in """1+2j 1-2j -1+2j +1-2j 1+j 1-j j -j +j 1j -1j 1.5e3+2.5e-3j (1+2j) ( 1+2j ) (1+2j (1) (j) () (( 1)) 1+2 1+2J 1e5j 1+-2j 1++2j
            inf+nanj nan-infj infj -infj 1_0+2_0j 1+2j3 j1 1+ 1- 1+inf infinity+infinityj (1+2j)) 1j+2 1+2i _1j 1_j ((1+2j)) )1( 1.j .j 1e+j""".split():
        f.call("complex", complex, text)
    for text in ["( 1 + 2j )", "(1+2j )", " (1+2j) ", "1 +2j", "( )", "\t(\n1\r)"]:
        f.call("complex", complex, text)
    hexes = """0x1p0 0x1.8p1 1p1 1.8 -0x1.8p-3 0x.8p0 0x8.p0 0x.p0 0xp0 p0 0x 0x1p 0x1p+ 0x1p+5 0x1P-5 0X1p5 inf -inf +Infinity nan -nan infx
            0x1.fffffffffffffp1023 0x1.fffffffffffff7p1023 0x1.fffffffffffff8p1023 0x1p1024 -0x1p1024 0x1p-1074 0x1p-1075 0x1.0000000000001p-1075 0x1.8p-1074 0x1.8p-1075
            0x0.8p-1074 0x1.fp-1076 0x1p-1080 0x1p-99999999999 0x1p99999999999 0x0p99999999999999999999 0x1p99999999999999999999999
            0x1.00000000000008p0 0x1.000000000000080000001p0 0x1.00000000000018p0 0x1.00000000000017ffffffp0 0x123456789abcdef0123456789p-20
            0x0.0000000000000000000000000001p112 0x10000000000000000000000000000p-112 -0x0p0 1_0 0x1_0 ff 0xFf.aP3 0x1.8p1.5 0x-1p1 0.1p-1022
            0x0.fffffffffffffp-1022 0x0.fffffffffffff8p-1022 0x0.fffffffffffff4p-1022 0x1.ffffffffffffffp-1023 0x1.2345678p-1070 0x3.ffffffffffffcp-1073""".split()
    for text in hexes + ["", " ", " 0x1p5 ", "0x1p5 x", "0x 1p5"]:
        f.call("fromhex", float.fromhex, text)
    ints = TEXTS + """0b101 0B101 0o17 0O17 0xfF 0XfF 0x 0b 0o 0x_1 0x__1 0x1_ 00 0_0 01 007 0_7 000_000 -0x10 +0b1 0b2 0o8 0xg zz ZZ z_z 12 1_2_3 -_1 0-1 - + --1
            9223372036854775807 9223372036854775808 -9223372036854775808 18446744073709551616 99999999999999999999999999999999""".split()
    ints += ["", " ", " 12 ", "\t-7\n", "1 2", "- 1", "\x1c1", "1\x1c", "\u0661\u0662", "\u2003 5\u3000", "\uff11_\uff12", "1\0", "1\x85", "\u0661\x1c", "\ud800", "1\ud800",
             "0x\uff11", "\uff10x1", "1\u00b2"]
    for text in ints:
        for base in 0, 2, 8, 10, 16, 36:
            f.call("integer", int, text, base)
    for base in 1, 37, 3, 7, 11, 29:
        f.call("integer", int, "10", base)
    for _ in some(20):
        text = str(rng.getrandbits(rng.randrange(10, 6000)))
        f.call("integer", int, text, 10)


def big(bits_most):
    kind = rng.randrange(4)
    n = rng.getrandbits(rng.randrange(1, bits_most))
    if kind == 0:
        n = (1 << rng.randrange(bits_most)) + rng.randrange(-2, 3)
    return -n if rng.random() < 0.3 else n


def integers():
    f = File("integers.txt")
    edges = [0, 1, -1, 2**53, 2**53 + 1, 2**53 - 1, 2**54 + 2, 2**54 + 6, 2**63, 2**64, 2**64 - 1, 2**64 + 2**11, 2**64 + 2**11 + 1, 2**1023, 2**1024,
             2**1024 - 2**970, 2**1024 - 2**970 - 1, 2**1024 - 2**971, -(2**1024), 2**1023 + 2**970, 2**1023 + 2**970 + 1, 3 * 2**1022, 10**400, 10**23, 2**2000]
    values = edges + [big(1100) for _ in some(150)]
    for n in values:
        f.call("to_float", float, n)
        f.call("log", math.log, n)
        f.call("log2", math.log2, n)
        f.call("log10", math.log10, n)
    for _ in some(100):
        n = 2 ** rng.randrange(54, 300)
        bit = n >> 53
        for off in -1, 0, 1:
            f.call("to_float", float, n + bit * rng.choice([1, 3]) // 2 + off * rng.choice([0, 1, 1]))
    pairs = [(a, b) for a in edges for b in edges[:12]] + [(big(1800), big(1300)) for _ in some(200)] + [(big(200), big(1400)) for _ in some(100)]
    for _ in some(100):
        # Quotients halfway between two floats or next to it, normal and subnormal.
        b = rng.getrandbits(rng.randrange(2, 300)) | 1
        q = (rng.getrandbits(53) | 1 << 52) * 2 + 1
        shift = rng.choice([0, 100, 900, 1070, 1100])
        pairs.append((q * b + rng.choice([-1, 0, 0, 1]), b << shift))
        q = rng.getrandbits(rng.randrange(1, 50)) * 2 + 1
        pairs.append((q * b + rng.choice([-1, 0, 0, 1]), b << 1075))
    pairs += [(1, 2**1074), (1, 2**1075), (3, 2**1076), (1, 2**1076), (2**53 * 2 - 1, 2**1075), (2**1024, 1), (2**1024 - 1, 1), ((2**54 - 1) * 2**970, 1)]
    for a, b in pairs:
        f.call("divide", lambda a, b: a / b, a, b)
    for _ in some(250):
        x = rng.choice(EDGES + finite(100, False)[90:])
        n = rng.choice(values)
        if rng.random() < 0.6 and math.isfinite(x):
            n = int(x) + rng.choice([-1, 0, 0, 1])
        f.call("compare", lambda n, x: -2 if x != x else (n > x) - (n < x), n, x)
    for n in values[:90]:
        f.call("hash", hash, n)
        f.call("round", round, n, -rng.choice([1, 2, 5, len(str(n)) - 1, len(str(n)), len(str(n)) + 1, 400]))
    for n in range(-30, 31, 5):
        f.call("round", round, n, -1)
        f.call("round", round, n * 10**40 + rng.randrange(-1, 2), -41)


def complexes():
    f = File("complexes.txt")
    parts = [0.0, -0.0, 1.0, -1.0, 2.5, -3.0, 1e200, 5e-324, math.inf, -math.inf, math.nan]
    numbers = [complex(a, b) for a in parts for b in parts]
    numbers += [complex(any_float(), any_float()) for _ in some(60)] + [complex(rng.uniform(-9, 9), rng.uniform(-9, 9)) for _ in some(60)]
    for z in numbers:
        f.call("repr", repr, z)
        f.call("abs", abs, z)
        if z == z:
            f.call("hash", hash, z)
    for _ in some(400):
        a, b = rng.choice(numbers), rng.choice(numbers)
        f.call("mul", lambda a, b: a * b, a, b)
        f.call("div", lambda a, b: a / b, a, b)
        f.call("pow", lambda a, b: a**b, a, b)
    for z in numbers[-40:] + numbers[:30]:
        for n in (0, 1, 2, 3, -1, -2, 7, 100, -100, 101, 0.5):
            f.call("pow", lambda a, b: a**b, z, complex(n))


def maths():
    f = File("maths.txt")
    reals = EDGES + [rng.uniform(-30, 30) for _ in some(150)] + [rng.uniform(-200, 200) for _ in some(80)] + [any_float() for _ in some(60)]
    reals += [float(n) for n in range(-5, 30)] + [n + 0.5 for n in range(-190, 190, 13)] + [1e-20, 1e-21, 1e-308, 1e-310, 171.6, 171.7, 139.9, 140.1, -139.9, -140.1]
    for x in reals:
        for name in "gamma", "lgamma", "erf", "erfc":
            f.call(name, getattr(math, name), x)
        f.call("ulp", math.ulp, x)
        if math.isfinite(x):
            f.call("frexp", math.frexp, x)
            f.call("ldexp", math.ldexp, x, rng.choice([0, 1, -1, -1074, 1023, -1100, 2000, -2200, 10**30, rng.randrange(-2200, 2200)]))
    for _ in some(400):
        x, y = any_float(), any_float()
        f.call("remainder", math.remainder, x, y)
        f.call("nextafter", lambda x, y, n: math.nextafter(x, y, steps=n), x, y, rng.choice([0, 1, 2, 3, 10**5, 2**62, 2**64 - 1]))
    for x in (0.0, -0.0, 5e-324, -5e-324, 1.0, math.inf, -math.inf, math.nan):
        for y in (0.0, -0.0, 5e-324, -5e-324, 1.0, math.inf, -math.inf, math.nan):
            for n in 0, 1, 2, 3, 2**64 - 1:
                f.call("nextafter", lambda x, y, n: math.nextafter(x, y, steps=n), x, y, n)
    for n in range(1, 40):
        f.call("remainder", math.remainder, n / 2, 3.0)
        f.call("remainder", math.remainder, -n / 2, 1.0)
    for _ in some(250):
        kind = rng.randrange(5)
        n = rng.randrange(0, 12)
        if kind == 0:
            xs = [any_float() for _ in range(n)]
        elif kind == 1:
            xs = [rng.uniform(-1, 1) for _ in range(n)]
        elif kind == 2:
            scale = 10.0 ** rng.randrange(-300, 300)
            xs = [rng.uniform(-1, 1) * scale * 10.0 ** rng.randrange(-7, 7) for _ in range(n)]
        elif kind == 3:
            xs = [rng.uniform(-1, 1) * 2.0**-1060 for _ in range(n)]
        else:
            xs = [float(rng.randrange(-10, 10)) * 2.0 ** rng.randrange(-60, 60) for _ in range(n)]
            xs += [-x for x in xs[: rng.randrange(n + 1)]]
        f.call("fsum", math.fsum, xs)
        f.call("hypot", lambda xs: math.hypot(*xs), xs)
        ys = [rng.choice([rng.uniform(-1, 1), rng.uniform(-1, 1) * 2.0 ** rng.randrange(-40, 40)]) for _ in xs]
        f.call("dist", math.dist, xs, ys)
        if xs:
            f.call("sumprod", math.sumprod, xs, ys)


for part in floats, parse, integers, complexes, maths:
    part()
