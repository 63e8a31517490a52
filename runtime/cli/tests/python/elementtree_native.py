# The native types of xml.etree.ElementTree: what calls answer, and how they refuse.
import _elementtree as native
import copy
import gc
import io
import pickle
import re
import warnings
import weakref
import xml.etree.ElementTree as ET

warnings.simplefilter("ignore")
E = native.Element


def show(label, f):
    try:
        shown = repr(f())
    except BaseException as e:
        shown = f"{type(e).__name__}: {e}"
    print(label, "=>", re.sub("0x[0-9a-f]+", "0x", shown))


def evaluate(names, lines):
    for line in lines.strip().split("\n"):
        show(line, lambda: eval(line, names))


print(ET.Element is E, ET.TreeBuilder is native.TreeBuilder, ET.XMLParser is native.XMLParser, ET.ParseError is native.ParseError)
for t in (E, native.TreeBuilder, native.XMLParser, type(E("a").iter()), native.ParseError):
    print(t, t.__module__, t.__qualname__, t.__base__)

a = E("a", x=1)
evaluate(globals(), """
E()
E('a', 1)
E('a', None)
E('a', attrib=1)
E('a', attrib={'x': 1}, y=2).attrib
E('a', {'x': 1}, attrib={'y': 1}).attrib
E(tag='a')
E.__new__(E)
E.__new__(E).attrib
E('a').append(1)
E('a').append(None)
E('a').extend(1)
E('a').extend([1])
E('a').extend([E('b'), 1])
E('a').insert(0, 1)
E('a').insert('x', E('b'))
E('a').insert(2**70, E('b'))
E('a').remove(1)
E('a').remove(E('b'))
E('a')[0]
E('a')[2**70]
E('a')['x']
E('a')[0:1]
E('a').__setitem__(0, E('b'))
E('a').__setitem__(slice(0, 1), 1)
E('a').__setitem__(slice(0, 1), [1])
E('a').__setitem__(slice(0, 1, 2), [E('x')])
E('a').__delitem__(0)
E('a').find()
E('a').find(1)
E('a').findtext('x', 'd')
E('a').findtext('x', default='d')
E('a').findall('x')
list(E('a').iterfind('x'))
E('a').get('x')
E('a').get('x', default=3)
E('a').set([], 1)
a.get([])
E('a').keys()
a.items()
E('a').makeelement('x', 1)
E('a').makeelement('x', {'y': 1}).attrib
E('a').__deepcopy__(1)
a.__getstate__()
E('a').__setstate__(1)
E('a').__setstate__({})
E('a').__setstate__({'tag': 1, '_children': 1})
E('a').__setstate__({'tag': 1, '_children': [1]})
E('a').__setstate__({'tag': 1, 'what': 1})
setattr(E('a'), 'attrib', 1)
setattr(E('a'), 'what', 1)
delattr(E('a'), 'tag')
delattr(E('a'), 'text')
bool(E('a')), bool(a), len(E('a'))
E('a') == E('a')
iter(E('a'))
1 in E('a')
native.SubElement()
native.SubElement(1, 'x')
native.SubElement(a)
native.SubElement(a, 'x', 1)
native.SubElement(a, 'x', attrib=1)
native.SubElement(a, 'x', {'a': 1}, b=2).attrib
native.SubElement(a, 'x', attrib={'a': 1}, b=2).attrib
native._set_factories(1, 2)
native.TreeBuilder(1, 2)
native.TreeBuilder(x=2)
native.TreeBuilder().close()
native.TreeBuilder().end('x')
native.TreeBuilder().start('x', None)
native.TreeBuilder().comment('x')
native.TreeBuilder().pi('x', 'y')
native.TreeBuilder.__new__(native.TreeBuilder).comment('x')
native.TreeBuilder.__new__(native.TreeBuilder).pi('x')
native.XMLParser(1)
native.XMLParser(encoding=3)
native.XMLParser(encoding='a\\0b')
native.XMLParser(target=1).feed('<a/>')
native.XMLParser().feed(1)
native.XMLParser().feed('<a')
native.XMLParser().feed('<a></b>')
native.XMLParser().feed(memoryview(b'<a/>'))
native.XMLParser().feed('\\ud800')
native.XMLParser().feed(b'<?xml version="1.0" encoding="gbk"?><a/>')
native.XMLParser(encoding='koi8-r').feed(b'<a>\\xd0</a>')
native.XMLParser().close()
native.XMLParser().version
native.XMLParser().entity
native.XMLParser().target
native.XMLParser()._parse_whole(1)
native.XMLParser()._setevents(1)
native.XMLParser()._setevents([], 1)
native.XMLParser()._setevents([], [1])
native.XMLParser()._setevents([], ['x'])
native.XMLParser(target=1)._setevents([])
native.XMLParser.__new__(native.XMLParser).feed('')
native.XMLParser.__new__(native.XMLParser).entity
setattr(native.XMLParser(), 'entity', 1)
type(E('a').iter())()
""")

# Children, with indices and slices.
def numbered(n):
    e = E("r")
    e.extend(E(str(i)) for i in range(n))
    return e


def tags(e):
    return " ".join(c.tag for c in e)


for start, stop, step in [(1, 4, 1), (None, None, -1), (None, None, 3), (7, 1, -2), (4, 2, 1), (-3, None, 1), (0, 0, 1)]:
    key = slice(start, stop, step)
    e = numbered(9)
    selected = len(e[key])
    print(start, stop, step, "|", [c.tag for c in e[key]], end=" | ")
    del e[key]
    print(tags(e), end=" | ")
    e = numbered(9)
    e[key] = [E("n%d" % i) for i in range(selected)]
    print(tags(e), end=" | ")
    e = numbered(9)
    show("", lambda: e.__setitem__(key, [E("x"), E("y")]))
    print(tags(e))
e = numbered(3)
e[1:1] = e
e[-1] = E("last")
e.insert(-1, E("before"))
e.insert(99, E("end"))
e.remove(e[0])
print(tags(e), len(e))
del e[:]
print(tags(e), len(e))

# Elements that change while they are walked or searched.
e = numbered(4)
seen = []
for c in e.iter():
    seen.append(c.tag)
    if c.tag == "1":
        native.SubElement(c, "new")
        e.remove(e[-1])
print(seen)


class Changes(str):
    def __eq__(self, other):
        del target[:]
        return False

    __hash__ = None


for search in (E.find, E.findtext, E.findall, lambda e, tag: list(e.iter(tag))):
    target = numbered(5)
    for c in target:
        c.tag = Changes("x")
    show("changed by its search", lambda: search(target, "5"))


class Unequal(E):
    def __eq__(self, other):
        del target[:]
        return True


target = E("t")
target.append(Unequal("u"))
show("removed by what changes it", lambda: target.remove(E("v")))

# Copies, states, weak references, subclasses.
tree = ET.XML('<a q="1">x<b>y</b>z<c/>w</a>')
shallow, deep = copy.copy(tree), copy.deepcopy(tree)
print(shallow[0] is tree[0], shallow.attrib is tree.attrib, deep[0] is tree[0], ET.tostring(deep))
shared = E("s")
tree.extend([shared, shared])
deep = copy.deepcopy(tree)
print(deep[-1] is deep[-2], deep[-1] is shared)
for protocol in range(2, 6):
    print(protocol, ET.tostring(pickle.loads(pickle.dumps(tree, protocol))))


class Mine(E):
    def __init__(self, tag, note):
        super().__init__(tag, note=note)
        self.note = note


m = Mine("m", "n")
m.append(E("k"))
print(m.attrib, m.note, type(copy.copy(m)) is E, type(m.makeelement("x", {})) is E, [c.tag for c in m.iter()])
reference = weakref.ref(m)
gc.collect()
print(reference() is m)
loop = E("loop")
loop.tag = loop
show("shown within itself", lambda: repr(loop))
deep = E("deep")
for _ in range(10_000):
    outer = E("d")
    outer.append(deep)
    deep = outer
print(sum(1 for _ in deep.iter()))
del deep, outer

# Builders.
b = native.TreeBuilder(insert_comments=True, insert_pis=True)
b.comment("before")
b.start("a", {"k": "v"})
b.data("x")
b.data("y")
b.comment("c")
b.data("z")
b.pi("p", "r")
b.start("b", {})
b.end("other")
b.data("tail")
b.data("!")
b.end("a")
print(ET.tostring(b.close()))
show("another root", lambda: b.start("b", {}))
b = native.TreeBuilder(lambda *args: args)
show("made by a factory", lambda: (b.start("a", {}), b.start("b", {})))
b = native.TreeBuilder(comment_factory=lambda *args: args, pi_factory=lambda *args: args)
print(b.comment("x"), b.pi("x"), b.pi("x", "y"))
b = native.TreeBuilder(comment_factory=lambda *args: args, insert_comments=True)
b.start("x", {})
show("no element", lambda: b.comment("q"))

# Parsers and their targets.
class Tells:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def told(*args):
            print(" ", name, args)
            return name

        return told


DOCUMENT = '<!DOCTYPE a PUBLIC "p" "s"><?pi d?><!--c--><a xmlns="u" xmlns:q="v" q:z="1" y="2">t&amp;&lt;<b/>&#65;<![CDATA[cd]]>\n<q:c/></a><!--e-->'
p = native.XMLParser(target=Tells())
p.feed(DOCUMENT)
print(p.close())
for size in (1, 7, 1000):
    events = []
    p = native.XMLParser()
    p._setevents(events, ["start", "end", "start-ns", "end-ns", "comment", "pi"])
    for i in range(0, len(DOCUMENT), size):
        p.feed(DOCUMENT[i : i + size])
    root = p.close()
    print([(name, what.tag if name in ("start", "end") else what) for name, what in events], ET.tostring(root))
show("fed behind the end", lambda: p.feed("x"))
show("closed again", lambda: p.close())
p.__init__()
p.feed("<again/>")
print(p.close().tag)


class Fails:
    def start(self, tag, attrib):
        raise ZeroDivisionError(tag)


p = native.XMLParser(target=Fails())
show("target fails", lambda: p.feed("<a>x</a>"))
show("it goes on behind that", lambda: p.feed("<a/>"))


for document in ("<a>&foo;</a>", '<!DOCTYPE a SYSTEM "x"><a>&foo;&bar;</a>', '<!DOCTYPE a [<!ENTITY foo SYSTEM "x">]><a>&foo;</a>', '<a b="&foo;"/>'):
    p = native.XMLParser()
    p.entity["foo"] = "known"
    show(document, lambda: (p.feed(document), p.close().text))
try:
    ET.XML("<a>\n<b></a>")
except ET.ParseError as e:
    print(e, e.code, e.position, isinstance(e, SyntaxError))


class Ignored(native.XMLParser):
    def doctype(self, *args):
        print("never")


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    Ignored().feed("<!DOCTYPE a><a/>")
    bool(a)
    print([(w.category.__name__, str(w.message)) for w in caught])
print(native.XMLParser()._parse_whole(io.StringIO("<a>\u20ac</a>")).text, native.XMLParser()._parse_whole(io.BytesIO(b"<a/>")).tag)
show("surrogates", lambda: native.XMLParser()._parse_whole(io.StringIO("<a>\ud800</a>")))
events = [(event, e.tag) for event, e in ET.iterparse(io.BytesIO(b"<a>" + b"<b>x</b>" * 5000 + b"</a>"))]
print(len(events), events[0], events[-1])
print(list(ET.XML("<a>x<b>y</b>z<c/>w</a>").itertext()), [e.tag for e in ET.XML("<a><b/><a/></a>").iter("a")])
print(ET.XML('<a xmlns="u"><b/><c>x</c></a>').find("{*}b"). tag, ET.XML("<a><b/></a>").findtext("b") == "")
