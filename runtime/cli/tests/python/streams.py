# Files and streams, in text and in binary.
import io, os

folder = "/tmp/prism-streams-%d" % os.getpid()
os.mkdir(folder)
path = folder + "/file"

def failing(f, *args, **kwargs):
    try:
        print("no error:", f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, str(e).replace(folder, "FOLDER"))

with open(path, "w") as f:
    print(f.write("one\ntwo\nthr\u00e9e"), f.mode, f.encoding, f.closed, f.readable(), f.writable())
print(f.closed)
failing(f.write, "x")
failing(open, path, "q")
failing(open, path, "rw")
failing(open, path, "rb", encoding="utf-8")
failing(open, path, "r", 0)
failing(open, folder + "/none")
failing(open, folder)
failing(open, path, encoding="nope")
failing(open, path, "x")
failing(open, -1)
failing(open, None)
print(open(path).read(), open(path).readlines(), list(open(path, "rb")))
with open(path) as f:
    print(repr(f.readline()), f.tell(), repr(f.read(2)), f.tell(), repr(f.read()), f.tell(), repr(f.read()))
    print(f.seek(4), repr(f.readline(2)), repr(f.readline()), f.seek(0, 2))
    failing(f.seek, 1, 1)
    failing(f.seek, -1)
    failing(f.write, "x")
    failing(f.read, "x")
with open(path, newline="") as f:
    print(repr(f.read()), f.newlines)
with open(path, "wb") as f:
    print(f.write(b"a\r\nb\rc\n"), f.tell(), f.seek(0), f.write(b"A"))
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(path, newline=newline) as f:
        print(repr(newline), f.readlines(), repr(f.newlines))
    with open(path + "2", "w", newline=newline) as f:
        f.write("x\ny\n")
    print(open(path + "2", "rb").read())
with open(path, "ab+") as f:
    print(f.tell(), f.write(b"more"), f.seek(2), f.read(3), f.tell())
with open(path, "r+b") as f:
    print(f.read(2), f.write(b"ZZ"), f.read(), f.seek(-2, 2), f.read(), f.truncate(4), f.seek(0), f.read())
with open(path, "wb", buffering=0) as f:
    print(type(f).__name__, f.write(b"raw"), f.tell(), f.seekable(), f.isatty())
with open(path, "rb") as f:
    buffer = bytearray(5)
    print(f.peek()[:1], f.readinto(buffer), buffer, f.read1(), f.read())
with open(path, "w", encoding="utf-16") as f:
    f.write("h\u00e9")
    f.write("llo\n")
print(open(path, "rb").read(), repr(open(path, encoding="utf-16").read()))
with open(path, "wb") as f:
    f.write(b"\xff\xfeabc")
failing(open(path, encoding="utf-8").read)
print(ascii(open(path, encoding="utf-8", errors="surrogateescape").read()))
print(ascii(open(path, encoding="ascii", errors="replace").read()), repr(open(path, encoding="latin-1").read()))
failing(open(path, "w", encoding="ascii").write, "\u20ac")
with open(path, "w") as f:
    for i in range(5000):
        f.write("line %d \u20ac\n" % i)
with open(path) as f:
    total = 0
    for line in f:
        total += len(line)
    print(total)
    f.seek(0)
    places = []
    for i in range(1000):
        places.append(f.tell())
        f.readline()
    f.seek(places[777])
    print(places[777], f.readline())

b = io.BytesIO(b"abc\ndef\n")
print(b.read(2), b.tell(), b.readline(), b.readlines(), b.seek(0), b.getvalue(), b.write(b"XY"), b.getvalue())
print(b.seek(12), b.write(b"!"), b.getvalue(), b.truncate(3), b.getvalue(), b.tell())
b.close()
failing(b.read)
s = io.StringIO("one\ntwo\n")
print(s.read(1), s.readline(), list(s), s.tell(), s.seek(0), s.write("ONE"), s.getvalue())
print(s.seek(0, 2), s.write("three"), s.getvalue().split("\n"), s.truncate(2), s.getvalue())
failing(s.write, b"x")
failing(s.seek, -1)
print(repr(io.StringIO("a\r\nb\rc", newline=None).read()), repr(io.StringIO("a\nb", newline="\r\n").getvalue()))
print("%r" % io.StringIO("x", newline="").readlines())

class Raw(io.RawIOBase):
    def __init__(self, data):
        self.data, self.written = data, []
    def readable(self): return True
    def writable(self): return True
    def readinto(self, b):
        n = min(3, len(b), len(self.data))
        b[:n], self.data = self.data[:n], self.data[n:]
        return n
    def write(self, b):
        self.written.append(bytes(b))
        return len(b)

print(Raw(b"abcdefgh").read(4), Raw(b"abcdefgh").readall(), Raw(b"ab\ncd").readline())
r = io.BufferedReader(Raw(b"abcdefgh\nij"))
print(r.read(4), r.readline(), r.read())
raw = Raw(b"")
w = io.BufferedWriter(raw, 4)
w.write(b"ab"); print(raw.written); w.write(b"cdef"); w.flush(); print(b"".join(raw.written))
t = io.TextIOWrapper(io.BufferedReader(Raw("h\u00e9llo\nw\u00f6rld".encode())), encoding="utf-8")
print(t.readline(), t.read(), t.read())
print(isinstance(b, io.IOBase), isinstance(t, io.TextIOBase), issubclass(io.FileIO, io.RawIOBase))
failing(io.IOBase().fileno)
failing(io.TextIOWrapper, io.BytesIO(), newline="x")
out = io.BytesIO()
t = io.TextIOWrapper(out, encoding="latin-1", write_through=True)
print("caf\u00e9", file=t); print(out.getvalue()); t.reconfigure(encoding="utf-8"); print("\u00e9", file=t)
print(out.getvalue(), t.detach() is out)
d = io.IncrementalNewlineDecoder(None, True)
print(repr(d.decode("a\r")), repr(d.decode("\nb\rc\n")), d.newlines)
p = io.BufferedRWPair(Raw(b"read"), Raw(b""))
print(p.read(), p.write(b"x"), p.closed)
for name in sorted(os.listdir(folder)):
    os.remove(folder + "/" + name)
os.rmdir(folder)
