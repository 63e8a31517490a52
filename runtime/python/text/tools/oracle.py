"""Writes tests/it/expected.txt: run with CPython 3.12 from the crate's folder:

    python3.12 tools/oracle.py > tests/it/expected.txt

A line is an operation, its arguments, `=`, and what CPython gives, separated by tabs. Text has `\\u{…}` for what is
not printable; items of a list are separated by bars. With a number as argument there are so many times more
random cases; the tests take them from the file that PYTHON_TEXT_EXPECTED names.
"""

import random
import sys
import warnings

assert sys.version_info[:2] == (3, 12)
# Escapes that mean nothing.
warnings.simplefilter("ignore")
SCALE = int(sys.argv[1]) if len(sys.argv) > 1 else 1
random.seed(SCALE)


def show(value):
    match value:
        case bytes() | bytearray():
            return show(value.decode("latin-1"))
        case str():
            return "".join(c if c.isprintable() and c not in "\\|=" else f"\\u{{{ord(c):x}}}" for c in value)
        case list() | tuple():
            return str(len(value)) + "".join("|" + show(item) for item in value)
        case None:
            return "None"
    return str(value)


def line(operation, arguments, result):
    print(operation, *map(show, arguments), "=", *map(show, result), sep="\t")


def raised(function):
    """What a call gives, or what it raises."""
    try:
        return [function()]
    except Exception as error:
        return ["!" + type(error).__name__, str(error)]


# Interesting characters of each width: cased, ignorable, special mappings, digits, spaces, line ends, surrogates.
ONE = "aAbBzZ019 \t\n\r\x0b\x0c\x1c\x1f\x85\xa0_.,'-+\xaa\xb2\xb5\xbd\xc9\xdf\xe9\xff\\\"\x00\x7f"
TWO = "\u0130\u0131\u0149\u017f\u01c4\u01c5\u01c6\u01f0\u0300\u0345\u0390\u03a3\u03c2\u03c3\u0416\u0436\u0661\u0e50\u13a0\uab70\u1c80\u1e9e\u1fb3\u1fbc\u2028\u2029\u202f\u2070\u2160\u24b6\u4e00\ud800\udfff\ufb03\uff11\u02b0\u00ad\u200d"
FOUR = "\U00010400\U00010428\U0001d7ce\U0001d7d8\U0001f600\U0001f100\U000e0001\U0010ffff\U0001e900"


def text(length, alphabets=(ONE, ONE + TWO, ONE + TWO + FOUR)):
    alphabet = random.choice(alphabets)
    if random.randrange(3) == 0:
        alphabet = "".join(random.choices(alphabet, k=3))
    return "".join(random.choices(alphabet, k=random.randrange(length)))


def some_bytes(length):
    alphabet = random.choice([b"ab", b"aA zZ09\t\n\r\x0b\x0c\x1c\x85\xa0_-+", bytes(range(256))])
    return bytes(random.choices(alphabet, k=random.randrange(length)))


def part(of):
    start = random.randrange(len(of) + 1)
    return of[start:start + random.choice([0, 1, 1, 2, 3, 5])]


def kernels(prefix, make):
    for _ in range(30 * SCALE):
        whole = make(20)
        needle = random.choice([part(whole), part(whole), make(3)])
        new = make(4)
        most = random.choice([-1, -1, 0, 1, 2, 5])
        line(prefix + "find", [whole, needle], [whole.find(needle), whole.rfind(needle), whole.count(needle)])
        line(prefix + "replace", [whole, needle, new, most], [whole.replace(needle, new, most)])
        if needle:
            line(prefix + "split", [whole, needle, most], [whole.split(needle, most), whole.rsplit(needle, most)])
        line(prefix + "words", [whole, most], [whole.split(None, most), whole.rsplit(None, most)])
        line(prefix + "lines", [whole], [whole.splitlines(), whole.splitlines(True)])
        line(prefix + "strip", [whole, needle],
             [whole.strip(), whole.lstrip(), whole.rstrip(), whole.strip(needle), whole.lstrip(needle)])
        line(prefix + "case", [whole], [getattr(whole, name)() for name in CASES if hasattr(whole, name)])
        line(prefix + "is", [whole], ["".join("01"[getattr(whole, "is" + name)()] for name in PROPERTIES
                                              if hasattr(whole, "is" + name))])
        width, tabs = random.randrange(-2, 40), random.randrange(-1, 9)
        fill = whole[:0] + (b"*" if prefix else random.choice("*\xe9\u20ac\U0001f600"))
        line(prefix + "layout", [whole, width, tabs, fill],
             [whole.center(width, fill), whole.ljust(width, fill), whole.rjust(width, fill), whole.zfill(width),
              whole.expandtabs(tabs)])


CASES = ["upper", "lower", "title", "capitalize", "swapcase", "casefold"]
PROPERTIES = ["alnum", "alpha", "ascii", "digit", "lower", "space", "title", "upper", "decimal", "identifier", "numeric",
              "printable"]


def digest(numbers):
    """FNV-1a over whole numbers."""
    value = 0xCBF29CE484222325
    for number in numbers:
        value = ((value ^ number) * 0x100000001B3) % 2**64
    return f"{value:016x}"


def all_code_points():
    import _sre
    import unicodedata
    points = [chr(point) for point in range(0x110000)]
    for name in PROPERTIES:
        line("points", [name], [digest(getattr(c, "is" + name)() for c in points)])
    for name in CASES:
        line("points", ["to_" + name if name in PROPERTIES else name], [digest(ord(p) for c in points for p in getattr(c, name)())])
    line("points", ["decimal_value"], [digest(unicodedata.decimal(c, 99) for c in points)])
    line("points", ["digit_value"], [digest(unicodedata.digit(c, 99) for c in points)])
    line("points", ["simple_lower"], [digest(map(_sre.unicode_tolower, range(0x110000)))])
    line("points", ["simple_case"], [digest(map(_sre.unicode_iscased, range(0x110000)))])
    line("points", ["line_break"], [digest(len((c + "x").splitlines()) - 1 for c in points)])
    line("points", ["identifier_continue"], [digest(("a" + c).isidentifier() for c in points)])


def reprs():
    for _ in range(30 * SCALE):
        whole = text(20)
        line("repr", [whole], [repr(whole), ascii(whole)])
        whole = some_bytes(20)
        group = random.randrange(-5, 6)
        line("bytes.repr", [whole, group], [repr(whole), whole.hex(), whole.hex(":", group)])
        digits = random.choice([whole.hex(" "), whole.hex(), whole.hex("\t", 3)])
        place = random.randrange(len(digits) + 1)
        digits = random.choice([digits, digits[:place], digits[:place] + random.choice(" g\xe9\u20ac0") + digits[place:]])
        line("fromhex", [digits], raised(lambda: bytes.fromhex(digits)))


CODECS = ["utf-8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
          "unicode-escape", "raw-unicode-escape"]
HANDLERS = ["strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "xmlcharrefreplace"]


def codecs():
    import codecs as lib

    def converted(function):
        try:
            made, used = function()
            return [made, used]
        except UnicodeError as error:
            return ["!", error.encoding, error.start, error.end, error.reason]

    table = [chr(byte) if byte < 0x80 else "\ufffe" for byte in range(256)]
    table[0x80], table[0xB4] = "\u20ac", "\u0384"
    table[0xC1:0xD2] = map(chr, range(0x391, 0x3A2))
    table[0xE1:0xFF] = map(chr, range(0x3B1, 0x3CF))
    table = "".join(table)
    for _ in range(15 * SCALE):
        whole = text(8, ("ab\u0391\u03b1\u20ac\xe9\ud800\udc80",))
        handler = random.choice(HANDLERS)
        line("charmap", [whole, handler], converted(lambda: lib.charmap_encode(whole, handler, lib.charmap_build(table))))
        data = bytes(random.choices(b"ab\x80\x81\xb4\xc1\xd2\xff", k=random.randrange(8)))
        handler = random.choice(HANDLERS[:-1])
        line("charmap.decode", [data, handler], converted(lambda: lib.charmap_decode(data, handler, table)))

    smuggled = "ab\xe9\udc80\udcff\ud800\udbff\udc00\u20ac\U0001f600"
    wild = [0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xD8, 0xDC, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]
    for codec in CODECS:
        coder, decoder = getattr(lib, codec.replace("-", "_") + "_encode"), getattr(lib, codec.replace("-", "_") + "_decode")
        escaped = [b"\\x", b"\\u", b"\\U", b"\\N{DIGIT ONE}", b"\\N{", b"\\N", b"}", b"\\", b"0", b"41", b"00", b"0010", b"F", b"x",
                   b"\\n", b"\\77", b"\\q", b"\xe9", b"\\\n", b"d800", b"\\'", b"0011"]
        for _ in range(12 * SCALE):
            whole = text(8, (smuggled, "a\xe9\u20ac", "a\udc80\udc81"))
            handler = random.choice(HANDLERS)
            line("encode", [codec, whole, handler], converted(lambda: coder(whole, handler)))
            handler = random.choice(HANDLERS[:-1])
            data = random.choice([
                lambda: bytes(random.choices(wild, k=random.randrange(12))),
                lambda: whole.encode(random.choice(CODECS), "surrogatepass"),
                lambda: whole.encode("utf-8", "surrogatepass")[random.randrange(2):],
                lambda: whole.encode(codec, "surrogatepass")[:-random.randrange(1, 3)],
                lambda: whole.encode(codec, "surrogatepass") + bytes(random.choices(wild, k=3)),
            ])
            if "escape" in codec:
                data = lambda: b"".join(random.choices(escaped, k=random.randrange(7)))
            try:
                data = data()
            except UnicodeError:
                continue
            if codec == "latin-1" or codec == "ascii":
                line("decode", [codec, data, handler, True], converted(lambda: decoder(data, handler)))
            else:
                complete = bool(random.randrange(2))
                line("decode", [codec, data, handler, complete], converted(lambda: decoder(data, handler, complete)))


def formats():
    def spec():
        pick = lambda *options: random.choice(options)
        width = random.randrange(25)
        made = (pick("", "", "<", ">", "^", "=", "*<", "*^", "\xe9>", "0=", "x=") + pick("", "", "+", "-", " ")
                + pick("", "", "", "z") + pick("", "", "#") + pick("", "0") + pick("", "", str(width))
                + pick("", "", ",", "_") + pick("", "", ".0", ".3", ".17", ".", ".1")
                + pick("", "", *"bcdoxXneEfFgG%s"))
        if random.randrange(20) == 0:
            place = random.randrange(len(made) + 1)
            made = made[:place] + pick(",", "_", "q", "\u20ac", "\u0663", "{", "99999999999999999999", "\0", "0") + made[place:]
        return made

    values = {
        "str": lambda: text(6),
        "int": lambda: random.choice([0, 1, -1, 65, 1234567, -255, 10**12, random.randrange(-2**70, 2**70), 0x1f600]),
        "float": lambda: random.choice([0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1234567.891, -1e-7, 1e300, 5e-324, 123e-4,
                                        float("inf"), float("-inf"), float("nan"), random.uniform(-1e6, 1e6),
                                        random.uniform(-1, 1), 0.5, 2.5, 999999.5, -0.001]),
    }
    values["complex"] = lambda: complex(values["float"](), values["float"]())
    for kind, value in values.items():
        for _ in range(60 * SCALE):
            one, how = value(), spec()
            arguments = [one]
            if kind == "float":
                arguments = [one.hex()]
            elif kind == "complex":
                arguments = [one.real.hex(), one.imag.hex()]
            # An empty one is `str(value)`, which is not the mini-language's.
            line("format." + kind, [how or "1", *arguments], raised(lambda: format(one, how or "1")))
    for how in (".2000f", ".2000e", "#.2000g", ".2000g", ".2000", "02000,.1500f", ".2000%", "z.1200f"):
        for one in (1.5, -1e300, 1e-300, -0.0, float("inf")):
            made = format(one, how)
            line("format.digest", [how, one.hex()], [len(made), digest(map(ord, made))])


def percents():
    for _ in range(120 * SCALE):
        pick = lambda *options: random.choice(options)
        mapping = random.randrange(4) == 0
        form, arguments = "", []
        for _ in range(random.randrange(1, 4)):
            field = "%" + (pick("(i)", "(f)", "(s)", "(a(b)c)") if mapping else "")
            field += "".join(random.choices("-+ #0", k=pick(0, 0, 1, 2)))
            if pick(0, 0, 0, 1) and not mapping:
                field += "*"
                arguments.append(pick(12, -7, 0, 3))
            else:
                field += pick("", "", "5", "12")
            if pick(0, 1):
                if pick(0, 0, 1) and not mapping:
                    field += ".*"
                    arguments.append(pick(2, -1, 0, 9))
                else:
                    field += pick(".", ".0", ".3", ".12")
            conversion = pick(*"diuoxXeEfFgGcsra%")
            field += pick("", "", "", "l", "h") + conversion
            if conversion in "diuoxX":
                arguments.append(pick(0, 5, -77, 2**70, -2**65))
            elif conversion in "eEfFgG":
                arguments.append(pick(0.0, -1.25, 1e20, float("inf"), 3, 0.1))
            elif conversion == "c":
                arguments.append(pick(65, "x", "\u20ac", 0x20ac))
            elif conversion != "%":
                arguments.append(pick("it's", "\xe9\u20ac", "", 7))
            form += pick("", "", "ab", "\u20ac", " ") + field
        if mapping:
            form += pick("", "", "%(", "%(a", "%(i)", "%(i)5.", "%(i)*d", "%(s)*d", "%(nope)s", "%(a(b)")
        elif random.randrange(6) == 0:
            place = random.randrange(len(form) + 1)
            form = form[:place] + pick("", "%", "q", "\u20ac", "(", "*", "99999999999999999999", ".", "\ud800") + form[place + pick(0, 1):]
        if random.randrange(10) == 0 and not mapping:
            arguments = pick(arguments[:-1], arguments + ["extra"], arguments[::-1])
        if mapping:
            names = {"i": pick(1, -255), "f": pick(0.5, -1e9), "s": pick("text", "\u20ac"), "a(b)c": 3}
            shown = [f"{name}:{type(value).__name__[0]}{value}" for name, value in names.items()]
            made = raised(lambda: form % names)
        else:
            shown = [type(value).__name__[0] + str(value) for value in arguments]
            made = raised(lambda: form % tuple(arguments))
        line("percent", [form, mapping, shown], made)
        if not mapping and form.isascii() and all(not isinstance(one, str) or one.isascii() for one in arguments):
            arguments = [one.encode() if isinstance(one, str) else one for one in arguments]
            if not any(c in form for c in "srab"):
                line("bytes.percent", [form, mapping, shown], raised(lambda: form.encode() % tuple(arguments)))


def templates():
    import _string

    def template(pieces):
        return "".join(random.choices(pieces, k=random.randrange(9)))

    def accessors(name):
        first, rest = _string.formatter_field_name_split(name)
        return [first] + [f"{'.' if attribute else '#' if isinstance(key, int) else '['}{key}" for attribute, key in rest]

    class Keys(dict):
        def __missing__(self, key):
            raise KeyError(key)

    for _ in range(60 * SCALE):
        whole = template(["{", "}", "{{", "}}", "ab", "!r", "!", ":", "[", "]", ".", "{0}", "{x:>{y}}", "\u20ac", "\ud800", "9"])
        line("template.parse", [whole], raised(lambda: [
            "/".join("-" if part is None else "+" + part for part in piece) for piece in _string.formatter_parser(whole)]))
        name = template(["a", "1", "23", ".", "[", "]", "b", "\u0663", "[7]", ".c", "\u20ac", "99999999999999999999"])
        line("template.name", [name], raised(lambda: accessors(name)))
        whole = template(["{}", "{", "}", "{0}", "{1}", "{x}", "{2}", "{q}", "!r", "!s", "!z", "{:5}", "{1:{x}}", "{:{}}", "{x!r:>9}",
                          "{0:{1:{x}}}", "t", "\u20ac", "{0!a}", ":", "{1:{0}}"])
        line("template.format", [whole], raised(lambda: whole.format("one", "\xe94", x="<6")))


def escapes():
    pieces = [b"\\n", b"\\377", b"\\400", b"\\477", b"\\77", b"\\8", b"\\q", b"\\", b"x", b"\\x41", b"\\\\", b"\\\n", b"\\\xe9"]
    for _ in range(10 * SCALE):
        data = b"".join(random.choices(pieces, k=random.randrange(6)))
        try:
            with warnings.catch_warnings(record=True) as issued:
                warnings.simplefilter("always")
                data.decode("unicode-escape")
        except UnicodeError:
            continue
        line("escape.warning", [data], [str(issued[0].message) if issued else None])
    import codecs as lib
    pieces += [b"\\x4", b"\\xg", b"\\x", b"\\u0041", b"'", b"\\'", b"\t\x80 "]
    for _ in range(10 * SCALE):
        data = b"".join(random.choices(pieces, k=random.randrange(6)))
        handler = random.choice(["strict", "replace", "ignore"])
        line("escape.bytes", [data, handler],
             [lib.escape_encode(data)[0]] + raised(lambda: lib.escape_decode(data, handler)[0]))


def shifts():
    """UTF-7, whose errors depend on what stands before them."""
    import codecs as lib

    def answer(function):
        try:
            return list(function())
        except UnicodeError as error:
            return ["!", error.encoding, error.start, error.end, error.reason]

    pieces = [b"+", b"-", b"A", b"AO", b"AOk", b"AOkA", b"IKw", b"2D3", b"eAA", b"3gA", b"~", b"\\", b"\xe9", b"/", b" ", b"+AOk-", b"\0"]
    for _ in range(40 * SCALE):
        whole = text(8, ("ab+-~\\/\t\0 \xe9\u20ac\U0001f600\ud800\udc00",))
        line("encode", ["utf-7", whole, "strict"], answer(lambda: lib.utf_7_encode(whole)))
        data = b"".join(random.choices(pieces, k=random.randrange(7)))
        if random.randrange(3) == 0:
            data = whole.encode("utf-7")[:-1]
        handler, complete = random.choice(["strict", "ignore", "replace"]), bool(random.randrange(2))
        line("decode", ["utf-7", data, handler, complete], answer(lambda: lib.utf_7_decode(data, handler, complete)))


all_code_points()
escapes()
kernels("", text)
kernels("bytes.", some_bytes)
reprs()
codecs()
formats()
percents()
templates()
shifts()
