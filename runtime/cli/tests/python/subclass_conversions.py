# Conversions whose methods return instances of subclasses: their value counts, with a DeprecationWarning.
import warnings


class Int(int): pass
class Float(float): pass
class Complex(complex): pass
class Bytes(bytes): pass


class ReturnsInt:
    def __int__(self): return Int(5)
class ReturnsIndex:
    def __index__(self): return Int(6)
class ReturnsBool:
    def __index__(self): return True
class ReturnsFloat:
    def __float__(self): return Float(1.5)
class ReturnsComplex:
    def __complex__(self): return Complex(1, 2)
class ReturnsTrunc:
    def __trunc__(self): return 7
class ReturnsBytes:
    def __bytes__(self): return Bytes(b'abc')


def shown(f, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        r = f(*args)
    print(type(r).__name__, r, [(w.category.__name__, str(w.message)) for w in caught])


shown(int, ReturnsInt())
shown(int, ReturnsIndex())
shown(range(10).__getitem__, ReturnsIndex())
shown([1, 2].__getitem__, ReturnsBool())
shown(float, ReturnsFloat())
shown(complex, ReturnsComplex())
shown(int, ReturnsTrunc())
shown(lambda x: ~x, True)
shown(lambda x: ~x, 3)
b = Bytes(ReturnsBytes())
print(type(b).__name__, b, b == b'abc', Bytes(b'abc') == b, hash(b) == hash(b'abc'), len(b), b[1:], type(b[:]).__name__)
print(type(bytes(ReturnsBytes())).__name__)
