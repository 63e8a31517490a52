# Type parameters live in a function around the definition, which gets the defaults as arguments.
def f[T: int](x: T = 1) -> T:
    return x

class C[T](B):
    x: T

type A[T] = list[T]
