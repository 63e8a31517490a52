"""memoryview."""


def show(*thunks):
    """Prints what each gives, or how it fails."""
    for thunk in thunks:
        try:
            print(ascii(thunk()))
        except Exception as e:
            print(type(e).__name__, ascii(str(e)))



m=memoryview(b"abc")
w=memoryview(bytearray(b"abcdefgh"))
r=memoryview(b"x"); r.release()
show(
    lambda: memoryview(1), lambda: memoryview("a"), lambda: memoryview(), lambda: m[5], lambda: m["a"],
    lambda: m[1.5], lambda: m[0:2].tobytes(), lambda: m[::2].tobytes(), lambda: m[0], lambda: m.__setitem__(0,1),
    lambda: m.__delitem__(0), lambda: w.__delitem__(0), lambda: w.__setitem__(0,300), lambda: w.__setitem__(0,"a"),
    lambda: w.__setitem__(0,b"a"), lambda: w.__setitem__(slice(0,2),b"abc"), lambda: w.__setitem__(slice(0,2),"abc"),
    lambda: w.__setitem__(slice(0,2),1), lambda: w.__setitem__(9,1), lambda: w.__setitem__("a",1),
)
show(
    lambda: r[0], lambda: r.tobytes(), lambda: len(r), lambda: r.release(), lambda: r == r, lambda: r == b"x",
    lambda: hash(w), lambda: hash(m) == hash(b"abc"), lambda: m.cast("I"), lambda: w.cast("I")[0],
    lambda: w.cast("I").tolist(), lambda: w.cast("I").cast("H"), lambda: w.cast("I").cast("B").tolist(),
    lambda: w.cast("zz"), lambda: w.cast(1), lambda: w.cast("B",[2,4]).tolist(), lambda: w.cast("B",(2,4))[1,2],
    lambda: w.cast("B",(2,4))[1], lambda: w.cast("B",(2,4))[5,5], lambda: w.cast("B",(2,4))[0:1].tolist(),
    lambda: w.cast("B",(2,4)).shape, lambda: w.cast("B",(2,4)).strides, lambda: w.cast("B",(2,4)).cast("B").shape,
    lambda: w.cast("B",(3,4)), lambda: w.cast("B",[2,2,2]).tolist(), lambda: w.cast("c")[0],
    lambda: w.cast("d").tolist(), lambda: w.cast("?").tolist(), lambda: w.cast("b").tolist(),
    lambda: w.cast("q").tolist(), lambda: w.cast("N").format, lambda: w[::2].cast("B"), lambda: w[::2].c_contiguous,
    lambda: w.c_contiguous, lambda: w.f_contiguous, lambda: w.contiguous, lambda: w[::2].contiguous,
)
show(
    lambda: m.format, lambda: m.itemsize, lambda: m.nbytes, lambda: m.ndim, lambda: m.shape, lambda: m.strides,
    lambda: m.suboffsets, lambda: m.readonly, lambda: m.obj, lambda: w[::-1].tolist(), lambda: w[::-1].strides,
    lambda: w[1:3].obj, lambda: m.hex(), lambda: m.hex(":"), lambda: m.tolist(), lambda: m.toreadonly().readonly,
    lambda: w.toreadonly().readonly, lambda: m == b"abc", lambda: m == memoryview(b"abc"), lambda: m != b"x",
    lambda: m == 1, lambda: m < b"x", lambda: b"abc" == m, lambda: bytearray(b"abc") == m,
    lambda: w.cast("I") == memoryview(bytes(w)).cast("I"), lambda: w.cast("I") == w, lambda: m.__enter__() is m,
    lambda: list(memoryview(b"ab")), lambda: 97 in memoryview(b"ab"), lambda: bytes(memoryview(b"ab")),
    lambda: bytearray(memoryview(b"ab")), lambda: b"".join([memoryview(b"a")]),
    lambda: type(memoryview(b"ab").__buffer__(0)).__name__,
)
show(
    lambda: w.cast("I").__setitem__(0, -1), lambda: w.cast("I").__setitem__(0, 1.5),
    lambda: w.cast("d").__setitem__(0, "a"), lambda: w.cast("c").__setitem__(0, 1),
    lambda: w.cast("c").__setitem__(0, b"ab"), lambda: w.cast("b").__setitem__(0, 200),
    lambda: w.cast("?").__setitem__(0, []), lambda: w.tobytes("F"), lambda: w.tobytes(order="X"),
    lambda: memoryview(b"ab")[5:].tolist(), lambda: int.from_bytes(memoryview(b"a")),
    lambda: memoryview(b"").tolist(), lambda: len(w.cast("I")), lambda: memoryview(w).obj is w.obj,
    lambda: w.cast("I").__setitem__(slice(0,1), b"abcd"),
    lambda: w.cast("I").__setitem__(slice(0,1), memoryview(b"abcd").cast("I")), lambda: w.cast("@I").format,
    lambda: w.cast("@I").itemsize, lambda: w.cast("<I"), lambda: w.cast("B", []),
    lambda: memoryview(b"a").cast("B",[]).tolist(), lambda: memoryview(b"a").cast("B",[])[()],
    lambda: memoryview(b"a").cast("B", []).ndim, lambda: memoryview(b"a").cast("B",[])[0], lambda: w.cast("B","a"),
    lambda: w.cast("B",[2,"a"]), lambda: w.cast("B",[2,-4]), lambda: memoryview(b"a\x00\x01").cast("?").tolist(),
    lambda: m.tobytes(1),
)
show(
    lambda: w.__setitem__(0, 65), lambda: w.obj, lambda: w.__setitem__(slice(1, 3), b"XY"), lambda: w.obj,
    lambda: w[::2].__setitem__(1, 90), lambda: w.obj, lambda: w.cast("H").__setitem__(1, 0x4142), lambda: w.obj,
    lambda: w.__setitem__(slice(None, None, -1), bytes(w)), lambda: w.obj, lambda: w.cast("f").__setitem__(0, 1.5),
    lambda: w.cast("f")[0], lambda: w.cast("d").__setitem__(0, 2.5), lambda: w.cast("d").tolist(),
    lambda: w.cast("q").__setitem__(0, -5), lambda: w.cast("q")[0], lambda: w.cast("Q")[0], lambda: w[-1],
    lambda: w[True], lambda: m[::-1].tobytes(), lambda: m[1:][::-1].tolist(), lambda: m[5:].nbytes,
    lambda: w[2:6][1:3].tolist(), lambda: memoryview(m[::2]).tolist(), lambda: m[::2] == b"ac", lambda: m[::2].hex(),
    lambda: bytes(m[::-1]),
)

class Exporter:
    def __buffer__(self, flags): return memoryview(b"exported")
show(lambda: memoryview(Exporter()).tobytes())

with memoryview(b"xyz") as v: pass
show(
    lambda: isinstance(m, memoryview), lambda: memoryview.__name__, lambda: bool(memoryview(b"")), lambda: bool(m),
    lambda: m.__len__(), lambda: [x for x in m], lambda: dict([(m, 1)])[b"abc"], lambda: sorted(memoryview(b"cab")),
    lambda: b"%s" % m, lambda: b"abc".find(m), lambda: b"xabc".endswith(m), lambda: m + b"a", lambda: m * 2,
)

from array import array

a = array("i", [1, 2, 3])
v = memoryview(a)
show(
    lambda: v.format, lambda: v.itemsize, lambda: v.tolist(), lambda: v.obj is a, lambda: v[1:].tolist(),
    lambda: v.__setitem__(0, 7), lambda: a, lambda: v == a, lambda: a == v.obj, lambda: v.cast("B").nbytes,
    lambda: v.readonly, lambda: v[::-1].tolist(), lambda: v == array("q", [7, 2, 3]), lambda: bytes(v[:1]),
    lambda: v.__setitem__(slice(0, 2), array("i", [8, 9])), lambda: a, lambda: memoryview(v).obj is a,
)
