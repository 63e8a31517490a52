"""int, bool, float and complex: construction, operators, methods, conversions."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))


show(lambda: str.maketrans(1))
show(lambda: str.maketrans({1.5:1}))
show(lambda: str(1,2))
show(lambda: chr(-1))
show(lambda: chr(0x110000))
show(lambda: ord(1))
show(lambda: hex(1.5))
show(lambda: oct([]))
show(lambda: round("a"))
show(lambda: round(1,"a"))
show(lambda: round(1.5,None))
show(lambda: divmod(1,"a"))
show(lambda: pow(1,"a"))
show(lambda: pow(2,-1,0))
show(lambda: pow(2.0,1,1))
show(lambda: pow("a",1,2))
show(lambda: abs("a"))
show(lambda: hash([]))
show(lambda: int("a",37))
show(lambda: int(1,2))
show(lambda: int([]))
show(lambda: int("a"*300))
show(lambda: int(x=1))
show(lambda: int(1,2,3))
show(lambda: float("a"))
show(lambda: float([]))
show(lambda: float(1,2))
show(lambda: complex("a"))
show(lambda: complex("1","2"))
show(lambda: complex(1,"2"))
show(lambda: complex([]))
show(lambda: (1).to_bytes(0))
show(lambda: (-1).to_bytes())
show(lambda: (1).to_bytes(1,1))
show(lambda: int.from_bytes("a"))
show(lambda: int.from_bytes([300]))
show(lambda: int.from_bytes(1))
show(lambda: int.__new__(str))
show(lambda: int.__new__(1))
show(lambda: str.__new__(int))
show(lambda: bool(1,2))
show(
    lambda: int(10**30), lambda: 10**30, lambda: -10**30 // 7, lambda: 10**30 % -7, lambda: divmod(-7,2),
    lambda: divmod(7,-2), lambda: divmod(-10**20, 10**10+1),
)
show(
    lambda: 2**100, lambda: 2**-1, lambda: (-2)**3, lambda: 0**0, lambda: pow(3,100,7), lambda: pow(3,-1,7),
    lambda: (-8)**(1/3),
)
show(
    lambda: 1<<100, lambda: (1<<100)>>98, lambda: -1>>100, lambda: 5&3, lambda: 5|3, lambda: 5^3, lambda: ~5,
    lambda: -5&10**20,
)
show(
    lambda: (5).real, lambda: (5).imag, lambda: (5).numerator, lambda: (5).denominator, lambda: (5).conjugate(),
    lambda: (5).as_integer_ratio(), lambda: (5).is_integer(), lambda: True.real,
)
show(
    lambda: round(12345,-2), lambda: round(15,-1), lambda: round(25,-1), lambda: round(-15,-1), lambda: round(5,3),
    lambda: round(10**20+5*10**9,-10), lambda: round(123,-5),
)
show(
    lambda: int.__add__(5, 6), lambda: int.__add__(True, 6), lambda: True + True, lambda: True & False,
    lambda: True | 1, lambda: True ^ True, lambda: -True, lambda: bool.__and__(True, 3), lambda: True.__and__(True),
    lambda: True.__repr__(), lambda: bool(), lambda: bool([]), lambda: bool("a"), lambda: str(True),
    lambda: int.__repr__(True),
)
show(
    lambda: 1.5+2, lambda: 1.5*2, lambda: 7.5//2, lambda: -7.5%2, lambda: 7.5/2, lambda: 2.0**0.5,
    lambda: divmod(7.5,2), lambda: divmod(-7.5,2), lambda: 1e308*10, lambda: -0.0, lambda: 0.1+0.2,
)
show(
    lambda: (1.5).__add__(1), lambda: (1.5).__add__("a"), lambda: (1.5).__radd__(1), lambda: (1.5).__rsub__(1),
    lambda: (1.5).__pow__(2), lambda: (1.5).__rpow__(2), lambda: (2.5).__round__(), lambda: (2.567).__round__(2),
    lambda: round(2.5), lambda: round(3.5), lambda: round(-2.5), lambda: round(2.675,2), lambda: round(1e22),
    lambda: round(1234.5678,-2), lambda: round(1.5e300,-300),
)
show(
    lambda: (1.5).hex(), lambda: float.fromhex("0x1.8p1"), lambda: float.fromhex("-0x1p-1074"),
    lambda: (0.1).as_integer_ratio(), lambda: (1.5).is_integer(), lambda: (2.0).is_integer(),
    lambda: (1.5).__trunc__(), lambda: (1.5).__floor__(), lambda: (1.5).__ceil__(), lambda: (1.5).__int__(),
    lambda: (1.5).__bool__(), lambda: (0.0).__bool__(), lambda: (1.5).conjugate(), lambda: (1.5).real,
    lambda: (1.5).imag, lambda: (1.5).__getnewargs__(),
)
show(
    lambda: hash(1.5), lambda: hash(2**61-1), lambda: hash(-1), lambda: hash(1.0), lambda: hash(float("inf")),
    lambda: hash(1j), lambda: hash(1+2j), lambda: hash(True), lambda: hash(-2.5),
)
show(
    lambda: 1j*1j, lambda: (1+2j)/(3-4j), lambda: (1+2j)**2, lambda: abs(3+4j), lambda: -(1+2j),
    lambda: (1+2j).conjugate(), lambda: complex("1+2j"), lambda: complex(1,2), lambda: complex("(3-4j)"),
    lambda: complex(1j,2j), lambda: complex(1.5), lambda: complex(True), lambda: (1+2j).real, lambda: (1+2j).imag,
    lambda: (1+2j) == 1+2j, lambda: (1+0j)==1, lambda: complex(), lambda: (1j).__complex__(),
    lambda: (1+2j).__getnewargs__(), lambda: 1j.__bool__(), lambda: (1j).__add__(1), lambda: (1j).__pow__(2),
)
show(lambda: 1j.__floordiv__)
show(lambda: 1j < 2)
show(lambda: 1j // 2)
show(lambda: 1 // 0)
show(lambda: 1 % 0)
show(lambda: 1 / 0)
show(lambda: 1.0 / 0)
show(lambda: 1.0 // 0)
show(lambda: 1.0 % 0)
show(lambda: divmod(1.0, 0))
show(lambda: 0.0 ** -1)
show(lambda: 1j / 0)
show(lambda: 1 << -1)
show(lambda: int("1"*5000))
show(lambda: str(10**5000))
show(lambda: int(float("nan")))
show(lambda: int(float("inf")))
show(lambda: round(float("nan")))
show(lambda: float("inf").as_integer_ratio())
show(lambda: float("nan").as_integer_ratio())
show(lambda: float(10**400))
show(lambda: 1.0 + 10**400)
show(lambda: 10**400 / 3)
show(lambda: (1).__class__, lambda: (1.5).__class__, lambda: "a".__class__, lambda: int.__name__, lambda: str.__name__)
show(
    lambda: 1 .__rdivmod__(7), lambda: (2).__rfloordiv__(7), lambda: (2).__rtruediv__(7), lambda: (2).__rmod__(7),
    lambda: (2).__rlshift__(1), lambda: (2).__rand__(3), lambda: (2).__ror__(1), lambda: (2).__rxor__(3),
    lambda: (2).__rmul__(3), lambda: (2.0).__rdivmod__(7),
)
show(lambda: type(int.__add__).__name__, lambda: type(str.join).__name__, lambda: type(int.__new__).__name__)
show(lambda: int.__doc__ is not None, lambda: str.__doc__ is not None)
show(
    lambda: complex("nan+infj"), lambda: complex("1e5"), lambda: complex(" 1j "), lambda: complex("-j"),
    lambda: complex("1+j"), lambda: complex("1_0+2j"), lambda: complex(real=1, imag=2), lambda: complex(1, 2.5),
    lambda: complex(1+1j, 1), lambda: complex(1, 1j),
)
show(lambda: complex("1 + 2j"))
show(lambda: complex(""))
show(lambda: complex(None))
show(lambda: complex(1, None))
show(lambda: int(""))
show(lambda: int(" "))
show(lambda: int("1 2"))
show(lambda: int("1__2"))
show(lambda: int("_1"))
show(lambda: int("0x"))
show(lambda: int("12", 2))
show(lambda: int("010", 0))
show(lambda: int("\ud800"))
show(lambda: int(None))
show(lambda: float(""))
show(lambda: float("1..2"))
show(lambda: float("1_"))
show(lambda: float("0x1p3"))
show(
    lambda: float("nan") != float("nan"), lambda: float("-inf"), lambda: float("+1.5"), lambda: float("1e5"),
    lambda: float(".5"), lambda: float("5."), lambda: float("infinity"), lambda: float("  1.5\t"),
    lambda: float("१.५"),
)
show(lambda: float(None))
show(lambda: float("1e"))
show(lambda: (256).to_bytes(1))
show(lambda: (128).to_bytes(1,signed=True))
show(lambda: (1).to_bytes(-1))
show(lambda: (5).bit_length(1))
show(lambda: (5).__add__())
show(lambda: (5).__add__(1,2))
show(lambda: int.real)
show(lambda: (5).real.__class__)
show(lambda: int.__add__("a", 1))
show(lambda: str.upper(5))
show(lambda: (5).foo)
show(lambda: str.maketrans())
show(lambda: 1 < 1j)
show(lambda: 1.5 << 1)
show(lambda: 1.5 & 1)
show(lambda: ~1.5)
show(lambda: 1 @ 2)
show(
    lambda: 2 ** 3 ** 2, lambda: (-2) ** 2, lambda: -2 ** 2, lambda: 2 ** -2, lambda: 0.5 ** 2, lambda: (-1) ** 0.5,
    lambda: 10 ** -3, lambda: 7 // -2, lambda: -7 // 2, lambda: 7 % -3, lambda: -7 % 3, lambda: 7.5 // -2,
    lambda: -7.5 % 3, lambda: 5 / 2, lambda: 6 / 3, lambda: 1e308 * 10, lambda: -5 // 1, lambda: 0 // 5,
    lambda: 0 % 5, lambda: 5 % 5.0, lambda: 3 % -0.5,
)
show(lambda: 10 ** 400 * 1.0)
show(lambda: pow(2, -1, 4))
show(lambda: pow(2, 3, 0))
show(lambda: pow(2.5, 3, 4))
show(lambda: pow(2, 3, "a"))
show(
    lambda: pow(2, 3, -5), lambda: pow(-2, 3, 5), lambda: pow(7, -1, 13), lambda: pow(0, 0, 5), lambda: pow(5, 0, 1),
    lambda: pow(2, 5, mod=7),
)
show(
    lambda: round(0.5), lambda: round(1.5), lambda: round(-0.5), lambda: round(2.675, 2), lambda: round(1e20),
    lambda: round(1.5, 0), lambda: round(-1.55, 1), lambda: round(5, -1), lambda: round(15, -1),
    lambda: round(25, -1), lambda: round(0, -5), lambda: round(12345.678, -2), lambda: round(1e-10, 5),
    lambda: round(1234567890123456789, -5), lambda: round(True), lambda: round(1.5, -400), lambda: round(1e308, -308),
)
show(lambda: round(1e308*1.7, -308))
show(lambda: round("a", 1))
show(lambda: round())
show(lambda: round(1, 2, 3))
show(lambda: abs(), lambda: 1)
show(lambda: chr(1.5))
show(lambda: chr(2**40))
show(lambda: bin(1.5))
show(lambda: divmod(1, 0))
show(lambda: divmod(1.0, 0.0))
show(lambda: divmod(1j, 1))
