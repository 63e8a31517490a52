"""Special methods of Python classes as the built-in types call them, and subclasses of built-in types."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))



class I(int): pass
class S(str): pass
class F(float): pass
class B(bytes): pass
class BA(bytearray): pass
class C(complex): pass
show(
    lambda: I(5), lambda: I(5)+1, lambda: type(I(5)+1) is int, lambda: S("abc").upper(), lambda: type(S("a")) is S,
    lambda: S("a")+"b", lambda: F(1.5)*2, lambda: B(b"ab")[0], lambda: B(b"ab").decode(), lambda: BA(b"xy"),
    lambda: C(1,2), lambda: I("7"), lambda: I.from_bytes(b"\x05"), lambda: type(I.from_bytes(b"\x05")) is I,
    lambda: S(b"a","utf8"), lambda: F.fromhex("0x1p3"), lambda: type(F.fromhex("0x1p3")) is F,
    lambda: B.fromhex("6162"), lambda: str(S("q")), lambda: type(str(S("q"))) is str, lambda: int(I(3)),
    lambda: float(F(2.5)), lambda: hash(I(5)) == 5, lambda: {I(5): 1}[5], lambda: "%d %s" % (I(5), S("x")),
    lambda: f"{I(5):03} {S('a'):>3}", lambda: I(5) == 5, lambda: I(5) < 6, lambda: -I(5), lambda: I(5).real,
    lambda: BA(b"ab").upper(), lambda: len(BA(b"abc")), lambda: S("a,b").split(","), lambda: ",".join([S("a"), "b"]),
)

class Ix:
    def __index__(self): return 3
class Fl:
    def __float__(self): return 2.5
class In:
    def __int__(self): return 7
class By:
    def __bytes__(self): return b"by"
class Fm:
    def __format__(self, s): return "<" + s + ">"
class St:
    def __str__(self): return "st"
    def __repr__(self): return "rp"
class Ro:
    def __round__(self, n=None): return ("r", n)
class Ab:
    def __abs__(self): return "ab"
show(
    lambda: int(Ix()), lambda: float(Ix()), lambda: hex(Ix()), lambda: "abcdef"[Ix()], lambda: "ab"*Ix(),
    lambda: [1,2,3,4][Ix()], lambda: "abcdef"[:Ix()], lambda: int(In()), lambda: float(Fl()), lambda: complex(Fl()),
    lambda: bytes(By()), lambda: bytes(Ix()), lambda: format(Fm(),"q"), lambda: f"{Fm():zz}",
    lambda: "{:a}".format(Fm()), lambda: "%s %r" % (St(), St()), lambda: str(St()), lambda: f"{St()} {St()!r}",
    lambda: round(Ro()), lambda: round(Ro(), 2), lambda: abs(Ab()), lambda: "%d" % In(), lambda: "%x" % Ix(),
    lambda: "%f" % Fl(), lambda: b"%s" % By(), lambda: bytes([Ix()]), lambda: b"abcdef"[Ix()],
    lambda: (1).__round__(Ix()), lambda: "%5.1f|%c" % (Fl(), Ix()),
)
show(
    lambda: int("12", base=Ix()), lambda: int("12", 3), lambda: "a".center(Ix()),
    lambda: "a-b-c-d-e".split("-", Ix()), lambda: "abcabc".find("c", Ix()),
)

class S(str):
    def __str__(self): return "S!"
    def __repr__(self): return "R!"
    def __format__(self, f): return "F!" + f
    def __len__(self): return 99
    def upper(self): return "U"
show(
    lambda: str(S("a")), lambda: f"{S('a')}", lambda: "%s" % S("a"), lambda: "{}".format(S("a")),
    lambda: "{:5}".format(S("a")), lambda: len(S("a")), lambda: S("a").upper(), lambda: str.upper(S("a")),
    lambda: S("a") + "b", lambda: ",".join([S("a")]), lambda: "x".join([S("a"), S("b")]),
    lambda: type(",".join([S("a")])) is str, lambda: S("abc")[0], lambda: S("abc").replace("z","y"),
    lambda: type(S("abc").replace("z","y")) is str, lambda: type(S("abc").strip()) is str,
    lambda: type(S("abc")[:]) is str, lambda: S("a") == "a", lambda: hash(S("a")) == hash("a"),
    lambda: {"a": 1}[S("a")], lambda: S("a") in "abc", lambda: "a" in S("abc"), lambda: [c for c in S("ab")],
)

class I(int):
    def __int__(self): return 42
    def __index__(self): return 43
    def __float__(self): return 44.0
    def __repr__(self): return "I!"
    def __str__(self): return "SI"
    def __bool__(self): return False
    def __add__(self, o): return "add"
    def __radd__(self, o): return "radd"
show(
    lambda: int(I(5)), lambda: float(I(5)), lambda: I(5), lambda: str(I(5)), lambda: f"{I(5)}", lambda: "%d" % I(5),
    lambda: "%s" % I(5), lambda: f"{I(5):d}", lambda: hex(I(5)), lambda: bool(I(5)), lambda: I(5) + 1,
    lambda: 1 + I(5), lambda: [0]*10 == [0]*I(10), lambda: "abcdefgh"[I(2)], lambda: round(I(5)), lambda: abs(I(-5)),
    lambda: -I(5), lambda: I(5) * 2, lambda: divmod(I(7), 2), lambda: I(7) & 3, lambda: range(I(3)),
    lambda: chr(I(97)), lambda: complex(I(5)),
)

class F(float):
    def __float__(self): return 99.0
    def __int__(self): return 98
    def __repr__(self): return "F!"
    def __hash__(self): return 5
show(
    lambda: float(F(1.5)), lambda: int(F(1.5)), lambda: F(1.5), lambda: str(F(1.5)), lambda: f"{F(1.5)}",
    lambda: f"{F(1.5):.1f}", lambda: "%f" % F(1.5), lambda: F(1.5)+1, lambda: round(F(1.5)), lambda: hash(F(1.5)),
    lambda: F(1.5) == 1.5, lambda: abs(F(-1.5)), lambda: F(2.5).is_integer(), lambda: F(2.5).hex(),
    lambda: type(F.fromhex("0x1p0")), lambda: complex(F(1.5)),
)

class T:
    def __getitem__(self, k): return {97: "X", 98: None, 99: 100, 100: "long"}[k]
show(
    lambda: "abcde".translate(T()), lambda: "abc".translate([1,2,3]), lambda: "abc".translate({97: "\U0001F600"}),
    lambda: "abc".translate({}),
)

class Q:
    def __bytes__(self): return "a"
show(lambda: bytes(Q()))

class Q:
    def __index__(self): return "a"
show(lambda: int(Q()))
show(lambda: bytes(Q()))

class Q:
    def __int__(self): return "a"
show(lambda: int(Q()))

class Q:
    def __float__(self): return 1
show(lambda: float(Q()))

class Q:
    def __complex__(self): return 1
show(lambda: complex(Q()))

class Q:
    def __str__(self): return 1
show(lambda: str(Q()))
show(lambda: "%s" % Q())

class Q:
    def __repr__(self): return 1

class Q:
    def __format__(self, s): return 1
show(lambda: format(Q()))

class Q:
    def __hash__(self): return "a"
show(lambda: hash(Q()))

class Q:
    def __hash__(self): return 2**100
show(lambda: hash(Q()), lambda: hash(Q()) == hash(2**100))

class Q:
    def __trunc__(self): return 5
    def __index__(self): return 9
show(lambda: int(Q()), lambda: hex(Q()), lambda: "%d" % Q(), lambda: float(Q()))

class Q:
    def __radd__(self, o): return ("radd", o)
    def __rmul__(self, o): return ("rmul", o)
    def __rmod__(self, o): return ("rmod", o)
    def __eq__(self, o): return ("eq", o)
    def __gt__(self, o): return ("gt", o)
show(
    lambda: "a" + Q(), lambda: "a" * Q(), lambda: 5 + Q(), lambda: 5 % Q(), lambda: 1.5 + Q(), lambda: b"a" + Q(),
    lambda: "a" == Q(), lambda: 5 < Q(), lambda: "a" < Q(), lambda: 5 == Q(), lambda: True + Q(), lambda: 1j + Q(),
)
show(lambda: "%s" % Q() == "", lambda: 1)

class M(str):
    def __mod__(self, o): return "mod"
    def __rmod__(self, o): return "rmod"
show(lambda: M("a") % 1, lambda: "a" % M("b"), lambda: "%s" % M("q"))
