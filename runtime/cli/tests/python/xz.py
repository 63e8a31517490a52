# `_lzma`: containers, filters, checks; compressing and decompressing by parts.
import _lzma
import io
import lzma
import pickle

text = b"".join(b"%d line of text\n" % (i % 50) for i in range(1000))
# Small dictionaries: the usual ones take long to make ready.
small = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 16}]
alone = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 2, "lp": 1, "pb": 1, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3, "nice_len": 32}]


def shown(f, *args, **keywords):
    try:
        print(repr(f(*args, **keywords)).partition(" at ")[0])
    except Exception as e:
        print(type(e).__name__, e)


for check in lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256:
    packed = lzma.compress(text, check=check, filters=small)
    d = _lzma.LZMADecompressor()
    print(packed[:6], d.check, d.decompress(packed) == text, d.check, lzma.is_check_supported(check))
print(_lzma.is_check_supported(2), _lzma.is_check_supported(99))
packed = lzma.compress(text, filters=small)
old = lzma.compress(text, format=lzma.FORMAT_ALONE, filters=alone)
print(old[:13], lzma.decompress(old) == text, lzma.decompress(old, format=lzma.FORMAT_ALONE) == text)
for filters in small, alone, [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_X86, "start_offset": 16}, *small]:
    raw = lzma.compress(text, format=lzma.FORMAT_RAW, filters=filters)
    print(len(raw) < 400, lzma.decompress(raw, format=lzma.FORMAT_RAW, filters=filters) == text)

c = _lzma.LZMACompressor(filters=small)
parts = [c.compress(text[i : i + 1000]) for i in range(0, len(text), 1000)] + [c.compress(bytearray(b"x")), c.flush()]
print(lzma.decompress(b"".join(parts)) == text + b"x")
shown(c.compress, b"")
shown(c.flush)

d = _lzma.LZMADecompressor()
print(d.eof, d.needs_input, d.unused_data, d.check)
out = b"".join(d.decompress(packed[i : i + 7]) for i in range(0, len(packed), 7))
print(out == text, d.eof, d.needs_input, d.unused_data, d.check)
shown(d.decompress, b"")
d = _lzma.LZMADecompressor()
print(d.decompress(packed + b"behind") == text, d.unused_data)
d = _lzma.LZMADecompressor()
out = [d.decompress(packed, max_length=0)]
while not d.eof:
    out.append(d.decompress(b"", 1000))
    if len(out) == 2:
        print(len(out[1]), d.needs_input)
print(b"".join(out) == text, max(map(len, out)))

# Errors.
shown(_lzma.LZMADecompressor().decompress, b"no xz stream at all")
for at in 15, -5:
    broken = bytearray(packed)
    broken[at] ^= 255
    shown(_lzma.LZMADecompressor().decompress, broken)
shown(_lzma.LZMADecompressor(memlimit=1).decompress, packed)
shown(lzma.decompress, packed[:-5])
for options in [{"format": 9}, {"check": 9}, {"preset": 30}, {"preset": -1}, {"preset": 2**40}, {"filters": []}, {"filters": [{}]}, {"filters": 3}, {"filters": {}},
                {"filters": [3]}, {"filters": [{"id": 77}]}, {"filters": [{"id": 4}]}, {"filters": [{"id": 33, "zz": 1}]}, {"filters": [{"id": 33, "pb": -1}]},
                {"filters": [{"id": 33, "preset": 99}]}, {"filters": [{"id": 33, "mode": 9}]}, {"filters": [{"id": 33}] * 5}, {"filters": [{"id": 3, "dist": 0}, *small]},
                {"filters": [{"id": 4, "dist": 1}, *small]}, {"format": 3}, {"format": 2, "check": 1}, {"format": 2, "filters": small}, {"preset": 1, "filters": small}]:
    shown(_lzma.LZMACompressor, **options)
for options in [{"format": 9}, {"format": 3}, {"format": 3, "filters": []}, {"filters": small}, {"memlimit": -1}, {"format": 3, "memlimit": 1, "filters": small}]:
    shown(_lzma.LZMADecompressor, **options)
shown(setattr, d, "eof", 1)
shown(pickle.dumps, d)
shown(pickle.dumps, c)

# Properties of filters.
for f in [{"id": 33}, {"id": 33, "dict_size": 5000}, {"id": 33, "dict_size": 2**32 - 1}, *small, *alone, {"id": 3}, {"id": 3, "dist": 5}, {"id": 7, "start_offset": 8}]:
    properties = _lzma._encode_filter_properties(f)
    print(properties, _lzma._decode_filter_properties(f["id"], properties))
shown(_lzma._encode_filter_properties, {"id": 4})
shown(_lzma._encode_filter_properties, 4)
for id, properties in (3, b""), (33, b"\xff"), (4, b"abc"), (lzma.FILTER_LZMA1, b"\xff\0\0\x80\0"), (lzma.FILTER_LZMA1, b"x"):
    shown(_lzma._decode_filter_properties, id, properties)

f = io.BytesIO()
with lzma.open(f, "wt", filters=small) as out:
    out.write("one\ntwo\n")
f.seek(0, 2)
f.write(lzma.compress(b"three\n", filters=small))
f.seek(0)
with lzma.open(f, "rt") as lines:
    print(list(lines))
print(issubclass(lzma.LZMAError, Exception), lzma.LZMAError.__module__)
