# Patterns of every construct, on text and bytes, with the whole state of each match.
import re, warnings
warnings.simplefilter("ignore")

def show(m):
    return None if m is None else (m.span(), m.groups(), m.regs, m.lastindex, m.lastgroup)

def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)

CASES = [
    (r"", ["", "abc"]),
    (r"abc", ["abc", "xabcabc", "ab", ""]),
    (r"a.c", ["abc", "a\nc", "xxaxc"]),
    (r"(?s)a.c", ["a\nc"]),
    (r"a*", ["", "aaa", "baaa"]),
    (r"a+?", ["aaa"]),
    (r"a*?b", ["aaab", "aaac"]),
    (r"a{2,3}", ["a", "aa", "aaaa"]),
    (r"a{2,3}?", ["aaaa"]),
    (r"a{,2}b", ["aaab"]),
    (r"a?+a", ["a", "aa"]),
    (r"a*+a", ["aaa"]),
    (r"a*+b", ["aaab"]),
    (r"(?:ab)*+a", ["ababa", "abab"]),
    (r"(?:ab|a)*+b", ["abab", "aab", "ababb"]),
    (r"(a|ab)*+c", ["abac", "aac"]),
    (r"(?:ab){2,3}+", ["ab", "ababababab"]),
    (r"(?>a*)ab", ["aaab"]),
    (r"(?>a|ab)c", ["abc", "ac"]),
    (r"(?>(a)|(b))+c", ["abac", "bbc"]),
    (r"(?=(a+))a*b\1", ["baaabac"]),
    (r"(?=(a+))", ["baaabac"]),
    (r"(?!a)b|a(?!b)", ["ab", "ac", "b"]),
    (r"(?<=abc)def", ["abcdef", "def"]),
    (r"(?<!abc)def", ["abcdef", "def", "bcdef"]),
    (r"(?<=a|b)c", ["ac", "bc", "c"]),
    (r"(?<!^)a", ["aa", "a"]),
    (r"((a)|(b))*", ["abba", ""]),
    (r"(?:(a)|b)*", ["ab", "ba"]),
    (r"(?:(a)|(b)|(c))+", ["abcab", "cab"]),
    (r"(a*)*", ["aaa", "b"]),
    (r"(a*)+", ["aaa", "b"]),
    (r"(a|b)*?c", ["abac"]),
    (r"(?:a|(b))+?c", ["abac"]),
    (r"(a?)*?b", ["aab"]),
    (r"(?:a?)*?y", ["z"]),
    (r"(?:a?){3,5}?y", ["aay", "y"]),
    (r"(.*?)(\d+)$", ["abc123", "1"]),
    (r"^(\w+)\s*=\s*(.*?)\s*$", ["key = value  ", "=x"]),
    (r"(?P<y>\d{4})-(?P<m>\d\d)", ["on 2024-05-06"]),
    (r"(?P<a>a)?(?P<b>b)?c", ["ac", "bc", "abc", "c"]),
    (r"(\w)\1", ["hello", "abc"]),
    (r"(?i)(\w)\1", ["aAb", "ßSS"]),
    (r"(?P<q>['\"]).*?(?P=q)", ["say 'it' \"now\""]),
    (r"(a)?(?(1)b|c)", ["ab", "c", "ac", "b"]),
    (r"(a)?(?(1)b)c", ["abc", "c", "ac"]),
    (r"(?:(a)|x)(?(1)[\x0f]|y)", ["a\x0f", "xy", "ay"]),
    (r"[abc]+", ["xxabcab", "x"]),
    (r"[^abc]+", ["abcxyz"]),
    (r"[a-z&&[^b]]|[[x]", ["["]),
    (r"[\w-]+", ["foo-bar baz"]),
    (r"[\d\s]+", ["a1 2\t3b"]),
    (r"[^\W\d_]+", ["12_añb3"]),
    (r"[]x-]+", ["a]-x"]),
    (r"[а-яё]+", ["Привет, ёж"]),
    (r"(?i)[а-яё]+", ["Привет, ЁЖ"]),
    (r"[\u0100-\uffff\U00010000-\U0010ffff]+", ["ab\u0101\U0001f600c"]),
    (r"[aā\u4e00\U0001f600]+", ["xaā\u4e00\U0001f600y"]),
    (r"(?i)abc", ["xABc"]),
    (r"(?i)[a-c]+", ["xABcd"]),
    (r"(?i)k", ["K", "\u212a"]),
    (r"(?i)s", ["ſ"]),
    (r"(?i)ß", ["ß", "ẞ", "SS"]),
    (r"(?i)[ǆ]", ["ǅ", "Ǆ"]),
    (r"(?i)\U00010428", ["\U00010400"]),
    (r"(?i)[\U00010428-\U00010430]", ["\U00010400"]),
    (r"(?ai)k", ["K", "\u212a"]),
    (r"(?i)[^k]", ["K", "x"]),
    (r"(?i:a)b", ["Ab", "AB"]),
    (r"(?-i:a)b|(?i:c)", ["C"]),
    (r"\bfoo\b", ["a foo.", "afoo", "foo"]),
    (r"\Boo\b", ["foo", "oo"]),
    (r"\B", ["", "a", "ab"]),
    (r"(?a)\b\w+", ["ñandu", "é"]),
    (r"\w+", ["ñandú_1 x", "٣٤"]),
    (r"(?a)\w+", ["ñandú"]),
    (r"\d+", ["٣٤5", "x"]),
    (r"(?a)\d+", ["٣٤5"]),
    (r"\s+", ["a\u00a0\u2003b"]),
    (r"(?a)\s+", ["a\u00a0 b"]),
    (r"\S+\D\W", ["abc1x!"]),
    (r"^b", ["a\nb", "b"]),
    (r"(?m)^b", ["a\nb"]),
    (r"a$", ["a\n", "a\nb", "ba"]),
    (r"(?m)a$", ["a\nb"]),
    (r"a\Z", ["a\n", "ba"]),
    (r"\Aa", ["a", "\na"]),
    (r"(?x) a  b # comment", ["ab"]),
    (r"foo|foobar|bar", ["foobar", "xbar"]),
    (r"(?:foo|foobar)$", ["foobar"]),
    (r"aab", ["aaab", "aaaaaaab"]),
    (r"\u4e00\u4e01", ["x\u4e00\u4e00\u4e01", "abc"]),
    (r"x*y|z", ["xxxz"]),
    (r".*\n", ["ab\ncd\n"]),
    (r"(?s:.)*x(?-s:.)", ["a\nxb"]),
    (r"((((a))))(b)", ["ab"]),
    (r"(a(b)?)+", ["aba"]),
    (r"(a(b)?)+?c", ["abac"]),
    (r"(?:(x)|(y))*?z", ["xyz"]),
    (r"^((a)?b)*$", ["abb", "bab"]),
    (r"(?=(?P<n>a))(?P=n)", ["a"]),
    (r"(?!(a)b)a", ["ac", "ab"]),
    (r"a{0}b", ["ab"]),
    (r"(a){0}b", ["ab"]),
    (r"(?!)", ["a"]),
    (r"(?:)*x", ["x"]),
    (r"(?:a{2}){2}|(?:b{1,}){2}", ["aaaa", "bb"]),
]
for pattern, subjects in CASES:
    p = attempt(re.compile, pattern)
    if isinstance(p, tuple):
        print(ascii(pattern), p)
        continue
    for s in subjects:
        print(ascii(pattern), ascii(s), ascii([show(f(s)) for f in (p.match, p.fullmatch, p.search)]))
        print("   ", ascii(p.findall(s)), ascii(p.split(s)), ascii(p.subn("<\\g<0>>", s)), [m.span() for m in p.finditer(s)])
        if pattern.isascii() and s.isascii() and "\\u" not in pattern and "\\U" not in pattern:
            b = re.compile(pattern.encode())
            print("   ", show(b.search(s.encode())), b.findall(s.encode()), b.sub(b"-", s.encode()))
    if len(subjects[0]) > 1:
        s = subjects[0]
        print("   ", [show(p.search(s, i, len(s) - j)) for i in range(2) for j in range(2)], show(p.match(s, 1)))

# Locale patterns, bytes only.
print(re.findall(rb"(?L)\w+", b"ab \xe9c"), re.findall(rb"(?Li)AB[c-d]", b"abC aBd"), re.findall(rb"(?Li)(a)\1", b"aA"))

# Positions.
p = re.compile("a*")
print([show(p.search("baac", i, j)) for i in (-5, 0, 1, 9) for j in (-1, 0, 3, 9)])
print(show(re.compile("^a").search("ba", 1)), show(re.compile("a$").search("ab", 0, 1)), show(re.compile("(?<=b)a").search("ba", 1)))

# Matches.
m = re.compile(r"(?P<first>\w+) (?P<second>\w+)?(x)?").search("say hello you", 1, 8)
print(m, m.re.pattern, m.string, m.pos, m.endpos, m.lastindex, m.lastgroup, bool(m))
print(m.group(), m.group(0), m.group(1, "second"), m["first"], m[2], m[3], m.groups("-"), m.groupdict(0))
print(m.start(), m.end("first"), m.span(2), m.span(3), m.regs, m.expand(r"\2 \1\t\g<first>[\3]"))
for bad in (4, -1, "third", None, 1.5, [], 10**30):
    print(attempt(m.group, bad), attempt(m.__getitem__, bad), attempt(m.start, bad))
import copy
print(copy.copy(m) is m, copy.deepcopy(m) is m, re.Match[str], re.Pattern[bytes], type(m), type(m.re))
print(attempt(re.Match), attempt(type(m.re)))

# Patterns.
p = re.compile(r"(?P<x>a)(b)", re.I | re.M)
print(p, p.flags, p.groups, dict(p.groupindex), type(p.groupindex).__name__, copy.copy(p) is p)
print(re.compile("a" * 300).__repr__()[-10:], re.compile(b"x", re.A), re.compile("x", re.A | re.X | re.S))
print(p == re.compile(r"(?P<x>a)(b)", re.I | re.M), p == re.compile(r"(?P<x>a)(b)"), re.compile("a") == re.compile(b"a"), p == 1)
print(hash(p) == hash(re.compile(r"(?P<x>a)(b)", re.I | re.M)), len({re.compile("a"), re.compile("a"), re.compile("b")}))
print(attempt(p.match, b"x"), attempt(re.compile(b"x").match, "x"), attempt(p.match, 5), attempt(p.match))
print(attempt(lambda: p < p), attempt(p.search, "s", "x"), attempt(p.split, "a", None))
print(re.compile(b"a+").findall(bytearray(b"xaay")), re.compile(b"a+").sub(b"-", memoryview(b"xaay")), re.search(b"a+", bytearray(b"xaay"))[0])

# Replacements.
print(re.sub("a", "b", "banana", 2), re.sub("", "-", "abc"), re.sub("x*", "-", "abxd"), re.subn("b*", "<\\g<0>>", "abbc"))
print(re.sub(r"(a)|(b)", lambda m: m.lastindex * "#", "abc"), re.sub("a", lambda m: None, "bab"))
print(re.sub(r"(?P<n>\d)", r"[\g<n>\1\\\n]", "a1b2"), re.sub("(a)|b", r"(\1)", "ab"), re.sub(b"(.)", rb"\1\1", b"ab"))
for bad in (r"\2", r"\g<x>", r"\g<1", r"\q", 5, b"x"):
    print(attempt(re.sub, "(a)", bad, "a"))
print(attempt(re.sub, "a", lambda m: 5, "a"), attempt(re.sub, "a", lambda m: 1 / 0, "a"))
print(re.split(r"(,)|;", "a,b;c"), re.split("x*", "axbc"), re.split(",", "a,b,c", 1), re.split(",", ""), re.escape("a.b*c"))

class S(str):
    pass
r = [re.sub("x", "y", S("ab")), re.match(".*", S("ab")).group(), re.split("b", S("ab"))]
print([type(v).__name__ for v in r[:2]], r, type(re.match("", S("a")).string).__name__)

# Scanners.
s = re.compile(r"\d*").scanner("12 3")
print([show(s.search()) for _ in range(6)], s.pattern)
s = re.compile(r"\w").scanner("ab c")
print([show(s.match()) for _ in range(4)])
lexer = re.Scanner([(r"[a-z]+", lambda s, t: t.upper()), (r"\d+", lambda s, t: int(t)), (r"\s+", None)])
print(lexer.scan("ab 12 c !"))
i = re.finditer("a", "aba")
print(type(i).__name__, iter(i) is i, next(i), list(i), attempt(next, i))

# The module.
import _sre
print(_sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.getcodesize())
print([_sre.unicode_tolower(c) for c in (65, 0x130, 0x1e9e, 0x10400)], [_sre.unicode_iscased(c) for c in (48, 0xdf, 0x149)], _sre.ascii_iscased(0xe9), _sre.ascii_tolower(75))
for code, groups in (([], 0), ([1], 0), ([16], 0), ([16, 97], 0), ([24, 4, 1, 1, 16, 97, 1], 0), ([17, 9, 1], 0), ([2**32], 0), (["x"], 0), ([15, 1, 1], 0)):
    r = attempt(_sre.compile, "x", 0, code, groups, {}, ())
    print(code, r if isinstance(r, tuple) else show(r.search("abc")))

# Long subjects and deep patterns.
n = 10**5
print(show(re.match("(?:ab)*$", "ab" * (n // 2))), show(re.match("(a|b)*c", "a" * n)), show(re.match("(?:a|b)*?c", "a" * n + "c")))
print(len(re.findall(r"\w+", "word " * (n // 5))), re.sub("a", "bb", "a" * n) == "bb" * n, re.match("(?:a*+b?)*+", "aab" * 1000).end())
print(re.search("x", "a" * n), re.search(".*x", "a" * 3000), re.match("(?s).*?x", "a" * n + "x").end())
print(re.match("(" * 90 + "a" + ")" * 90, "a").groups() == ("a",) * 90)
