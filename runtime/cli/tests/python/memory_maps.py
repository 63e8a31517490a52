# mmap: files and memory as bytes.
import mmap
import os
import tempfile


def t(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


print(sorted(n for n in dir(mmap) if not n.startswith('__')), mmap.PAGESIZE == os.sysconf('SC_PAGESIZE'))
file = tempfile.TemporaryFile()
file.write(b'first line\nsecond line\nthe end' + b'\0' * 5000)
file.flush()
m = mmap.mmap(file.fileno(), 0)
print(m, len(m), m.size(), m.tell(), m.closed)
print(m.readline(), m.read(6), m.read_byte(), m.tell(), m.find(b'line'), m.find(b'first'), m.find(b'first', 0), m.rfind(b'line', 0))
print(m.find(b'nothing'), m.find(b'', 0), m.find(b'line', 7, 11), m.find(b'line', -10), m.rfind(b'l', 0, 8))
print(m[0], m[-1], m[:5], m[0:10:3], m[5:0:-1], m[100000:], list(m)[:3], b'f' in m)
m[0] = 70
m[1:5] = b'IRST'
m[5:11:2] = b'xyz'
print(m[:12], m.seek(0), m.write(b'written'), m.write_byte(33), m.tell(), m[:12])
print(m.move(20, 0, 8), m[18:30], m.flush(), m.flush(0, 4096), m.seek(-3, 2), m.tell(), m.read(99), m.read())
print(os.pread(file.fileno(), 12, 0), m.madvise(mmap.MADV_NORMAL))
empty = tempfile.TemporaryFile()
for f in (
    lambda: m[5040],
    lambda: m['a'],
    lambda: m.__setitem__(0, 256),
    lambda: m.__setitem__(0, b'a'),
    lambda: m.__setitem__(slice(0, 3), b'ab'),
    lambda: m.__setitem__(5040, 1),
    lambda: m.read_byte(),
    lambda: m.write_byte(1),
    lambda: m.write(b'too much'),
    lambda: m.write('text'),
    lambda: m.seek(-1),
    lambda: m.seek(0, 7),
    lambda: m.seek(5041),
    lambda: m.move(5000, 0, 100),
    lambda: m.flush(1, 100000),
    lambda: m.madvise(mmap.MADV_NORMAL, -1),
    lambda: mmap.mmap(file.fileno(), -1),
    lambda: mmap.mmap(file.fileno(), 100000),
    lambda: mmap.mmap(file.fileno(), 0, offset=-1),
    lambda: mmap.mmap(file.fileno(), 0, offset=4096 * 9),
    lambda: mmap.mmap(file.fileno(), 0, access=9),
    lambda: mmap.mmap(file.fileno(), 0, access=1, flags=mmap.MAP_PRIVATE),
    lambda: mmap.mmap(1000, 10),
    lambda: mmap.mmap(empty.fileno(), 0),
    lambda: mmap.mmap(-1, 0),
):
    t(f)
second = mmap.mmap(file.fileno(), 0, offset=4096)
print(len(second), second)
m.resize(8192)
print(len(m), m.size(), os.fstat(file.fileno()).st_size, m[8191])
with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as r:
    print(r[:3], r)
    t(lambda: r.write(b'x'))
    t(lambda: r.__setitem__(0, 1))
    t(lambda: r.resize(10))
print(r, r.closed)
t(lambda: r[0])
t(lambda: len(r))
with mmap.mmap(file.fileno(), 20, access=mmap.ACCESS_COPY) as c:
    c[:4] = b'copy'
    print(c[:8], m[:8], c)
with mmap.mmap(-1, 10000) as a:
    a.write(b'own memory')
    t(lambda: a.size())
    print(a[:12], a, a.find(b'memory', 0))
    pid = os.fork()
    if pid == 0:
        a[:3] = b'kid'
        os._exit(0)
    os.waitpid(pid, 0)
    print(a[:10])
m.close()
m.close()
t(lambda: m.read())


class Map(mmap.mmap):
    pass


s = Map(-1, 10)
s.attribute = 1
print(isinstance(s, mmap.mmap), s.attribute, s)
