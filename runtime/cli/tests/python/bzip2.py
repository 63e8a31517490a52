# `_bz2`: compressing and decompressing by parts.
import bz2
import io
import _bz2
import pickle

text = b"".join(b"%d line of text\n" % (i % 50) for i in range(2000))
packed = bz2.compress(text)
print(len(packed), packed[:4], bz2.decompress(packed) == text, bz2.compress(b""))
for level in 1, 5, 9:
    assert bz2.decompress(bz2.compress(text, level)) == text


def shown(f, *args, **keywords):
    try:
        print(repr(f(*args, **keywords)))
    except Exception as e:
        print(type(e).__name__, e)


c = _bz2.BZ2Compressor()
parts = [c.compress(text[i : i + 1000]) for i in range(0, len(text), 1000)] + [c.compress(b""), c.compress(memoryview(b"x")), c.flush()]
print(bz2.decompress(b"".join(parts)) == text + b"x")
shown(c.compress, b"")
shown(c.flush)
shown(_bz2.BZ2Compressor, 0)
shown(_bz2.BZ2Compressor, 10)
shown(_bz2.BZ2Compressor, "9")
shown(_bz2.BZ2Compressor().compress, "text")

d = _bz2.BZ2Decompressor()
print(d.eof, d.needs_input, d.unused_data)
out = b"".join(d.decompress(packed[i : i + 7]) for i in range(0, len(packed), 7))
print(out == text, d.eof, d.needs_input, d.unused_data)
shown(d.decompress, b"")
d = _bz2.BZ2Decompressor()
print(d.decompress(packed + b"behind") == text, d.unused_data)
d = _bz2.BZ2Decompressor()
out = [d.decompress(packed, max_length=0)]
while not d.eof:
    out.append(d.decompress(b"", 1000))
    if len(out) == 2:
        print(len(out[1]), d.needs_input)
print(b"".join(out) == text, max(map(len, out)))
d = _bz2.BZ2Decompressor()
print(d.decompress(packed[:10], 5), d.needs_input, d.decompress(packed[10:], -1) == text)
shown(_bz2.BZ2Decompressor().decompress, b"no bzip2 at all")
broken = bytearray(packed)
broken[20] ^= 255
shown(_bz2.BZ2Decompressor().decompress, broken)
shown(setattr, d, "eof", 1)
shown(pickle.dumps, _bz2.BZ2Compressor())
shown(pickle.dumps, d)

# Files, with several streams.
f = io.BytesIO()
with bz2.open(f, "wt") as out:
    out.write("one\ntwo\n")
f.seek(0, 2)
f.write(bz2.compress(b"three\n"))
f.seek(0)
with bz2.open(f, "rt") as lines:
    print(list(lines))
shown(bz2.decompress, packed[:-5])
