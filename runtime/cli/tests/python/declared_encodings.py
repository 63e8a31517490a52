# Sources in encodings that only the registry of codecs knows, one of them the program's own; names with null characters.
import codecs
import io
import os
import sys
import tempfile
import traceback


def shout(data, errors="strict"):
    return bytes(data).decode("latin-1").replace("SHOUT", "print"), len(data)


class Decoder(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, data, errors, final):
        return shout(data)


class Encoder(codecs.IncrementalEncoder):
    def encode(self, text, final=False):
        return text.encode("latin-1")


def whisper(text, errors="strict"):
    return text.encode("latin-1"), len(text)


def broken(data, errors="strict"):
    raise ValueError("no")


def search(name):
    if name == "shout":
        return codecs.CodecInfo(whisper, shout, codecs.StreamReader, codecs.StreamWriter, Encoder, Decoder, name="shout")
    if name == "broken":
        return codecs.CodecInfo(broken, broken, name="broken")


codecs.register(search)


def compiled(source):
    try:
        exec(compile(source, "file", "exec"))
    except SyntaxError as e:
        print(e, e.lineno, e.offset, e.text and e.text.strip())


compiled(b"# coding: shout\nSHOUT('\xe9')\n")
compiled(b"# coding: cp437\nprint(ascii('\x9b'))\n")
compiled(b"# coding: rot13\nprint(1)\n")
compiled(b"# coding: broken\nprint(1)\n")
compiled(b"# coding: nowhere\nprint(1)\n")
compiled(b"# coding: utf-7\nprint('+AOk-')\n")
compiled(b"# coding: cp1252\nprint('\x81')\n")
compiled(b"# coding: koi8-r\nprint(ascii('\xc1'))\n")
compiled(b"# coding: shift_jis\nprint(ascii('\x83\x5c'))\n")
compiled(b"# coding: euc-jp\nprint('\xff')\n")
compiled(b"# coding: cp437\nprint((\n")
compiled(b"# coding: hex\n00\n")
print(eval(b"# coding: cp437\n'\x9b'"))

with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    for name, source in (
        ("first", b"# coding: shout\nSHOUT('\xe9')\n"),
        ("second", b"# coding: cp437\nx = '\x9b' +* 1\n"),
        ("third", b"# coding: cp437\nx = 1 + '\x9b'\n"),
    ):
        with open(os.path.join(folder, name + ".py"), "wb") as file:
            file.write(source)
        try:
            __import__(name)
        except Exception as e:
            print(traceback.format_exception(e)[-2].replace(folder, "FOLDER"), e)
    with open(os.path.join(folder, "text"), "wb") as file:
        file.write(b"SHOUT \xe9")
    with open(os.path.join(folder, "text"), encoding="shout") as file:
        print(file.read(), file.encoding)
stream = io.TextIOWrapper(io.BytesIO(), "ascii")
stream.reconfigure(encoding="shout")
stream.write("\xe9")
stream.flush()
print(stream.buffer.getvalue())


def refused(call):
    try:
        print(repr(call()))
    except (ValueError, LookupError) as e:
        print(type(e).__name__, e)


for name in "utf-8\0", "ascii\udcff":
    refused(lambda: "x".encode(name))
    refused(lambda: b"x".decode(name))
    refused(lambda: str(b"x", name))
    refused(lambda: bytes("x", name))
    refused(lambda: bytearray("x", name))
    refused(lambda: codecs.lookup(name))
    refused(lambda: codecs.encode("x", name))
    refused(lambda: codecs.getincrementaldecoder(name))
    refused(lambda: io.TextIOWrapper(io.BytesIO(), name))
    refused(lambda: open(os.devnull, encoding=name))
for name in "strict\0", "ignore\udcff":
    refused(lambda: "x".encode("utf-8", name))
    refused(lambda: b"x".decode("utf-8", name))
    refused(lambda: bytes("x", "ascii", name))
    refused(lambda: codecs.encode("x", "ascii", name))
    refused(lambda: codecs.utf_8_decode(b"x", name))
    refused(lambda: codecs.lookup_error(name))
    refused(lambda: codecs.register_error(name, print))
    refused(lambda: io.TextIOWrapper(io.BytesIO(), "ascii", name))
    refused(lambda: open(os.devnull, encoding="ascii", errors=name))
for newline in "\n\0", "\udcff":
    refused(lambda: open(os.devnull, newline=newline))
refused(lambda: open(os.devnull, "r\0"))
refused(lambda: io.FileIO(os.devnull, "r\0"))
stream.reconfigure(encoding="utf-8\0rest")
print(ascii(stream.encoding))
refused(lambda: stream.reconfigure(encoding="locale\0"))
