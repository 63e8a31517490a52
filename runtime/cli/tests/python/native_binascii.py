# `binascii`: encodings there and back, their corner cases, and checksums.
import binascii
from binascii import *


def tried(text):
    try:
        print(text, "->", repr(eval(text)))
    except Exception as e:
        print(text, "!!", type(e).__name__, e)


for text in """
a2b_base64('aGVsbG8=')|a2b_base64(b'aGVsbG8')|a2b_base64('a')|a2b_base64('abcde')|a2b_base64('ab=')|a2b_base64('ab==')
a2b_base64('ab==x')|a2b_base64('a=b=')|a2b_base64('abc=d')|a2b_base64('====')|a2b_base64('')|a2b_base64('é')|a2b_base64(3)
a2b_base64('ab==',strict_mode=True)|a2b_base64('ab==x',strict_mode=True)|a2b_base64('=ab=',strict_mode=True)
a2b_base64('a b==',strict_mode=True)|a2b_base64('ab=c',strict_mode=True)|a2b_base64('abc==',strict_mode=True)
a2b_base64('ab===',strict_mode=True)|a2b_base64('abcd=',strict_mode=True)|a2b_base64('abcd====',strict_mode=True)
a2b_base64('ab',strict_mode=True)|a2b_base64('a',strict_mode=True)|a2b_base64('abcd\\n',strict_mode=True)
a2b_base64('ab=\\n=',strict_mode=True)|a2b_base64('ab==\\n',strict_mode=True)|a2b_base64('a=',strict_mode=True)
b2a_base64(b'hello')|b2a_base64(b'hello',newline=False)|b2a_base64('x')|b2a_base64(b'')|a2b_base64('aGV\\nsb G8=')
hexlify(b'abc')|hexlify(b'abcdef',':')|hexlify(b'abcdef','-',2)|hexlify(b'abcde','-',2)|hexlify(b'abcdef','-',-4)
hexlify(b'abcdef',b'xx')|hexlify(b'abcdef','')|hexlify(b'abcdef',3)|hexlify(b'abc',sep='é')|hexlify(b'abc',sep='\u1234')
hexlify(b'abc',':',0)|hexlify('a')|b2a_hex(bytearray(b'a'))|hexlify(b'abc', [1])|hexlify(b'abc', bytearray(b'x'))
unhexlify('616')|unhexlify('61 62')|unhexlify('6162')|unhexlify('zz')|unhexlify(b'6A6b')|unhexlify(3)|unhexlify('é')
crc32(b'hello')|crc32(b'hello',5)|crc32(b'',-1)|crc32('a')|crc32(b'a',1<<40)|crc32(b'a','x')
crc_hqx(b'hello',0)|crc_hqx(b'hello',0x12345)|crc_hqx(b'a')|crc_hqx(b'',70000)|crc32(b' world', crc32(b'hello'))
a2b_uu(b'#86)C\\n')|a2b_uu(b'')|a2b_uu(b'#86)')|a2b_uu(b'#86)C  ')|a2b_uu(b'#86)Cx')|a2b_uu(b'!\\x7f')|a2b_uu(b' ')
b2a_uu(b'abc')|b2a_uu(b'x'*46)|b2a_uu(b'')|b2a_uu(b'\\0\\0a',backtick=True)|b2a_uu(b'\\0\\0a')|a2b_uu(b'\\x7f')|b2a_uu(b'',backtick=True)
b2a_qp(b'a=b\\n')|b2a_qp(b'a b ',quotetabs=True)|b2a_qp(b'a b',header=True)|b2a_qp(b'a_b',header=True)|b2a_qp(b'x'*80)
b2a_qp(b'a \\nb')|b2a_qp(b'a\\r\\nb\\n')|b2a_qp(b'.\\n')|b2a_qp(b'.')|b2a_qp(b'a\\t\\n')|b2a_qp(b'\\xff')|b2a_qp(b'a\\nb',istext=False)
b2a_qp(b'a\\rb')|b2a_qp(b'x'*75+b'=')|b2a_qp(b'x'*74+b'==')|b2a_qp(b'x'*76+b'\\n')|b2a_qp(b'x'*77+b'\\n')|b2a_qp(b' '*80)
a2b_qp(b'a=3Db=\\nc')|a2b_qp('a_b',header=True)|a2b_qp(b'=')|a2b_qp(b'=x')|a2b_qp(b'==')|a2b_qp(b'=4')|a2b_qp(b'=\\r\\nx')
a2b_qp(b'=XYZ')|a2b_qp('=\\r')|a2b_qp(b'a= \\nb')|a2b_qp('é')|a2b_uu('#86)C')|Error.__mro__|Incomplete.__mro__
a2b_base64(memoryview(b'abcd')[::2])|a2b_base64(memoryview(bytearray(b'YWJj')))|a2b_qp(data=b'a', header=0)
""".replace("\n", "|").split("|"):
    if text:
        tried(text)

import random

r = random.Random(5)
for n in list(range(0, 46, 9)) + [46, 47, 1000]:
    data = r.randbytes(n)
    assert a2b_base64(b2a_base64(data)) == data
    assert unhexlify(hexlify(data)) == data == bytes.fromhex(data.hex())
    assert n > 45 or a2b_uu(b2a_uu(data)) == data == a2b_uu(b2a_uu(data, backtick=True))
    for flags in range(4):
        assert a2b_qp(b2a_qp(data, flags & 1, False, flags & 2), flags & 2) == data
    print(crc32(data), crc_hqx(data, n), end=" ")
print()
import base64

print(base64.b64encode(b"\xfb\xff", b"-_"), base64.urlsafe_b64decode("-_8="), base64.b32encode(b"abc"), base64.a85encode(b"hello"))
