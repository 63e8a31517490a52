"""str: all methods, and codecs."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))


show(lambda: "".find(1))
show(lambda: "".find("a","b"))
show(lambda: "".count(1))
show(lambda: "".index("a"))
show(lambda: "".rindex("a"))
show(lambda: "".replace(1,2))
show(lambda: "".replace("a",2))
show(lambda: "".replace("a"))
show(lambda: "".replace("a","b","c"))
show(lambda: "".split(1))
show(lambda: "".split(""))
show(lambda: "".split(None, "a"))
show(lambda: "".split(sep=None, maxsplit=2))
show(lambda: "".partition(1))
show(lambda: "".partition(""))
show(lambda: "".startswith(1))
show(lambda: "".startswith((1,)))
show(lambda: "".join(1))
show(lambda: "".join([1]))
show(lambda: "".join())
show(lambda: "".strip(1))
show(lambda: "".center())
show(lambda: "".center("a"))
show(lambda: "".center(1,"ab"))
show(lambda: "".center(1,1))
show(lambda: "".ljust(1,"ab"))
show(lambda: "".zfill("a"))
show(lambda: "".expandtabs("a"))
show(lambda: "".encode(1))
show(lambda: "".encode("utf8", 1))
show(lambda: "".translate(1))
show(lambda: str.maketrans("a",1))
show(lambda: str.maketrans("a","bc"))
show(lambda: str.maketrans("a","b",1))
show(lambda: str.maketrans({"ab":1}))
show(lambda: str.maketrans("ab","cd","e"))
show(lambda: "".removeprefix(1))
show(lambda: "".splitlines(1))
show(lambda: "".splitlines("a"))
show(lambda: (lambda s: s["a"])("a"))
show(lambda: "a"[5])
show(lambda: (lambda s: s[1.5])("a"))
show(lambda: "a" + 1)
show(lambda: "a" * 1.5)
show(lambda: "a" * "b")
show(lambda: "a".__add__(1))
show(lambda: "a".__contains__(1))
show(lambda: 1 in "a")
show(lambda: str(1,"utf8"))
show(lambda: str("a","utf8"))
show(lambda: "a".__getitem__("a"))
show(lambda: "a".upper(1))
show(lambda: "é".encode("ascii"))
show(lambda: "\ud800".encode())
show(lambda: chr("a"))
show(lambda: ord("ab"))
show(lambda: bin("a"))
show(lambda: (1).to_bytes(1,"x"))
show(lambda: (1).__round__("a"))
show(lambda: (1.5).__round__("a"))
show(lambda: "a".isidentifier(1))
show(
    lambda: (5).__add__(3), lambda: (5).__add__(1.5), lambda: (5).__radd__(3), lambda: (5).__rsub__(3),
    lambda: (5).__pow__(2), lambda: (5).__pow__(2,3), lambda: (5).__rpow__(2), lambda: (5).__lt__(6),
    lambda: (5).__eq__("a"), lambda: (5).__divmod__(3), lambda: (5).__neg__(), lambda: (5).__bool__(),
    lambda: (5).__hash__(), lambda: (5).__index__(), lambda: (5).__float__(), lambda: (-5).__abs__(),
)
show(lambda: 1 < "a")
show(
    lambda: "a,b,c".split(","), lambda: "a b  c".split(), lambda: " a b ".split(" "), lambda: "a,b,c".rsplit(",", 1),
    lambda: "a,b,c".split(",", 1), lambda: "".split(), lambda: "".split(","), lambda: "a\nb\r\nc".splitlines(),
    lambda: "a\nb\n".splitlines(True), lambda: "abc".partition("b"), lambda: "abcbd".rpartition("b"),
    lambda: "abc".partition("x"), lambda: "a b c".rsplit(None, 1), lambda: "\u2003a\u2003b".split(),
)
show(
    lambda: ",".join(["a","b","c"]), lambda: "".join(("a","é","\U0001F600")), lambda: "x".join([]),
    lambda: "x".join(["a"]), lambda: "é".join(["a","b"]), lambda: "".join(c for c in ["1","2"]),
    lambda: ", ".join({"a":1,"b":2}),
)
show(
    lambda: "Hello World".upper(), lambda: "HELLO".lower(), lambda: "hello world".title(),
    lambda: "hello".capitalize(), lambda: "Hello".swapcase(), lambda: "ß".upper(), lambda: "ŉ".title(),
    lambda: "Straße".casefold(), lambda: "ΑΣ".lower(),
)
show(
    lambda: "abc".isalpha(), lambda: "12".isdigit(), lambda: "a1".isalnum(), lambda: " ".isspace(),
    lambda: "A".isupper(), lambda: "a".islower(), lambda: "Ab Cd".istitle(), lambda: "²".isdigit(),
    lambda: "½".isnumeric(), lambda: "abc".isidentifier(), lambda: "é".isascii(), lambda: "\x00".isprintable(),
    lambda: "1".isdecimal(),
)
show(
    lambda: "abcabc".find("c"), lambda: "abcabc".rfind("c"), lambda: "abcabc".find("x"), lambda: "abcabc".count("a"),
    lambda: "abcabc".index("b", 2), lambda: "abc".find("", 3), lambda: "abc".find("", 4),
    lambda: "abcabc".find("a", 1, 5), lambda: "abcabc".find("c", -2), lambda: "aaa".count(""),
    lambda: "abc".startswith("a"), lambda: "abc".startswith(("x","ab")), lambda: "abc".endswith("bc"),
    lambda: "abc".startswith("b", 1), lambda: "abc".endswith("b", 0, 2), lambda: "b" in "abc", lambda: "é" in "abc",
    lambda: "" in "",
)
show(
    lambda: "abcabc".replace("b","X"), lambda: "abcabc".replace("b","",1), lambda: "aaa".replace("","-"),
    lambda: "abc".removeprefix("a"), lambda: "abc".removesuffix("bc"), lambda: "abc".removeprefix("x"),
    lambda: "abc".replace("z","y"), lambda: "aXbX".replace("X", "é\u1234"),
)
show(
    lambda: "  a ".strip(), lambda: "xxaxx".strip("x"), lambda: "  a ".lstrip(), lambda: "  a ".rstrip(),
    lambda: "abcba".strip("ab"), lambda: "\u2003a".strip(),
)
show(
    lambda: "a".center(5), lambda: "a".center(4,"*"), lambda: "a".ljust(3,"-")+"|", lambda: "a".rjust(3),
    lambda: "42".zfill(5), lambda: "-42".zfill(5), lambda: "a\tb".expandtabs(), lambda: "a\tb".expandtabs(4),
    lambda: "abc".center(2),
)
show(
    lambda: "abc"[1], lambda: "abc"[-1], lambda: "abcdef"[1:4], lambda: "abcdef"[::-1], lambda: "abcdef"[::2],
    lambda: "abcdef"[5:1:-2], lambda: "héllo"[1], lambda: "abc"[5:], lambda: "h\U0001F600llo"[1:3], lambda: "abc"[:],
    lambda: "h\U0001F600llo"[2:],
)
show(
    lambda: "ab"*3, lambda: 3*"ab", lambda: "ab"*0, lambda: "ab"*-1, lambda: "é"*3, lambda: "a"*True, lambda: "a"+"é",
    lambda: "ab" < "b", lambda: "a" == "a", lambda: "a" != "b", lambda: "é" > "z",
)
show(
    lambda: "abc".translate({97: "X", 98: None, 99: 100}), lambda: "abc".translate(str.maketrans("ab", "xy")),
    lambda: "abc".translate(str.maketrans({"a": "1"})), lambda: "abc".translate(str.maketrans("a","b","c")),
)
show(
    lambda: "héllo".encode(), lambda: "héllo".encode("latin-1"), lambda: "abc".encode("utf-16"),
    lambda: "a\u1234".encode("ascii","replace"), lambda: "a\u1234".encode("ascii","backslashreplace"),
    lambda: "a\u1234".encode("ascii","ignore"), lambda: "\udc80".encode("utf8","surrogateescape"),
    lambda: "a".encode("UTF_32-be"),
)
show(lambda: "a".__len__(1))
show(lambda: str.join(",", ["a"]))
show(lambda: "a".foo)
show(lambda: setattr((5), "x", 1))
show(lambda: "abc".translate({97: 1.5}))
show(lambda: "abc".translate({97: -1}))
show(lambda: "abc".translate({97: 0x110000}))
show(lambda: str.maketrans("a", "b", "c"), lambda: str.maketrans({97: 98}), lambda: str.maketrans("", ""))
show(lambda: str.maketrans(1, "a"))
show(lambda: str.maketrans("abc"))
show(
    lambda: "a\tb\tc".expandtabs(0), lambda: "a\tb".expandtabs(tabsize=3), lambda: "\t\ta\nb\t".expandtabs(4),
    lambda: "abc".expandtabs(-1),
)
show(
    lambda: "x".center(10, "é"), lambda: "é".ljust(3, "\U0001F600"), lambda: "+5".zfill(4), lambda: "--5".zfill(6),
    lambda: "".zfill(3), lambda: "abc".zfill(2), lambda: "x".center(3).center(6), lambda: "ab".center(5),
    lambda: "ab".center(6, "-"), lambda: "abc".center(6,"-"),
)
show(
    lambda: "a" "b".join("xyz"), lambda: "".join([]), lambda: "-".join("é\u1234"),
    lambda: "-".join(str(i) for i in range(5)),
)
show(lambda: "-".join(["a", 1]))
show(lambda: "-".join(["a", None, "b"]))
show(lambda: "-".join(None))
show(
    lambda: "aXbXc".split("X", 0), lambda: "aXbXc".split("X", 1), lambda: "aXbXc".rsplit("X", 1),
    lambda: "aXXb".split("X"), lambda: "  a b ".split(None, 1), lambda: "  a b ".rsplit(None, 1),
    lambda: "a,b".split(sep=","), lambda: "a b".split(maxsplit=0), lambda: " a".split(maxsplit=0),
    lambda: "é\u1234é".split("\u1234"), lambda: "abc".split("abc"), lambda: "\x1fa\x1fb".split(),
)
show(
    lambda: "aaa".find("aa"), lambda: "aaa".rfind("aa"), lambda: "aaa".count("aa"),
    lambda: "a"*1000 + "b" == ("a"*1000 + "b"), lambda: ("a"*1000+"b").find("b"), lambda: ("ab"*500).count("ab"),
    lambda: ("ab"*500).rfind("ab"), lambda: "é\u1234".find("\u1234"), lambda: "abc".find("\u1234"),
    lambda: "abc".count("", 1), lambda: "abc".count("", 3), lambda: "abc".count("", 4), lambda: "".find(""),
    lambda: "abc".rfind(""), lambda: "abc".rfind("", 0, 2), lambda: "abc".find("c", -1),
    lambda: "abc".find("a", -100, 100), lambda: "abc".index("c", None, None), lambda: "abc".startswith("", 5),
    lambda: "abc".startswith("", 3), lambda: "abc".endswith("", 4), lambda: "abc".startswith(()),
    lambda: "abc".startswith("bc", 1, 3), lambda: "abc".endswith("bc", -2),
)
show(
    lambda: "abc".replace("", "-"), lambda: "abc".replace("", "-", 2), lambda: "".replace("", "x"),
    lambda: "".replace("", "x", 0), lambda: "aaaa".replace("aa", "b"), lambda: "aaaa".replace("a", "bb", 2),
    lambda: "abc".replace("b", ""), lambda: "aé".replace("é", "e"), lambda: "ab".replace("a", "\u1234"),
    lambda: "aaa".replace("a", "b", -5),
)
show(
    lambda: "İ".lower(), lambda: "ŉ".upper(), lambda: "ǆ".title(), lambda: "ﬁ".upper(), lambda: "ΑΣ Σ".lower(),
    lambda: "ᾳ".capitalize(), lambda: "Ǆ".swapcase(), lambda: "ẞ".casefold(), lambda: "hello WORLD it's".title(),
    lambda: "they're bill's".title(), lambda: "123abc".title(), lambda: "ὈΔΥΣΣΕΎΣ".lower(),
)
show(
    lambda: "".isalpha(), lambda: "".isascii(), lambda: "".isprintable(), lambda: "".isidentifier(),
    lambda: "1a".isidentifier(), lambda: "_".isidentifier(), lambda: "é".isidentifier(), lambda: "a b".isidentifier(),
    lambda: "٣".isdecimal(), lambda: "³".isdecimal(), lambda: "³".isdigit(), lambda: "一".isnumeric(),
    lambda: "Ⅷ".isnumeric(), lambda: "ǅ".istitle(), lambda: "A B".istitle(), lambda: "aB".istitle(),
    lambda: "\u2028".isspace(), lambda: "\x1c".isspace(), lambda: "\u00a0".isprintable(), lambda: "ª".islower(),
    lambda: "Ⓐ".isupper(), lambda: "def".isidentifier(),
)
show(
    lambda: "\ud800".encode("utf-8", "surrogatepass"), lambda: "\ud800".encode("utf-8", "replace"),
    lambda: "a\udcffb".encode("utf-8", "surrogateescape"), lambda: "\U0001F600".encode("utf-16-be"),
    lambda: "\U0001F600".encode("utf-8"), lambda: "é".encode("ascii", "ignore"), lambda: "é".encode("Latin-1"),
    lambda: "é".encode("iso-8859-1"), lambda: "a".encode("us-ascii"), lambda: "é".encode("utf-16"),
    lambda: "é".encode("utf_32_le"), lambda: "é".encode(encoding="utf8"), lambda: "é".encode(errors="strict"),
)
show(lambda: "é\u1234".encode("latin-1"))
show(lambda: "a\ud800b".encode("utf-8"))
show(lambda: "abcé".encode("ascii"))
show(lambda: "a" < 1)
show(lambda: 1 + "a")
show(lambda: [] + "a")
show(lambda: "a" - "b")
show(lambda: -"a")
show(lambda: +"a")
show(lambda: 5 ** "a")
show(lambda: 5 % "a")
show(lambda: "a" ** 2)
show(lambda: ord(""))
