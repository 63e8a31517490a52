# How classes' instances are laid out, and what assigning `__class__` and changing hierarchies do.
import sys


class A:
    __slots__ = ("q",)


class C:
    __slots__ = ("r",)


try:
    A().__class__ = C
except TypeError as error:
    print(error)


# What changes at the root of a hierarchy with many ways through it is seen by its leaf.
def diamond(root):
    class X(root):
        pass

    class Y(root):
        pass

    class Z(X, Y):
        pass

    return Z


class Root:
    pass


class Other:
    def f(self):
        return "other"


class Base(Root):
    pass


leaf = Base
for _ in range(8):
    leaf = diamond(leaf)
print(hasattr(leaf, "x"))
Root.x = 1
print(leaf.x)
Root.__del__ = lambda self: None
Base.__bases__ = (Other,)
print(leaf().f(), hasattr(leaf, "x"), len(leaf.__mro__))

# A list that grows by more than one item at a time has room to spare, too.
items = []
sizes = set()
for _ in range(2000):
    items += [1, 2]
    sizes.add(sys.getsizeof(items))
print(len(items), len(sizes) < 200)
