"""Makes maps.bin: which characters the double-byte sets of East Asia have where, as CPython 3.12 maps them.

    python3.12 make.py            writes maps.bin beside this file
    python3.12 make.py --check    exits with 1 if maps.bin differs from what would be written

A table goes from a code of two bytes to a code point. It is the one before the colon in `TABLES`, without the cells in which
it agrees with the table that it rests on. `src/maps.rs` has the same list, and undoes what is done here.

maps.bin is DEFLATE over the tables, one behind the other. A table, all numbers little-endian:

    u16     number of cells
    u16[]   their codes, ascending, each less the one before
    u8[]    the lowest bytes of the cells' code points, each less the one before (modulo 2^18)
    u8[]    the bytes above
    u8[]    the bytes above those; the code point 0 takes a cell of the table below away
    u16     number of exceptions
    (u24, u16)[]   code points that are not encoded as the lowest code that decodes to them, and their codes (0: none)
"""

import pathlib
import struct
import sys
import zlib

ROWS = range(0xA1, 0xFF)  # rows and columns of a set of 94 by 94
LEADS, TRAILS = range(0x81, 0xFF), range(0x40, 0xFF)


def decoded(codec, content):
    """The one character of some bytes, as a number; None if they have none, or more."""
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        return None
    return ord(text) if len(text) == 1 else None


def encoded(codec, before=b"", behind=b"", accept=lambda c: True):
    """Code points and the codes of two bytes that a codec encodes them as, between these bytes."""
    found = {}
    for c in range(0x80, 0x30000):
        try:
            content = chr(c).encode(codec)
        except UnicodeEncodeError:
            continue
        if content.startswith(before) and content.endswith(behind) and accept(c):
            content = content[len(before) : len(content) - len(behind)]
            if len(content) == 2:
                found[c] = content[0] << 8 | content[1]
    return found


def cells(leads, trails, get):
    found = {a << 8 | b: get(a, b) for a in leads for b in trails}
    return {code: c for code, c in found.items() if c is not None}


def plain(codec, leads=LEADS, trails=TRAILS):
    """A table that is a codec's own pairs of bytes."""
    return cells(leads, trails, lambda a, b: decoded(codec, bytes([a, b]))), encoded(codec)


def escaped(codec, escape):
    """A table of 94 by 94 that a codec has behind an escape sequence. Codes have the high bits set."""
    to = cells(ROWS, ROWS, lambda a, b: decoded(codec, escape + bytes([a & 0x7F, b & 0x7F])))
    return to, {c: code | 0x8080 for c, code in encoded(codec, escape, b"\x1b(B").items()}


def jisx0213_1():
    # iso2022_jp_2004 would encode what JIS X 0208 has by that. Halfwidth and similar forms are beside the table.
    to, _ = escaped("iso2022_jp_2004", b"\x1b$(Q")
    return to, encoded("euc_jis_2004", accept=lambda c: not 0xFF5E <= c < 0xFFA0)


def shifted(code):
    """The code in Shift JIS of a code of 94 by 94."""
    row, column = (code >> 8) - 0xA1, (code & 0xFF) - 0xA1
    lead, trail = row // 2, column + 94 * (row & 1)
    return lead + (0x81 if lead < 31 else 0xC1) << 8 | trail + (0x40 if trail < 63 else 0x41)


def cp932():
    # Rows F0 to F9 are the program's own characters, by a formula.
    leads = [lead for lead in range(0x81, 0xFD) if not 0xF0 <= lead <= 0xF9]
    to = cells(leads, range(0x40, 0xFD), lambda a, b: decoded("cp932", bytes([a, b])))
    return to, encoded("cp932", accept=lambda c: not 0xE000 <= c < 0xE758)


def ksx1001():
    # euc_kr decodes the filler with what comes behind it.
    to = cells(ROWS, ROWS, lambda a, b: decoded("iso2022_kr", b"\x1b$)C\x0e" + bytes([a & 0x7F, b & 0x7F])))
    return to, encoded("euc_kr")


# Name, the table that it rests on, a change of that one's codes.
TABLES = {
    ("gb2312", None, None): lambda: plain("gb2312", ROWS, ROWS),
    ("gbk", "gb2312", None): lambda: plain("gbk"),
    ("gb18030", "gbk", None): lambda: plain("gb18030"),
    ("big5", None, None): lambda: plain("big5"),
    ("cp950", "big5", None): lambda: plain("cp950"),
    ("big5hkscs", "big5", None): lambda: plain("big5hkscs"),
    ("jisx0208", None, None): lambda: escaped("iso2022_jp", b"\x1b$B"),
    ("jisx0212", None, None): lambda: escaped("iso2022_jp_1", b"\x1b$(D"),
    ("jisx0213_1", "jisx0208", None): jisx0213_1,
    ("jisx0213_2", None, None): lambda: escaped("iso2022_jp_2004", b"\x1b$(P"),
    ("cp932", "jisx0208", shifted): cp932,
    ("ksx1001", None, None): ksx1001,
    ("cp949", "ksx1001", None): lambda: plain("cp949"),
}


def pack(whole, below, back):
    own = {code: c for code, c in whole.items() if below.get(code) != c}
    own |= {code: 0 for code in below if code not in whole}
    codes = sorted(own)
    steps = [code - before for code, before in zip(codes, [0, *codes])]
    points = [own[code] for code in codes]
    changes = [(c - before) % (1 << 18) for c, before in zip(points, [0, *points])]
    lowest = {}
    for code in sorted(whole, reverse=True):
        lowest[whole[code]] = code
    exceptions = {c: back.get(c, 0) for c in sorted({*lowest, *back}) if c >= 0x80 and lowest.get(c) != back.get(c)}
    return b"".join(
        [
            struct.pack(f"<H{len(codes)}H", len(codes), *steps),
            *(bytes(change >> shift & 0xFF for change in changes) for shift in (0, 8, 16)),
            struct.pack("<H", len(exceptions)),
            *(struct.pack("<HBH", c & 0xFFFF, c >> 16, code) for c, code in exceptions.items()),
        ]
    )


def main():
    whole, packed = {None: {}}, []
    for (name, base, change), make in TABLES.items():
        to, back = make()
        below = whole[base] if change is None else {change(code): c for code, c in whole[base].items()}
        packed.append(pack(to, below, back))
        whole[name] = to
    path = pathlib.Path(__file__).with_name("maps.bin")
    tables = b"".join(packed)
    if "--check" in sys.argv:
        # By content: another zlib may pack in another way.
        sys.exit(zlib.decompress(path.read_bytes(), -15) != tables)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    path.write_bytes(packer.compress(tables) + packer.flush())


main()
