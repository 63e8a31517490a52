"""The format mini-language, str.format and printf-style formatting."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))


show(lambda: format(1,2))
show(lambda: format("a","d"))
show(lambda: format([],"d"))
show(lambda: format(1,"q"))
show(lambda: 1.5.__format__(1))
show(lambda: "{}".format())
show(lambda: "{0}{}".format(1,2))
show(lambda: "{}{0}".format(1,2))
show(lambda: "{a}".format())
show(lambda: "{".format())
show(lambda: "}".format())
show(lambda: "{0[}".format(1))
show(lambda: "{!x}".format(1))
show(lambda: "{!}".format(1))
show(lambda: "{0.}".format(1))
show(lambda: "{0[a]}".format({}))
show(lambda: "{0!r:>{1}}".format(1,5))
show(lambda: "{:{:{}}}".format(1,2,3))
show(lambda: "%d" % "a")
show(lambda: "%d" % 1.5)
show(lambda: "%x" % 1.5)
show(lambda: "%c" % "ab")
show(lambda: "%c" % 0x110000)
show(lambda: "%c" % 1.5)
show(lambda: "%" % ())
show(lambda: "%q" % 1)
show(lambda: "%d" % ())
show(lambda: "a" % 1)
show(lambda: "a" % {})
show(lambda: "%d%d" % 1)
show(lambda: "%(a)d" % 1)
show(lambda: "%(a)d" % {})
show(lambda: "%*d" % ("a",1))
show(lambda: "%.*f" % (2,1))
show(lambda: "%s %s" % (1,))
show(lambda: "%s" % (1,2))
show(lambda: "%f" % "a")
show(
    lambda: (5).__getnewargs__(), lambda: (5).__trunc__(), lambda: (5).__floor__(), lambda: (5).__ceil__(),
    lambda: (5).__round__(), lambda: (5).__format__("05d"),
)
show(
    lambda: format(3.14159, ".2f"), lambda: format(1234567, ","), lambda: format(1234567.891, ",.2f"),
    lambda: format(255, "#x"), lambda: format(255, "#010b"), lambda: format(-5, "+d"), lambda: format(5, "=+5"),
    lambda: format(3.0, "g"), lambda: format(1e10, "e"), lambda: format(0.25, "%"), lambda: format("abc", ">10"),
    lambda: format("abc", "*^9"), lambda: format("abcdef", ".3"), lambda: format(True, "d"), lambda: format(65, "c"),
    lambda: format(1+2j, ".2f"), lambda: format(1e-10, ".3g"), lambda: format(123456789.123, "_.1f"),
)
show(lambda: f"{3.14159:.2f} {5:>5} {'a':<5}| {255:x} {1+1} {'q'!r} {10:{3}}")
show(
    lambda: "{} {}".format(1, 2), lambda: "{0} {1} {0}".format("a", "b"), lambda: "{a} {b}".format(a=1, b=2),
    lambda: "{0[1]} {0[0]}".format([1,2]), lambda: "{0.real}".format(5), lambda: "{:>{w}}".format("x", w=5),
    lambda: "{{}}".format(), lambda: "{!r}".format("a"), lambda: "{:.3f}".format(3.14159),
    lambda: "{x[k]}".format(x={"k": 5}),
)
show(
    lambda: "%s %d %5.2f %x %r %%" % ("a", 5, 3.14159, 255, "q"), lambda: "%(a)s %(b)d" % {"a": 1, "b": 2},
    lambda: "%-5s|" % "a", lambda: "%05d" % 42, lambda: "%+d" % 5, lambda: "%e" % 12345.678,
    lambda: "%c%c" % ("a", 66), lambda: "%s" % [1,2], lambda: "%s" % (None,), lambda: "%*d" % (5, 42),
    lambda: "%#x %#o" % (255, 8), lambda: "%.3s" % "abcdef", lambda: "%i %u" % (3.7, 4), lambda: "%g" % 1e-5,
    lambda: "% d" % 5, lambda: "%a" % "é", lambda: "%5s%%" % "é",
)
show(
    lambda: "abc".__len__(), lambda: "abc".__contains__("b"), lambda: "abc".__getitem__(0),
    lambda: "abc".__add__("d"), lambda: "abc".__mul__(2), lambda: "abc".__rmul__(2), lambda: "%d".__mod__(5),
    lambda: "abc".__eq__("abc"), lambda: "abc".__eq__(1), lambda: "abc".__lt__("abd"),
    lambda: "abc".__hash__() == hash("abc"), lambda: "abc".__repr__(), lambda: "abc".__str__(),
    lambda: "abc".__format__(">5"), lambda: "abc".__getnewargs__(),
)
show(
    lambda: hex(255), lambda: oct(8), lambda: bin(5), lambda: chr(97), lambda: chr(0x1F600), lambda: ord("a"),
    lambda: ord("😀"), lambda: ascii("é"), lambda: divmod(7,2), lambda: pow(2,10), lambda: pow(2,10,7),
    lambda: abs(-5), lambda: abs(-1.5), lambda: abs(-10**20), lambda: hash("a") == hash("a"), lambda: format(5,"3"),
)
show(
    lambda: "{:d}".format(True), lambda: "{:5}|{:<5}|{:^5}".format(1, 2, 3), lambda: "{:+.2e}".format(12345.678),
    lambda: "{:,}".format(10**15), lambda: "{:_x}".format(2**40), lambda: "{:#b}".format(5),
    lambda: "{:08.3f}".format(3.14159), lambda: "{:%}".format(0.5), lambda: "{:n}".format(1234),
    lambda: "{!a}".format("é"), lambda: "{!s:>5}".format(1),
)
show(
    lambda: "%s" % {"a": 1}, lambda: "%(a)s" % {"a": 1, "b": 2}, lambda: "%s" % "x", lambda: "%s" % ((1,2),),
    lambda: "%s %s" % [1,2],
)
show(
    lambda: "%r" % ("\ud800",), lambda: "%10.3s|" % "abcdef", lambda: "%-10s|" % "abc", lambda: "%+05d" % 3,
    lambda: "%+ d" % 3, lambda: "%x" % -255, lambda: "%X" % 255, lambda: "%#X" % 255, lambda: "%o" % -8,
    lambda: "%e" % 0, lambda: "%E" % 1e100, lambda: "%G" % 1e-10, lambda: "%.0f" % 0.5, lambda: "%.0f" % 1.5,
    lambda: "%.10g" % 0.1, lambda: "%#.3g" % 1, lambda: "%5c|" % "a", lambda: "%-5c|" % 97, lambda: "%ld" % 5,
    lambda: "%d" % True, lambda: "%s" % True, lambda: "%d" % 10**30, lambda: "%d" % -10**30, lambda: "%.50d" % 7,
    lambda: "%.3d" % -7, lambda: "%07.2f" % -3.14159, lambda: "%s%%" % 5, lambda: "%%" % (), lambda: "%%d" % (),
    lambda: "%f" % float("inf"), lambda: "%5.1f" % float("nan"), lambda: "%d" % 3.99, lambda: "%i" % -3.99,
)
show(lambda: "%d" % float("nan"))
show(lambda: "%d" % float("inf"))
show(lambda: "%c" % -1)
show(lambda: "%(" % {})
show(lambda: "%(a" % {"a":1})
show(lambda: "%.*s" % (3, "abcdef"), lambda: "%-*d|" % (5, 42), lambda: "%*d|" % (-5, 42))
show(lambda: "%s" % ())
show(lambda: "%(a)s %s" % {"a": 1})
show(lambda: "%(a)s" % [1])
show(lambda: "%(a)s" % "x")
show(lambda: "%(a(b))s" % {"a(b)": 1})
show(
    lambda: "{0.__class__.__name__}".format(5), lambda: "{a.b}".format(a=type("T",(),{"b":7})),
    lambda: "{0[0][1]}".format([[1,2]]), lambda: "{:{}}".format("x", 5), lambda: "{:{a}{b}}".format(1, a=">", b=4),
    lambda: "{0:{1}}".format(3.14159, ".2f"), lambda: "{:}".format(5), lambda: "{!s}".format(None),
    lambda: "{:>{}}".format("ab", 6), lambda: "{[a]}".format({"a": 3}), lambda: "{x!r:>5}".format(x="a"),
)
show(lambda: "{a}".format_map({"a": 1}), lambda: "{a[0]}".format_map({"a": [5]}), lambda: "{0}".format_map({"a": 1}))
show(lambda: "{}".format_map([1]))
show(lambda: "{0}".format_map([1]))
show(lambda: "{a}".format_map({}))
show(lambda: "{!}".format(1))
show(lambda: "{!rx}".format(1))
show(lambda: "{!r".format(1))
show(lambda: "{:".format(1))
show(lambda: "{a".format(a=1))
show(lambda: "{0!".format(1))
show(lambda: "{1}".format(1))
show(lambda: "{-1}".format(1))
show(lambda: "{99999999999999999999}".format(1))
show(lambda: "{0[}".format([1]))
show(lambda: "{0]}".format([1]))
show(lambda: "{0[0}".format([1]))
show(lambda: "{0[0]x}".format([1]))
show(lambda: "{0.a.b}".format(1))
show(lambda: "{:d}".format("a"))
show(lambda: "{:s}".format(5))
show(lambda: "{:.2d}".format(5))
show(lambda: "{:,s}".format("a"))
show(lambda: "{:=5}".format("a"))
show(lambda: "{:+}".format("a"))
show(lambda: "{:5.3q}".format(1.5))
show(lambda: "{:.99999999999999999999f}".format(1.5))
show(lambda: "{:c}".format(-1))
show(lambda: "{:+c}".format(65))
show(lambda: "{:#s}".format("a"))
show(lambda: "{:,_}".format(1))
show(lambda: "{:.f}".format(1.0))
show(
    lambda: "{:10.3}".format("abcdef"), lambda: "{:<10}|".format("abc"), lambda: "{:010}".format(5),
    lambda: "{:010}".format("a"), lambda: "{:-^20}".format("mid"), lambda: "{:é>5}".format("x"),
    lambda: "{: }".format(5), lambda: "{:+,}".format(12345), lambda: "{:>+8.2f}".format(1.5),
    lambda: "{:x<8}".format(5), lambda: "{:g}".format(10**20), lambda: "{:e}".format(5), lambda: "{:%}".format(1),
    lambda: "{:f}".format(10**20), lambda: "{:c}".format(0x1F600), lambda: "{:z.1f}".format(-0.01),
    lambda: "{:b}".format(-5), lambda: "{:#o}".format(8), lambda: "{:X}".format(255), lambda: "{:#X}".format(255),
    lambda: "{:08b}".format(5), lambda: "{:#010x}".format(255), lambda: "{:_b}".format(1000),
    lambda: "{:_}".format(10**9), lambda: "{:,.3f}".format(1234567.8912), lambda: "{:020,.2f}".format(12345.678),
    lambda: "{:<020,}".format(12345), lambda: "{:G}".format(1e-10), lambda: "{:.3}".format(3.14159),
    lambda: "{:.3}".format(123456.0), lambda: "{:}".format(1e16), lambda: "{:.0f}".format(2.5),
    lambda: "{:#.0f}".format(2.5), lambda: "{:n}".format(1234.5), lambda: "{:.3%}".format(0.12345),
    lambda: "{:f}".format(float("nan")), lambda: "{:F}".format(float("inf")),
    lambda: "{:010.3f}".format(float("-inf")),
)
show(
    lambda: "{:.2f}".format(1+2j), lambda: "{:>20}".format(1+2j), lambda: "{:g}".format(1+2j),
    lambda: "{:e}".format(1+2j), lambda: "{:.3}".format(1+2j), lambda: "{:+}".format(1+2j),
    lambda: "{}".format(1e100+2j), lambda: "{:,}".format(12345+2j),
)
show(lambda: "{:05}".format(1j))
show(lambda: "{:=20}".format(1j))
show(lambda: "{:%}".format(1j))
show(lambda: "{}".format(float("1e16")), lambda: str(1e22))
show(lambda: "5" % 5)
show(
    lambda: 10 ** 400 / 10 ** 399, lambda: 10 ** 25 // 10 ** 5, lambda: (10 ** 25) % 7, lambda: -(10 ** 25) // 3,
    lambda: (2**200) ** 2 == 2**400, lambda: (2**64) * (2**64), lambda: (2**64) - (2**64) + 1, lambda: 2**63 - 1 + 1,
    lambda: -2**63 - 1, lambda: (3**100) & (2**64-1), lambda: (3**100) | 1, lambda: (3**100) ^ (3**99),
    lambda: ~(3**50), lambda: (3**100) >> 10, lambda: (3**50) << 10, lambda: -(3**100) >> 3,
    lambda: divmod(3**100, 2**50), lambda: divmod(-(3**100), 2**50), lambda: pow(3, 1000, 10**20),
    lambda: pow(2, 10**6, 997), lambda: (10**30).bit_length(), lambda: (10**30).bit_count(), lambda: int(1e30),
    lambda: float(10**30), lambda: round(10**30, -29), lambda: hash(10**30), lambda: str(10**30), lambda: hex(10**30),
    lambda: oct(10**15), lambda: bin(10**10), lambda: format(10**30, ","), lambda: f"{10**30:e}",
    lambda: int("1" * 100), lambda: -int("9" * 50), lambda: (10**30).as_integer_ratio(),
    lambda: (10**30).to_bytes(13, "big"),
)
show(
    lambda: format(5, "d"), lambda: format("a"), lambda: format(None), lambda: format([1]), lambda: format(5.5, ""),
    lambda: format(True), lambda: format(True, "d"), lambda: format(5, "5"),
)
show(lambda: format(None, "5"))
show(lambda: format(5, "s"))
