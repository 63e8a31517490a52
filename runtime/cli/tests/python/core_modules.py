# sys, time, _codecs, weakref, atexit, _string, marshal, errno, posix.
import sys, time, codecs, weakref, atexit, marshal, errno, os, warnings
import _string, _weakref, gc

def failing(f, *args, **kwargs):
    try:
        print("no error:", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)

print(sys.version_info[:3], sys.version_info >= (3, 12), sys.hexversion == 0x030c01f0, sys.maxsize, sys.byteorder)
print(sys.float_info.max, sys.int_info, sys.hash_info.modulus, sys.maxunicode)
print(sys.version_info.major, sys.version_info)
failing(setattr, sys.version_info, "major", 4)
failing(type(sys.version_info))
failing(sys.exit, "status")
failing(sys.exit)
failing(sys.setrecursionlimit, 0)
failing(sys.intern, 3)
failing(sys.set_int_max_str_digits, 1)
print(sys.exc_info(), sys.getdefaultencoding(), sys.getfilesystemencoding())
try:
    1 / 0
except ZeroDivisionError as e:
    print(sys.exc_info()[:2], sys.exception() is e)
sys.displayhook([1]); sys.displayhook(None); print(_)
events = []
sys.addaudithook(lambda e, a: events.append((e, a)) if e == "mine" else None)
sys.audit("mine", 1, 2); print(events)

t = time.gmtime(1_700_000_000)
print(t, time.strftime("%a %d %b %Y %H:%M:%S %j %U %W %V %G %y %p %I %%", t), time.asctime(t))
print(t.tm_year, t[:3], t.tm_zone, len(t), time.struct_time(range(9)))
failing(time.strftime, "%Y", (2000, 13, 1, 0, 0, 0, 0, 1, 0))
failing(time.sleep, -1)
failing(time.struct_time, (1, 2))
print(time.perf_counter() <= time.perf_counter(), isinstance(time.time_ns(), int))

class A:
    pass
a = A()
r = weakref.ref(a)
print(r() is a, r is weakref.ref(a), weakref.getweakrefcount(a), r == weakref.ref(a), hash(r) == hash(a))
p = weakref.proxy(a)
a.x = 3
print(p.x, isinstance(p, A), type(p).__name__, weakref.getweakrefs(a) == [r, p])
failing(weakref.ref, 3)
failing(hash, p)
class L(list):
    pass
l = L([1, 2])
q = weakref.proxy(l)
print(len(q), q[0], 2 in q, q + [3], list(q), bool(q))
class F:
    def __call__(self, n): return n + 1
f = F()
print(weakref.proxy(f)(1), r.__callback__)

print(codecs.lookup("UTF8").name, codecs.encode("abc", "rot_13"))
failing(codecs.lookup, "nope")
failing(codecs.lookup_error, "nope")
codecs.register_error("star", lambda e: ("*" * (e.end - e.start), e.end))
print("a\u20acb".encode("ascii", "star"), b"a\xffb".decode("ascii", "star"))
print("\u20ac".encode("cp1252"), b"\x80".decode("cp1252"), codecs.utf_8_decode(b"a\xc3"), "h\u00e9".encode("cp437"))
d = codecs.getincrementaldecoder("utf-8")()
print(repr(d.decode(b"\xe2\x82")), repr(d.decode(b"\xac")))
for name in ("ignore", "replace", "backslashreplace", "xmlcharrefreplace"):
    print("\u20ac".encode("ascii", name), codecs.lookup_error(name).__name__)

print(list(_string.formatter_parser("a{b!r:>{w}}c{{")))
first, rest = _string.formatter_field_name_split("a.b[1][x]")
print(first, list(rest))
value = (None, True, -5, 2**70, -(2**100), 1.5, 2j, "h\u00e9", b"x", [1], {"a": (1,)}, frozenset([3]))
print(marshal.loads(marshal.dumps(value)) == value)
failing(marshal.dumps, object())
failing(marshal.loads, b"")
print(errno.ENOENT, errno.errorcode[2], os.strerror(2))
print(os.fspath("a"), os.path.normpath("a//b/../c"), os.path.split("/a/b"), os.getpid() > 0)
failing(os.stat, "/nowhere/x")
failing(os.listdir, "/nowhere")
failing(os.fspath, 3)
failing(os.rename, "/nowhere/a", "/nowhere/b")
failing(os.close, 12345)
r, w = os.pipe()
print(os.write(w, b"data"), os.read(r, 10), os.close(r), os.close(w))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("one"); warnings.warn("two", DeprecationWarning)
print([(str(c.message), c.category.__name__) for c in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    failing(warnings.warn, "boom")
failing(warnings.warn, "x", int)
atexit.register(print, "first registered, last run")
atexit.register(print, "last registered, first run", sep="")
print(gc.isenabled(), gc.collect() >= 0)
