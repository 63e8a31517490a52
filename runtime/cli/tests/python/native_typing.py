# `_typing`: type parameters, aliases, Generic; as types of calls and as what the syntax makes.
import _typing, types, typing
from _typing import Generic, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAliasType, TypeVar, TypeVarTuple


def tried(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


class Foreign:
    pass


T = TypeVar("T")
S = TypeVar("S", bound=int, covariant=True)
C = TypeVar("C", str, bytes, contravariant=True)
I = TypeVar("I", infer_variance=True)
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")
for v in (T, S, C, I):
    print(repr(v), v.__name__, v.__bound__, v.__constraints__, v.__covariant__, v.__contravariant__, v.__infer_variance__)
    print(v.__module__, v.__reduce__(), type(v))
print(repr(P), P.__name__, P.__bound__, P.args, P.kwargs, P.args == P.args, P.args != P.kwargs, P.args.__origin__ is P)
print(ParamSpecArgs(3), ParamSpecKwargs("x"), ParamSpecArgs(1) == ParamSpecArgs(1))
print(repr(Ts), list(Ts), Ts.__module__)
for f in (
    lambda: TypeVar("T", int),
    lambda: TypeVar("T", int, str, bound=int),
    lambda: TypeVar("T", bound=[1]),
    lambda: TypeVar("T", covariant=True, contravariant=True),
    lambda: TypeVar("T", covariant=True, infer_variance=True),
    lambda: TypeVar(1),
    lambda: ParamSpec(1),
    lambda: ParamSpec("P", covariant=1),
    lambda: TypeVarTuple(1),
    lambda: hash(P.args),
    lambda: types.new_class("X", (T,)),
    lambda: types.new_class("X", (P,)),
    lambda: types.new_class("X", (Ts,)),
    lambda: types.new_class("X", (P.args,)),
    lambda: type("X", (TypeVar,), {}),
    lambda: setattr(T, "__name__", "x"),
    lambda: setattr(T, "anything", "x"),
    lambda: setattr(T, "__bound__", "x"),
    lambda: Ts.__typing_subst__(int),
    lambda: T.__typing_subst__(int),
    lambda: T | int,
    lambda: int | T,
    lambda: P | int,
    lambda: T | None,
    lambda: Generic[int],
    lambda: Generic[T, T],
    lambda: Generic[T, P],
    lambda: Generic[()],
    lambda: _typing._idfunc(3),
):
    print(tried(f))

# Aliases.
A = TypeAliasType("A", int)
B = TypeAliasType("B", list[T], type_params=(T,))
V = TypeAliasType("V", tuple, type_params=(T, Ts))
print(A, A.__name__, A.__value__, A.__module__, A.__type_params__, A.__parameters__, A.__reduce__())
print(B, B.__value__, B[int], B[int].__origin__ is B, B.__parameters__, V.__parameters__, V[int, str, bytes])
print(A | str, str | A, tried(lambda: A[int]))
for f in (
    lambda: TypeAliasType("A", int, type_params=3),
    lambda: TypeAliasType(1, int),
    lambda: setattr(A, "__value__", 3),
    lambda: setattr(A, "x", 3),
    lambda: isinstance(3, A),
):
    print(tried(f))


# The syntax makes the same objects.
type L[X, *Y, **Z] = dict[X, L]
print(L, type(L) is TypeAliasType, L.__type_params__, L.__value__, L.__module__, L.__parameters__)


def f[X, Y: int, Z: (str, bytes), *W, **V](x: X) -> X:
    return x


for p in f.__type_params__:
    print(repr(p), type(p), p.__name__, getattr(p, "__bound__", "-"), getattr(p, "__constraints__", "-"), p.__module__)
print([getattr(p, "__infer_variance__", "-") for p in f.__type_params__])


def g[X: missing](): ...


print(tried(lambda: g.__type_params__[0].__bound__))
missing = int
print(g.__type_params__[0].__bound__)


class K[X, Y](list):
    def m(self, x: X) -> Y: ...


print(K.__mro__, K.__parameters__, K.__orig_bases__, K[int, str], K[int, str]().__orig_class__)
print(isinstance(K(), list), K.__type_params__[0] is K.__parameters__[0])


class G(Generic[T, S]):
    pass


class H(G[int, T], Generic[T]):
    x: T


print(G[int, bool], H[str], H.__parameters__, H.__mro__, tried(lambda: G[int]), tried(lambda: H[int, str]))
print(Generic(), G()) if False else print(type(Generic()), type(G()))
print(Generic.__module__, Generic.__name__, type(Generic), typing.Generic is Generic, typing.TypeVar is TypeVar)
print(list[T][int], dict[T, list[S]][int, bool], tuple[*Ts][int, str], typing.Callable[P, T][[int], str])
print(typing.get_type_hints(H), typing.Optional[T], typing.Union[T, int])


class Shape(typing.Protocol[T]):
    def area(self) -> T: ...


print(Shape[int], Shape.__parameters__, typing.NamedTuple("N", [("a", int)])(1))


class TD(typing.TypedDict, total=False):
    a: int


print(TD(a=1), TD.__annotations__)

# What an alias lacks its origin lacks.
for alias in list[int], list[list[int]], dict[str, int]:
    for name in 'center', '__nope__', '__copy__':
        try:
            getattr(alias, name)
        except AttributeError as e:
            print(e, e.obj is alias, e.name)
try:
    list[int].x = 1
except AttributeError as e:
    print(e)
