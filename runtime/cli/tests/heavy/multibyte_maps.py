# Every code point and every pair of bytes (longer codes too) through every multibyte codec, as digests.
import zlib

CODECS = (
    "gb2312 gbk gb18030 hz big5 cp950 big5hkscs euc_kr cp949 johab shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 "
    "euc_jisx0213 shift_jisx0213 iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext"
).split()
POINTS = "".join(map(chr, [*range(0x10000), *range(0x20000, 0x30000)]))
# What puts a codec into a state in which it takes pairs.
JAPANESE = [b"", *(b"\x1b" + b for b in (b"$B", b"$@", b"(J", b"(I", b"$(D", b"$(C", b"$A", b"$(O", b"$(P", b"$(Q", b".A\x1bN", b".F\x1bN"))]
STATES = {"hz": [b"", b"~{"], "iso2022_kr": [b"", b"\x1b$)C\x0e"]}
STATES |= {name: JAPANESE for name in CODECS if name.startswith("iso2022_jp")}


def digest(codec, what, content):
    if isinstance(content, str):
        content = content.encode("utf-32-le", "surrogatepass")
    print(codec, what, len(content), hex(zlib.crc32(content)))


PAIRS = [bytes([a, b]) for a in range(256) for b in range(256)]
# Where a state was set, codes have seven bits.
SHORT = [bytes([a, b]) for a in range(0x1E, 0x82) for b in range(0x1E, 0x82)]
for codec in CODECS:
    digest(codec, "encodes", POINTS.encode(codec, "replace"))
    # As many replacements as there are errors: lengths of errors show in what follows.
    for state in STATES.get(codec, [b""]):
        digest(codec, state, b"".join(state + pair + b"\n\n" for pair in (SHORT if state else PAIRS)).decode(codec, "replace"))

digest("gb18030", "encodes", "".join(map(chr, range(0x10000, 0x110000, 0x101))).encode("gb18030"))
digest("gb18030", "fours", b"".join(
    bytes([a, b, c, d, 10]) for a in range(0x80, 256) for b in (0x30, 0x34, 0x39) for c in range(0x80, 256) for d in (0x2F, 0x30, 0x37, 0x39, 0x3A)
).decode("gb18030", "replace"))
for codec in ("euc_jp", "euc_jis_2004", "euc_jisx0213"):
    digest(codec, "threes", b"".join(b"\x8f" + pair + b"\n\n" for pair in PAIRS[0x8000:]).decode(codec, "replace"))
LETTERS = range(0xA0, 0xD6)
digest("euc_kr", "eights", b"".join(
    b"\xa4\xd4\xa4%c\xa4%c\xa4%c\n" % (a, b, c) for a in LETTERS for b in LETTERS for c in LETTERS
).decode("euc_kr", "replace"))
