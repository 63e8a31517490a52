# `unicodedata`: properties of characters as checksums, normal forms, names, what is refused.
import binascii
import re
import unicodedata as u

old = u.ucd_3_2_0

def checksum(f, points):
    return binascii.crc32("\n".join(map(f, points)).encode("utf-8", "surrogatepass"))


points = [chr(point) for point in (*range(0, 0x3000, 13), *range(0x3000, 0x110000, 2003), *range(0x1F000, 0x1FB00, 29), *range(0xF900, 0xFB50, 7))]
for db in (u, old):
    print(db.unidata_version)
    for name in ("category", "bidirectional", "combining", "east_asian_width", "mirrored", "decomposition"):
        f = getattr(db, name)
        print(name, checksum(lambda c: str(f(c)), points))
    for name in ("decimal", "digit", "numeric", "name"):
        f = getattr(db, name)
        print(name, checksum(lambda c: str(f(c, None)), points))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        print(form, checksum(lambda c: db.normalize(form, c), points))
        for text in ("e\u0301\u0323", "\u1112\u1161\u11ab", "\ud55c\u11ab", "a\u0315\u0300\u05ae\u0300b", "\u0344", "\u212b\ufb01x\u00bd", "\u0061\u035c\u0315\u0300", "\u2f868\u2f874"):
            made = db.normalize(form, text)
            print(ascii(made), db.is_normalized(form, text), db.is_normalized(form, made), end=" ")
        print()


def tried(text):
    try:
        shown = repr(eval(text))
    except Exception as e:
        shown = f"{type(e).__name__}: {e}"
    print(text, "->", re.sub("0x[0-9a-f]+", "0x", shown))


for text in r"""
u.category('ab')|u.category(3)|u.category('')|u.name('ab')|u.name(3)|u.name('\0')|u.name('\0',3)|u.decimal('a')|u.decimal('a',None)
u.digit('a')|u.digit('²')|u.decimal('²')|old.decimal('²')|u.numeric('a')|u.numeric('½')|u.numeric('ab',1)|u.lookup('SPACE')
u.lookup('nope')|u.lookup(3)|u.lookup('BELL')|u.lookup('NULL')|u.lookup('a'*300)|u.lookup('é')|old.lookup('SPACE')|old.lookup('NULL')
u.normalize('NFX','a')|u.normalize('NFC',3)|u.normalize(3,'a')|u.is_normalized('X','a')|u.decomposition('é')|u.decomposition('½')
u.mirrored('(')|old|type(old)()|old.name('\u20bf')|old.category('\u20bf')|u.name('가')|u.name('\u4e00')|u.name('\U0001f1e6')
u.lookup('HANGUL SYLLABLE GA')|u.lookup('hangul syllable ga')|u.lookup('CJK UNIFIED IDEOGRAPH-4E00')|u.lookup('cjk unified ideograph-4e00')
u.lookup('CJK UNIFIED IDEOGRAPH-FFFF')|u.lookup('space')|u.lookup('')|u.normalize('NFC','')|u.is_normalized('NFC',3)|u.category('\ud800')
u.name('\ue000')|u.name('\uf900')|u.lookup('CJK COMPATIBILITY IDEOGRAPH-F900')|u.name('\U00017000')|u.name('\U00018b00')|u.lookup(b'SPACE')
u.lookup('LATIN CAPITAL LETTER GHA')|u.lookup('latin small letter e with acute')|u.lookup('LATIN-SMALL LETTER A')|u.lookup('U+0041')
setattr(old, 'unidata_version', 1)|u.numeric('\u4e00')|u.numeric('\u2153')|u.numeric('\U00012432')
""".replace("\n", "|").split("|"):
    if text:
        tried(text)
s = "long text \u00e9 " * 1000
print(u.normalize("NFC", s) is s, len(u.normalize("NFD", s)), u.normalize("NFC", u.normalize("NFD", s)) == s)
for c in points[::17]:
    name = u.name(c, None)
    assert name is None or u.lookup(name) == c
print("\N{BULLET}", "Bücher.example".encode("idna"), "ﬁ".encode("idna"))
