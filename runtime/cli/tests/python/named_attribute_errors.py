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


for v in (A(), C()):
    for f in (
        lambda v: v.missing,
        lambda v: v.failing,
        lambda v: v.missing(),
        lambda v: getattr(v, "failing"),
        lambda v: getattr(v, "missing"),
    ):
        ask(f, v)
ask(lambda v: getattr(v, "missing"), B())
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
