# `contextvars`: variables, contexts, tokens.
import contextvars
import re
from contextvars import Context, ContextVar, Token, copy_context


def tried(f):
    try:
        r = f()
    except BaseException as e:
        r = f"{type(e).__name__}: {e}"
    print(re.sub("0x[0-9a-f]+", "0x", repr(r)))


v = ContextVar("v")
d = ContextVar("d", default=3)
c = Context()
for f in (
    lambda: v.get(),
    lambda: v.get(5),
    lambda: d.get(),
    lambda: d.get(7),
    lambda: ContextVar(),
    lambda: ContextVar(1),
    lambda: ContextVar("x", 1),
    lambda: v.set(1),
    lambda: v.reset(3),
    lambda: v,
    lambda: d,
    lambda: c.run(),
    lambda: c.run(3),
    lambda: c[v],
    lambda: c[1],
    lambda: v in c,
    lambda: 1 in c,
    lambda: c.get(1),
    lambda: c.get(v, 3),
    lambda: c.get(v),
    lambda: len(c),
    lambda: list(c),
    lambda: c == c.copy(),
    lambda: c != copy_context(),
    lambda: c == 1,
    lambda: c < c,
    lambda: c.run(c.run, int),
    lambda: hash(c),
    lambda: hash(v) == hash(v),
    lambda: ContextVar[int],
    lambda: Token[int],
    lambda: Token(),
    lambda: Context(1),
    lambda: Context(a=1),
    lambda: Token.MISSING,
    lambda: type(Token.MISSING),
    lambda: type(Token.MISSING)(),
    lambda: v.name,
    lambda: setattr(v, "name", 1),
    lambda: type("x", (ContextVar,), {}),
    lambda: type("x", (Context,), {}),
):
    tried(f)

t = v.set(5)
print(t.var is v, t.old_value, v.get())
v.reset(t)
tried(lambda: v.reset(t))
tried(lambda: t)
w = ContextVar("w")
t = w.set(5)
print(t.old_value is Token.MISSING)
tried(lambda: v.reset(t))
c.run(lambda: tried(lambda: w.reset(t)))
w.reset(t)
tried(lambda: w.get())

# What code in a context changes stays there.
v.set("outside")
inner = copy_context()


def change(x, *, y):
    v.set(x)
    d.set(y)
    return v.get(), d.get()


print(inner.run(change, "inside", y="y"), v.get(), d.get(), inner[v], inner[d], v in inner)
again = inner.copy()
again.run(v.set, "again")
print(inner[v], again[v], sorted(map(str, again.values())), len(again), [k.name for k in again])
print(sorted((k.name, x) for k, x in again.items()), len(again.keys()))
keys = iter(inner.items())
inner.run(ContextVar("more").set, 1)
print(len(list(keys)), len(inner))


def fail():
    v.set("failed")
    raise ValueError("in a context")


tried(lambda: inner.run(fail))
print(inner[v], v.get())


# Generators have no context of their own; nested runs have.
def generator():
    for i in range(3):
        v.set(i)
        yield v.get()


for i in generator():
    print(i, v.get(), end=" ")
print()


def nested(n):
    v.set(n)
    if n:
        copy_context().run(nested, n - 1)
    assert v.get() == n


Context().run(nested, 20)
print(v.get())
many = [ContextVar(str(i)) for i in range(200)]
for i, x in enumerate(many):
    x.set(i)
copies = [copy_context() for _ in range(50)]
for i, x in enumerate(copies):
    x.run(many[i].set, -i)
print(sum(x[many[i]] for i, x in enumerate(copies)), sum(x.get() for x in many))
