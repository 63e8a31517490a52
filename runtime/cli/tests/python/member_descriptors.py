# Attributes that are fields of native objects are member descriptors.
import functools
import inspect
import types

for d in (
    complex.real,
    float.real,
    types.FunctionType.__globals__,
    types.FunctionType.__code__,
    types.MethodType.__self__,
    property.fget,
    slice.start,
    range.step,
    StopIteration.value,
    BaseException.args,
    ExceptionGroup.exceptions,
    functools.partial.func,
    types.CodeType.co_name,
    types.TracebackType.tb_frame,
    types.TracebackType.tb_next,
    type.__dict__["__flags__"],
):
    print(d, type(d).__name__, inspect.ismemberdescriptor(d), inspect.isgetsetdescriptor(d), inspect.isdatadescriptor(d))
print(complex.real.__objclass__, complex.real.__qualname__, complex.real.__get__(1 + 2j), complex.imag.__doc__)


def f():
    pass


for o, name in ((1j, "real"), (1.0, "real"), (f, "__globals__"), (slice(1), "stop"), (f.__code__, "co_name")):
    for change in (lambda: setattr(o, name, 1), lambda: delattr(o, name)):
        try:
            change()
        except AttributeError as e:
            print(name, e)
f.__doc__ = "text"
print(f.__doc__)
