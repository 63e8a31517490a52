# Fields of native types, which inline caches read and write without a call: the same places see other things, too.
import xml.etree.ElementTree as ET


def get(o):
    return o.text


def put(o, v):
    o.text = v


def attributes(o):
    return o.attrib


def tried(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


class Sub(ET.Element):
    pass


class WithSlots(ET.Element):
    __slots__ = ("own",)


class Over(ET.Element):
    text = property(lambda self: "over", lambda self, v: print("set", v))


class Plain:
    text = "of the class"


class Taken:
    text = ET.Element.__dict__["text"]


class Asks(ET.Element):
    def __getattribute__(self, name):
        return "asked for " + name if name == "text" else super().__getattribute__(name)

    def __setattr__(self, name, value):
        print("told", name, value)
        super().__setattr__(name, value)


things = [ET.Element("a"), Sub("b"), WithSlots("c"), Over("d"), Plain(), Asks("e")]
for turn in range(6):
    for thing in things:
        put(thing, turn)
    print([get(thing) for thing in things], tried(get, Taken()), tried(put, Taken(), 1))
print(ET.Element.text.__get__(things[-1]))

# A class gets something else after places have seen it.
sub = Sub("x")
for turn in range(6):
    put(sub, turn)
    print(get(sub), end=" ")
Sub.text = property(lambda self: "late", lambda self, v: print("late", v))
put(sub, 7)
print(get(sub), ET.Element.text.__get__(sub))
del Sub.text
put(sub, 8)
print(get(sub))

# What is not there until it is asked for.
for turn in range(6):
    element = ET.Element("a")
    given = attributes(element)
    given["k"] = turn
    print(element.attrib, attributes(element) is given, ET.tostring(ET.Element("a", {"n": str(turn)})))
    element.attrib = {}
    print(attributes(element), tried(setattr, element, "attrib", 1), tried(delattr, element, "text"))
