# What a class method wraps is bound to the class, whether it is a function or not.
import functools
import types


class A:
    __class_getitem__ = classmethod(types.GenericAlias)
    builtin = classmethod(print)
    type = classmethod(list)
    partial = classmethod(functools.partial(print, 'partial'))
    nested = classmethod(classmethod(lambda cls: cls))
    prop = classmethod(property(lambda cls: cls.__name__))
    method = classmethod([].append)
    function = classmethod(lambda cls, *args: (cls.__name__, args))


print(A.__class_getitem__, type(A.__class_getitem__), A[int], A().__class_getitem__(str))
A.builtin(1)
try:
    A.type()
except TypeError as e:
    print(e)
A.partial(2)
print(A.nested(), A.prop, A.method(), A.function(3), A().function(4))
