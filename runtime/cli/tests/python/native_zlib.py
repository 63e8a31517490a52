# `zlib`: there and back in all wrappings, in parts and at once; what is refused; `gzip` on top.
import gzip
import io
import zlib


def tried(text):
    try:
        print(text, "->", repr(eval(text)))
    except Exception as e:
        print(text, "!!", type(e).__name__, e)


# Made by another zlib, so that the two agree on what the bytes mean.
z = bytes.fromhex("789ccb48cdc9c9cf40250057080851")
print(zlib.decompress(z) == b"hello" * 4, z[:2].hex())
z = zlib.compress(b"hello" * 10)
g = zlib.compress(b"hello" * 10, wbits=31)
raw = zlib.compress(b"hello" * 10, wbits=-15)
for text in r"""
zlib.decompress(b'')|zlib.decompress(b'xx')|zlib.decompress(z[:-1])|zlib.decompress(z+b'x')|zlib.decompress(z[:-4]+b'1234')
zlib.compress(b'a',10)|zlib.compress(b'a',-2)|zlib.compress(b'a',wbits=99)|zlib.compress('a')|zlib.compressobj(10)
zlib.compressobj(9,7)|zlib.compressobj(9,8,99)|zlib.compressobj(9,8,15,99)|zlib.compressobj(zdict='a')|zlib.decompressobj(99)
zlib.decompressobj(zdict=3)|zlib.decompressobj(zdict='a')|zlib.decompress(z,wbits=99)|zlib.decompress(z,bufsize=0)
zlib.decompress(z,bufsize=-1)|zlib.decompressobj().decompress(z,-1)|zlib.decompressobj().flush(0)|zlib.decompressobj().flush(-1)
zlib.compressobj().flush(99)|zlib._ZlibDecompressor().decompress(z)|zlib.decompressobj().decompress(b'xxxx')
zlib.decompress(b'\x78\x9c\xff\xff\xff')|zlib.decompress(b'\x78\xbb\0\0\0\0')|zlib.adler32(b'a')|zlib.adler32(b'a',5)|zlib.crc32(b'a')
zlib.adler32('x')|zlib.crc32(b'hello', -1)|zlib.error.__mro__|zlib.decompressobj().decompress(z[:2])|zlib.decompressobj(31).decompress(b'abc')
zlib.decompress(b'\x1f\x8b\x08\0',31)|type(zlib.compressobj())()|zlib.decompress(g,31)|zlib.decompress(g,47)|zlib.decompress(z,47)
zlib.decompress(raw,-15)|zlib.decompress(g)|g[:4]|zlib.decompressobj().flush()
""".replace("\n", "|").split("|"):
    if text:
        tried(text)

state, pieces = 1, []
for i in range(700):
    state = state * 1103515245 + 12345 & 0x7FFFFFFF
    pieces.append([b"abc", b"hello ", state.to_bytes(4, "big"), b"\0" * 20][state >> 16 & 3])
data = b"".join(pieces)
for level in (-1, 0, 1, 6, 9):
    for wbits in (15, 9, 31, -15, -9):
        assert zlib.decompress(zlib.compress(data, level, wbits), wbits) == data
for strategy in range(5):
    for memory in (1, 5, 9):
        c = zlib.compressobj(6, zlib.DEFLATED, -12, memory, strategy)
        assert zlib.decompress(c.compress(data) + c.flush(), -15) == data
c = zlib.compressobj()
parts = []
for i in range(0, len(data), 999):
    parts.append(c.compress(data[i : i + 999]))
    parts.append(c.flush((i // 999) % 4))
parts.append(c.flush())
for text in ("c.compress(b'a')", "c.flush()", "c.flush(2)", "c.flush(0)"):
    tried(text)
d = zlib.decompressobj()
assert b"".join(map(d.decompress, parts)) == data and d.eof
print(d.decompress(b"zz"), d.unused_data, d.unconsumed_tail, d.eof, d.flush())
tried("d.decompress(b'zz')")
tried("d.flush()")
z = b"".join(parts)
d = zlib.decompressobj()
out, rest = [], z + b"more"
while not d.eof:
    out.append(d.decompress(rest, 100))
    assert len(out[-1]) <= 100
    rest = d.unconsumed_tail
print(b"".join(out) == data, d.unused_data, rest)
d = zlib.decompressobj()
print(d.decompress(z, 10) == data[:10], d.flush() == data[10:], d.eof)
d = zlib._ZlibDecompressor()
print(d.needs_input, d.decompress(z + b"tail", 3) == data[:3], d.needs_input, d.eof)
print(d.decompress(b"", 100) == data[3:103], d.decompress(b"") == data[103:], d.eof, d.unused_data, d.needs_input)
tried("d.decompress(b'')")
dictionary = b"hello abc hello"
c = zlib.compressobj(zdict=dictionary)
z = c.compress(b"hello abc hello abc") + c.flush()
tried("zlib.decompress(z)")
tried("zlib.decompressobj(zdict=b'wrong').decompress(z)")
print(zlib.decompressobj(zdict=bytearray(dictionary)).decompress(z))
c = zlib.compressobj(wbits=-15, zdict=dictionary)
z = c.compress(b"hello abc hello abc") + c.flush()
print(zlib.decompressobj(wbits=-15, zdict=dictionary).decompress(z))
for i in range(50):
    zlib.decompressobj().decompress(b"")

z = gzip.compress(data, mtime=0)
print(gzip.decompress(z) == data, gzip.decompress(z + z) == data + data, z[:10].hex())
with gzip.GzipFile(fileobj=io.BytesIO(z)) as f:
    print(f.read(5) == data[:5], f.seek(1000), f.read(5) == data[1000:1005], len(f.read()) == len(data) - 1005)
