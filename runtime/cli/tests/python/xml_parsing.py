# What pyexpat tells its handlers, whole documents and in pieces; what is wrong with documents, and where; entities.
import pyexpat
from pyexpat import ExpatError, ParserCreate, errors, model

HANDLERS = [
    "StartElementHandler", "EndElementHandler", "CharacterDataHandler", "ProcessingInstructionHandler",
    "UnparsedEntityDeclHandler", "NotationDeclHandler", "StartNamespaceDeclHandler", "EndNamespaceDeclHandler",
    "CommentHandler", "StartCdataSectionHandler", "EndCdataSectionHandler", "StartDoctypeDeclHandler",
    "EndDoctypeDeclHandler", "EntityDeclHandler", "XmlDeclHandler", "ElementDeclHandler", "AttlistDeclHandler",
    "SkippedEntityHandler",
]


def told(document, size=None, separator=None, default=None, only=HANDLERS, external={}, **settings):
    seen = []

    def hook(parser):
        for name in only:
            label = name.removesuffix("Handler").removesuffix("Decl")
            setattr(parser, name, lambda *args, label=label: seen.append((label, *args)))
        if default:
            setattr(parser, default, lambda text: seen.append(("default", text)))

        def resolve(context, base, system, public):
            seen.append(("external", base, system, public))
            if system in external:
                inner = parser.ExternalEntityParserCreate(context)
                hook(inner)
                inner.Parse(external[system], True)
            return 1

        if external:
            parser.ExternalEntityRefHandler = resolve
            parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS)

    parser = ParserCreate(namespace_separator=separator)
    for name, value in settings.items():
        setattr(parser, name, value)
    hook(parser)
    try:
        size = size or len(document) + 1
        for i in range(0, len(document), size):
            parser.Parse(document[i : i + size])
        parser.Parse(b"", True)
    except ExpatError as e:
        seen.append((type(e).__name__, str(e), e.code, e.lineno, e.offset, parser.ErrorByteIndex, parser.ErrorCode))
    return seen


def show(title, seen):
    print(title)
    for item in seen:
        print("   ", *map(repr, item))


DOCUMENT = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<!DOCTYPE doc SYSTEM "doc.dtd" [
  <!ELEMENT doc (#PCDATA | p)*>
  <!ELEMENT p ((a, b?) | (c+, (d | e)*))>
  <!ATTLIST p kind (x | y) "x" id ID #REQUIRED note CDATA #FIXED "f">
  <!ENTITY name "v&#38;<p/>w">
  <!ENTITY pic SYSTEM "pic.gif" NDATA gif>
  <!NOTATION gif PUBLIC "-//gif">
]>
<doc><!-- c --><?pi some data?>t\xe9&lt;&#65;&name;
  <p id=" 1 " kind=" y ">line 1\r\nline 2</p><![CDATA[<]]&]]>
</doc>
"""
for size in None, 1, 7:
    show(f"pieces of {size}", told(DOCUMENT, size, buffer_text=True))
show("default", told(DOCUMENT, default="DefaultHandler", only=["StartElementHandler", "EntityDeclHandler"]))
show("expanding default", told(DOCUMENT, 2, default="DefaultHandlerExpand", only=["AttlistDeclHandler"]))
show("lists", told(DOCUMENT, only=["StartElementHandler"], ordered_attributes=True, specified_attributes=True))

SPACES = b"""<x:a xmlns:x="urn:x" xmlns="urn:d"><b x:c="1" d="2"/><e xmlns=""><f/></e></x:a>"""
for prefixes in False, True:
    show("namespaces", told(SPACES, 3, "!", namespace_prefixes=prefixes))
show("no namespaces", told(SPACES))

DTD = b"""<?xml encoding="utf-8"?><!ENTITY % kind "CDATA"><!ATTLIST doc a %kind; "from the DTD">
<![INCLUDE[<!ENTITY in "included">]]><![IGNORE[<!ENTITY in "x" <![ ]]> >]]><!ENTITY both "&in; &#37; %kind;">"""
show("external", told(
    b'<!DOCTYPE doc PUBLIC "p" "d.dtd" [<!ENTITY e SYSTEM "e.xml">]><doc>&in;&both;&e;&none;</doc>',
    external={"d.dtd": DTD, "e.xml": b"<i/>text"},
))

for text in "<a>\u00e9\u20ac\U0001f600</a>", '<?xml version="1.0" encoding="utf-16"?><\u00e9/>':
    for encoding in "utf-16", "utf-16-le", "utf-16-be":
        show(encoding, told(text.encode(encoding), 1))
show("koi8-r", told('<?xml version="1.0" encoding="koi8-r"?><a>\u0411</a>'.encode("koi8-r")))
show("cp1252", told(b'<?xml version="1.0" encoding="cp1252"?><a>\x80\x81</a>'))

for wrong in [
    b"", b" ", b"<a>", b"<a", b"<a></b>", b"<a/>x", b"x", b"<a b=1/>", b'<a b="<"/>', b'<a b="1" b="2"/>', b"<a>]]></a>", b"<a>&x;</a>",
    b"<a>&#0;</a>", b"<a>\x01</a>", b"<a>\xff</a>", b"<a>\xc3", b"<a>\n <![CDATA[", b"<a><!-- -- --></a>", b" <?xml version='1.0'?><a/>",
    b"<?xml version='1.0' encoding='utf-16'?><a/>", b"<?xml version='1.0' x='y'?><a/>", b"<!DOCTYPE a [<!ELEMENT a (b,c|d)>]><a/>",
    b'<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]><a>&x;</a>', b'<!DOCTYPE a [<!ENTITY x "<b>">]><a>&x;</b></a>',
    b'<!DOCTYPE a [<!ENTITY x "%y;">]><a/>', b'<!DOCTYPE a PUBLIC "{" "s"><a/>',
    b'<!DOCTYPE a [<!NOTATION n SYSTEM "s"><!ENTITY x SYSTEM "e" NDATA n>]><a>&x;</a>',
]:
    show(wrong, told(wrong, only=["StartElementHandler", "CharacterDataHandler"]))
for wrong in b"<x:a/>", b'<a xmlns:x=""/>', b'<a xmlns:xml="u"/>', b'<a xmlns:xmlns="u"/>', b'<a xmlns:x="u" xmlns:y="u" x:b="" y:b=""/>', b"<a:b:c/>":
    show(wrong, told(wrong, separator=" ", only=[]))

# Entities that blow up.
bomb = '<!DOCTYPE a [<!ENTITY e0 "%s">' % ("x" * 100)
bomb += "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12)) + "]>"
for body in "<a>&e11;</a>", '<a b="&e11;"/>':
    parser = ParserCreate()
    try:
        parser.Parse(bomb + body, True)
    except ExpatError as e:
        print(e.code, errors.messages[e.code])

# Elements within elements, groups within groups: no stack is needed for them.
depth = []
parser = ParserCreate()
parser.StartElementHandler = lambda name, attributes: depth.append(name)
parser.Parse("<a>" * 2000 + "</a>" * 2000, True)
print(len(depth))


def level(m):
    n = 0
    while m[3]:
        m, n = m[3][0], n + 1
    return n, m


parser = ParserCreate()
parser.ElementDeclHandler = lambda name, m: print(name, level(m))
parser.Parse("<!DOCTYPE a [<!ELEMENT a " + "(" * 1000 + "b" + ")" * 1000 + ">]><a/>", True)

# What handlers raise ends the parsing.
parser = ParserCreate()
seen = []


def start(name, attributes):
    seen.append(name)
    if name == "c":
        raise LookupError("enough")


parser.StartElementHandler = start
parser.EndElementHandler = seen.append
try:
    parser.Parse(b"<a><b/><c/><d/>")
except LookupError as e:
    print(e, seen, parser.StartElementHandler)
try:
    parser.Parse(b"</a>", True)
except ExpatError as e:
    print(e, e.code == errors.codes[errors.XML_ERROR_FINISHED])

# Texts that are kept back, and handlers that change in between.
parser = ParserCreate()
parser.buffer_text, parser.buffer_size = True, 8
texts = []
parser.CharacterDataHandler = texts.append
parser.Parse(b"<a>123\n45")
print(texts, parser.buffer_used)
parser.Parse(b"6789<b/>012345678901234567890")
parser.buffer_text = False
parser.Parse(b"x\ny</a>", True)
print(texts)


# Within handlers.
class Source:
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, n):
        return self.pieces.pop(0) if self.pieces else b""


parser = ParserCreate()
parser.SetBase("http://x/")
parser.StartElementHandler = lambda name, attributes: print(
    name, parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex, parser.GetInputContext(), parser.GetBase())
print(parser.ParseFile(Source(b"<a>\n  <b/>", b" <c></c></a", b">")), parser.GetInputContext())

# Arguments.
for f in [
    lambda: ParserCreate(1), lambda: ParserCreate(namespace_separator=1), lambda: ParserCreate(namespace_separator="ab"), lambda: ParserCreate(intern=1),
    lambda: ParserCreate().Parse(1), lambda: ParserCreate().Parse("\ud800"), lambda: ParserCreate().ParseFile(1),
    lambda: ParserCreate().ParseFile(Source("text")), lambda: ParserCreate().ParseFile(Source(b"x" * 3000)), lambda: setattr(ParserCreate(), "buffer_size", 0),
    lambda: setattr(ParserCreate(), "buffer_size", 1.5), lambda: delattr(ParserCreate(), "buffer_text"), lambda: pyexpat.XMLParserType(),
    lambda: ParserCreate("no such encoding").Parse(b"<a/>", True), lambda: ParserCreate("shift_jis").Parse(b"<a/>", True), lambda: ParserCreate().nothing,
]:
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(ParserCreate(intern=None).intern, ParserCreate().intern, pyexpat.ErrorString(4), pyexpat.ErrorString(99), model.XML_CTYPE_SEQ)
