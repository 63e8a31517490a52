# An AttributeError that comes out of asking for an attribute is about that; what runs Python code locks a bytearray's length.
class A:
    def __getattr__(self, name):
        raise AttributeError("no")

    @property
    def failing(self):
        raise AttributeError("property")

    @property
    def told(self):
        raise AttributeError("told", name="other", obj=5)


class B:
    def __getattribute__(self, name):
        raise AttributeError(23, "two")


class C:
    @property
    def failing(self):
        raise AttributeError("property")

    @property
    def inner(self):
        return self.missing


def ask(f, v):
    try:
        f(v)
    except AttributeError as e:
        print(e.args, e.name, e.obj is v, type(e.obj).__name__)


# Each is run once: CPython forgets to tell where it has specialized the code.
for v in (A(), B(), C()):
    for source in ("v.missing", "v.failing", "v.missing()", "getattr(v, 'failing')", "getattr(v, 'missing')"):
        ask(eval("lambda v: " + source), v)
ask(lambda v: v.inner, C())
ask(lambda v: v.told, A())

array = bytearray(b",")


def clears():
    array.clear()
    yield b"A"


def appends():
    array.append(1)
    yield b"A"


for items in (clears(), appends()):
    try:
        print(array.join(items))
    except BufferError as e:
        print(e)
array.append(65)
print(array, array.join(x for x in (b"1", b"2")))
