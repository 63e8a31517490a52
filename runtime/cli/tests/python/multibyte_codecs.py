# Multibyte codecs: error handlers and their positions, states, parts of texts, streams.
import _codecs_cn
import _codecs_iso2022
import _codecs_jp
import _multibytecodec
import codecs
import io


def attempt(f, *args):
    try:
        return ascii(f(*args))
    except Exception as e:
        return f"{type(e).__name__}: {ascii(str(e))}"


for name, text in [
    ("gb18030", "a\u4e2d\u20ac\U0001f600\ud800"),
    ("hz", "~\u4e2d\u6587~x\u4e2d"),
    ("big5hkscs", "\xca\u0304\xca\xea\u030cx\xea"),
    ("euc_kr", "\uac00\ub620\u3131"),
    ("johab", "\uac00\ub620\u3131\u3133\u314f"),
    ("euc_jp", "\u65e5\uff71\u4e02\xa5"),
    ("shift_jis_2004", "\\\u304b\u309a\U00020089"),
    ("iso2022_jp_2", "\u65e5\xa5\uac00\u4e2d\u4e02z"),
    ("iso2022_kr", "x\uac00\ny\uac00"),
    ("iso2022_jp_ext", "\uff71\u65e5"),
]:
    print(name, attempt(text.encode, name), attempt(text.encode, name, "replace"), attempt(text.encode, name, "ignore"))
    made = text.encode(name, "backslashreplace")
    print("  ", made, ascii(made.decode(name)), attempt(made[:-1].decode, name))

for name, content in [
    ("gb18030", b"\x81\x30\x81\x30\x84\x31\xa4\x37\xff\x30\x81\x30\xe3\x32\x9a\x36"),
    ("hz", b"~{VP~}~\n~~~x"),
    ("iso2022_jp", b"\x1b$B\x46|\x1b(B\x1b&@\x1b$B\x46|\x1b(Z"),
    ("iso2022_jp_2", b"\x1b.A\x1bNi\x1b.F\x1bNa\x1bOa\x1b[31m"),
    ("cp932", b"\x81\x5f\xf0\x40\xa0\xfd\x80\xfc\xff"),
]:
    for errors in ("strict", "replace", "backslashreplace", "surrogateescape"):
        print(name, errors, attempt(content.decode, name, errors))

seen = []


def handler(e):
    seen.append((e.start, e.end, e.reason, type(e.object).__name__, id(e)))
    return answers.pop(0)


codecs.register_error("test.multibyte", handler)
for content, *answers in [
    (b"a\xffb\xff", ("X", 2), ("Y", 4)),
    (b"a\xffb", ("X", -1)),
    (b"a\xffb", ("X", 9)),
    (b"a\xffb", ("X", -9)),
    (b"a\xffb", (b"X", 2)),
    (b"a\xffb", "X"),
    (b"a\x81", ("", 0), ("end", 2)),
]:
    print(attempt(content.decode, "shift_jis", "test.multibyte"), [s[:4] for s in seen], len({s[4] for s in seen}))
    seen.clear()
for text, *answers in [
    ("a\u1234b\u1234", ("X", 2), (b"\xff", 4)),
    ("a\u1234b", ("\u65e5", -1)),
    ("a\u1234b", ("\u1234", 2)),
    ("a\u1234b", ("X", 9)),
    ("a\u1234b", (None, 2)),
    ("a\u1234b", ["X", 2]),
]:
    print(attempt(text.encode, "iso2022_jp", "test.multibyte"), [s[:4] for s in seen], len({s[4] for s in seen}))
    seen.clear()
print(attempt("\u1234".encode, "gbk", "no such handler"))

for name, parts in [("iso2022_jp", ["\u65e5", "a", "\u65e5"]), ("big5hkscs", ["x\xca", "\u0304\xea", "y\xca"]), ("hz", ["\u4e2d", "\u6587"])]:
    encoder, states, out = codecs.getincrementalencoder(name)(), [], []
    for i, part in enumerate(parts):
        states.append(encoder.getstate())
        out.append(encoder.encode(part, i == len(parts) - 1))
    print(name, [hex(s) for s in states], out)
    encoder.setstate(states[1])
    print(encoder.encode(parts[1]), encoder.reset(), hex(encoder.getstate()))
    decoder, whole, made = codecs.getincrementaldecoder(name)(), b"".join(out), []
    for i in range(len(whole)):
        made.append((decoder.decode(whole[i : i + 1]), decoder.getstate()))
    print(ascii(made[:9]), ascii("".join(m[0] for m in made)), attempt(decoder.decode, b"\x81", True), decoder.getstate(), decoder.reset())

codec = _codecs_jp.getcodec("cp932")


class Encoder(_multibytecodec.MultibyteIncrementalEncoder):
    codec = codec


class Decoder(_multibytecodec.MultibyteIncrementalDecoder):
    codec = codec


class Reader(_multibytecodec.MultibyteStreamReader):
    codec = codec


class Writer(_multibytecodec.MultibyteStreamWriter):
    codec = codec


encoder, decoder = Encoder(), Decoder(errors="ignore")
print(encoder.errors, decoder.errors, attempt(setattr, encoder, "errors", 1), attempt(delattr, encoder, "errors"))
encoder.errors = "replace"
print(encoder.encode("\u1234"), encoder.encode(5), attempt(encoder.setstate, -1), attempt(encoder.setstate, 1 << 200), attempt(encoder.setstate, 255), attempt(encoder.setstate, "x"))
print(decoder.decode(b"\xff\x81"), decoder.getstate(), decoder.decode(b"", True), attempt(decoder.setstate, 1), attempt(decoder.setstate, (b"", 1, 2)), attempt(decoder.setstate, (b"123456789", 0)), attempt(decoder.setstate, (b"", -1)), attempt(decoder.decode, "x"))
print(codec.encode("\u65e5"), codec.decode(bytearray(b"\x93\xfa")), codec.encode(12), attempt(codec.encode, "x", 1), attempt(codec.decode, "x"), attempt(type(codec)))
print(attempt(_codecs_jp.getcodec, "gbk"), attempt(_codecs_cn.getcodec, 1), attempt(getattr(_multibytecodec, "__create_codec"), 1), attempt(_multibytecodec.MultibyteIncrementalDecoder))

content = "\u65e5a\r\n\u672c\nz".encode("cp932")
for method, *sizes in [("read",), ("read", 1), ("read", 3), ("readline",), ("readline", 1), ("readlines",), ("readlines", 4), ("read", 0), ("read", "x"), ("read", None)]:
    reader = Reader(io.BytesIO(content))
    print(method, sizes, [attempt(getattr(reader, method), *sizes) for _ in range(4)])
print(attempt(Reader(io.StringIO("x")).read), attempt(Reader(io.BytesIO(b"\x81")).read), attempt(Reader(io.BytesIO(b"a\x81"), "replace").read))
target = io.BytesIO()
writer = Writer(target)
print(writer.write("\u65e5"), writer.writelines(["a", "\u672c"]), attempt(writer.writelines, 5), writer.reset(), writer.stream is target, attempt(setattr, writer, "stream", None), target.getvalue())
with io.TextIOWrapper(io.BytesIO(), "iso2022_jp") as file:
    file.write("\u65e5\u672c")
    file.write("\u8a9e\n")
    file.flush()
    print(file.buffer.getvalue())
