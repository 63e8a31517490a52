# What makes a cached attribute wrong, after it was cached.


def get(o):
    return o.x


def put(o, v):
    o.x = v


# A value in the class becomes a descriptor because its own class changes.
class Items(list):
    pass


class Holder:
    x = Items([1])


holder = Holder()
print([get(holder) for _ in range(5)])
Items.__get__ = lambda self, instance, owner: "got"
print(get(holder))


class Plain:
    pass


class Shadowed:
    x = Plain()

    def __init__(self):
        self.x = 1


shadowed = Shadowed()
print([get(shadowed) for _ in range(5)], [put(shadowed, n) for n in range(5)])
Plain.__get__ = lambda self, instance, owner: "got"
Plain.__set__ = lambda self, instance, value: print("set", value)
print(get(shadowed))
put(shadowed, 2)


# Hooks that come and go, more often than caches put up with for other attributes.
class Hooked:
    def __init__(self):
        self.x = 1


hooked = Hooked()
for n in range(10):
    get(hooked), put(hooked, 1), get(hooked), put(hooked, 1)
    Hooked.__getattribute__ = lambda self, name, n=n: n * 10
    Hooked.__setattr__ = lambda self, name, value, n=n: print("set", n)
    print(get(hooked))
    put(hooked, 3)
    del Hooked.__getattribute__, Hooked.__setattr__
    print(get(hooked))


# Attributes of generic aliases are their origins'.
def doc(o):
    return o.__doc__


print([doc(list[int]) == list.__doc__ for _ in range(4)])


# Attributes beyond the slots in the object, where that has no dictionary from the start.
class Slotted:
    __slots__ = ("a",)


class Extended(Slotted):
    def __init__(self):
        self.b = 1


extended = Extended()
for n in range(20):
    setattr(extended, "x%d" % n if n else "x", n)
extended.a = "a"


def late(o):
    return o.x, o.x15


print([(late(extended), extended.a, extended.b) for _ in range(4)])

# Objects too large for small offsets.
Large = type("Large", (), {"__slots__": ["s%03d" % n for n in range(300)]})


class LargeExtended(Large):
    def __init__(self):
        self.b = 1
        self.c = 2


for n in range(5):
    large = LargeExtended()
    large.s299 = n
    print(large.b, large.c, large.s299, large.__dict__)

Huge = type("Huge", (), {"__slots__": ["s%04d" % n for n in range(9000)] + ["x"]})
huge = Huge()
for n in range(5):
    put(huge, n)
    print(get(huge), end=" ")
print()


# Instances of subclasses of built-in types may be descriptors.
class Number(int):
    def __get__(self, instance, owner):
        return "get"

    def __set__(self, instance, value):
        print("set", value)


class Text(str):
    def __set__(self, instance, value):
        print("set", value)


class Described:
    x = Number(3)
    y = Text("text")


described = Described()
described.x = described.y = 5
described.__dict__["x"] = described.__dict__["y"] = 9
print(described.x, described.y)


# A descriptor of the metaclass that only sets does not hide what the class has.
class Setter:
    def __set__(self, instance, value):
        pass


class Meta(type):
    x = Setter()


class WithMeta(metaclass=Meta):
    x = 3


print([get(WithMeta) for _ in range(3)])
