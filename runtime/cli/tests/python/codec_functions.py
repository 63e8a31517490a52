# The functions of `codecs`: escapes, UTF-7, maps, parts of inputs, error handlers.
import codecs
import warnings

print(codecs.escape_decode(rb'a\n\x41\101\'\\'), codecs.escape_encode(b"a'\n\xff\\"))
print(codecs.unicode_escape_encode('a\n\xe9\u20ac\U0001f600\\'), codecs.unicode_escape_decode(rb'\x41\u20ac\N{DIGIT ONE}\n'))
print(codecs.unicode_escape_decode('é\\n'), codecs.unicode_escape_decode(rb'a\u20', 'strict', False))
print(codecs.raw_unicode_escape_encode('\xe9\u20ac\\n'), codecs.raw_unicode_escape_decode(rb'\u20ac\n\xe9'))
with warnings.catch_warnings(record=True) as issued:
    warnings.simplefilter('always')
    print(codecs.escape_decode(rb'\q\u'), codecs.unicode_escape_decode(rb'\q'), codecs.escape_decode(rb'\477'))
    for w in issued:
        print(w.category.__name__, w.message)
for call in (lambda: codecs.escape_decode(b'\\'), lambda: codecs.escape_decode(rb'\x4'), lambda: codecs.escape_decode(b'', 'no'), lambda: codecs.escape_decode(rb'\x', 'no'),
             lambda: codecs.unicode_escape_decode(rb'\N{NO SUCH}'), lambda: codecs.raw_unicode_escape_decode(rb'\u20'),
             lambda: codecs.escape_encode('a'), lambda: codecs.utf_8_decode('a'), lambda: codecs.utf_8_encode(b'a')):
    try:
        print(call())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
print('a+é€\U0001f600-b'.encode('utf-7'), b'+AOkgrA-+-'.decode('utf-7'), codecs.utf_7_decode(b'ab+AOkA', 'strict', False))
for bad in (b'+A', b'+AOkA~', b'\xff', b'+~', b'+2D3-'):
    try:
        print(ascii(bad.decode('utf-7')))
    except UnicodeDecodeError as e:
        print(e)
print(codecs.utf_16_ex_decode(b'\xfe\xff\x00a'), codecs.utf_16_ex_decode(b'a\x00b'), codecs.utf_32_ex_decode(b'\xff\xfe\0\0a\0\0\0', None, 0, True))
print(codecs.utf_16_encode('a', None, 1), codecs.utf_16_encode('a', None, -1), codecs.utf_8_decode(b'a\xe2\x82'))
print(codecs.charmap_decode(b'abc', 'strict', {97: 'x', 98: 0x20ac, 99: ''}), codecs.charmap_encode('ab', None, {97: b'xy', 98: 65}))
for call in (lambda: codecs.charmap_decode(b'ad', 'strict', {97: 'x'}), lambda: codecs.charmap_encode('aéü', 'strict', {97: 1}),
             lambda: codecs.charmap_encode('a', 'strict', {97: 300}), lambda: codecs.charmap_encode('éa', 'replace', {97: 1}),
             lambda: codecs.charmap_decode(b'a', 'strict', {97: 1.5})):
    try:
        print(call())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
codecs.register_error('upper', lambda e: (e.object[e.start:e.end].upper() if isinstance(e, UnicodeEncodeError) else '?', e.end))
print('aßz'.encode('ascii', 'upper'), codecs.charmap_encode('aéb', 'upper', {97: b'A', 98: b'B', 0xc9: b'E'}), b'\xffa'.decode('ascii', 'upper'))


def exchange(e):
    e.object = b'other'
    return '!', -2


codecs.register_error('exchange', exchange)
print(b'\xff'.decode('ascii', 'exchange'))
for name in ('strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass', 'namereplace'):
    handler = codecs.lookup_error(name)
    for e in (UnicodeEncodeError('utf-8', 'a\udc80b', 1, 2, 'why'), UnicodeDecodeError('utf-8', b'a\xffb', 1, 2, 'why')):
        try:
            print(name, ascii(handler(e)))
        except Exception as raised:
            print(name, type(raised).__name__, raised)
for call in (lambda: codecs.encode('a', 'hex'), lambda: 'é'.encode('nope'), lambda: codecs.lookup('\udc00'), lambda: codecs.lookup_error('x')):
    try:
        call()
    except Exception as e:
        print(type(e).__name__, e, getattr(e, '__notes__', None))
print(codecs.lookup('  LATIN--1 ').name, codecs.lookup('Utf.8' if False else 'UTF 8').name)
