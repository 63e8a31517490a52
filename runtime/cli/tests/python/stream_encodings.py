# Text streams in encodings that are not built in, with state, marks and handlers of the program's own.
import codecs
import io
import os
import tempfile

os.chdir(tempfile.mkdtemp())
for enc in ('utf-8-sig', 'cp1252', 'utf-7', 'cp437', 'koi8-r', 'utf-16', 'utf-32', 'utf-16-be', 'iso8859-15'):
    text = 'яб\r\nв\n' if enc == 'koi8-r' else 'aé\r\nx\n' * 3
    with open('file', 'w', encoding=enc) as f:
        f.write(text)
    with open('file', 'rb') as f:
        print(enc, f.read())
    with open('file', encoding=enc) as f:
        print(repr(f.readline()))
        p = f.tell()
        rest = f.read()
        f.seek(p)
        print(f.read() == rest, f.newlines)
        f.seek(0)
        print(f.read(2), repr(f.read()))
    with open('file', 'a', encoding=enc) as f:
        f.write('z')
    with open('file', 'rb') as f:
        print(f.read()[-4:])
for enc in ('nope', 'hex', 'a\0b', 'a\udc00'):
    try:
        open('file', encoding=enc)
    except (LookupError, ValueError) as e:
        print(type(e).__name__, e)
codecs.register_error('place', lambda e: ('<%s>' % e.start, e.end))
for enc, handler in (('ascii', 'place'), ('cp1252', 'place'), ('ascii', 'backslashreplace'), ('cp437', 'xmlcharrefreplace'),
                     ('ascii', 'namereplace'), ('ascii', 'none such')):
    with open('file', 'w', encoding=enc, errors=handler) as f:
        print(f.errors)
        try:
            f.write('a☃b')
        except LookupError as e:
            print(e)
    with open('file', 'rb') as f:
        print(f.read())
with open('file', 'wb') as f:
    f.write(b'a\xff\x81b')
for enc, handler in (('ascii', 'place'), ('cp1252', 'place'), ('ascii', 'surrogateescape'), ('utf-8', 'replace')):
    with open('file', encoding=enc, errors=handler) as f:
        print(ascii(f.read()))

t = io.TextIOWrapper(io.BytesIO(), encoding='ascii', newline='\n')
t.write('abc\n')
t.reconfigure(encoding='utf-8-sig')
t.write('é\n')
t.reconfigure(encoding='utf-16-le', errors='ignore')
t.write('€')
t.flush()
print(t.encoding, t.errors, t.buffer.getvalue())
t = io.TextIOWrapper(io.BytesIO(b'one\ntwo\nthree'), encoding='utf-7')
t._CHUNK_SIZE = 3
print(t._CHUNK_SIZE, t.readline(), t.tell(), list(t))
fresh = io.TextIOWrapper.__new__(io.TextIOWrapper)
for call in (lambda: fresh.read(), lambda: repr(fresh), lambda: io.BufferedReader.__new__(io.BufferedReader).read()):
    try:
        call()
    except ValueError as e:
        print(e)
