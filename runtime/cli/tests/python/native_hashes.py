import _md5, _sha1, _sha2, _sha3, _blake2

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

makers = [_md5.md5, _sha1.sha1, _sha2.sha224, _sha2.sha256, _sha2.sha384, _sha2.sha512, _sha3.sha3_224, _sha3.sha3_256,
    _sha3.sha3_384, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s]
for make in makers:
    h = make()
    print(h.name, h.digest_size, h.block_size, h.hexdigest())
    for n in (1, 55, 56, 63, 64, 65, 71, 72, 73, 104, 111, 112, 119, 127, 128, 129, 136, 143, 144, 145, 168, 200, 256, 1000):
        data = bytes((i * 7 + n) % 256 for i in range(n))
        whole = make(data).hexdigest()
        parts = make()
        for i in range(0, n, 37):
            parts.update(data[i:i + 37])
        print(n, whole, parts.hexdigest() == whole, parts.digest().hex() == whole)
    a = make(b'abc'); b = a.copy(); b.update(b'd')
    print(a.hexdigest() == make(b'abc').hexdigest(), b.hexdigest() == make(b'abcd').hexdigest(), a.hexdigest() == b.hexdigest())
    attempt('str', lambda: make('abc'))
    attempt('none', lambda: a.update(None))
    print(make(bytearray(b'abc')).hexdigest(), make(b'', usedforsecurity=False).hexdigest())
print(_sha2.sha256(string=b'x').hexdigest())
for make in (_sha3.shake_128, _sha3.shake_256):
    h = make(b'abc')
    print(h.name, h.digest_size, h.block_size, h.hexdigest(10), h.digest(0), h.hexdigest(500), h._rate_bits, h._capacity_bits, h._suffix)
    attempt('negative', lambda: h.digest(-1))
b, s = _blake2.blake2b, _blake2.blake2s
print(b(b'abc', digest_size=20).hexdigest(), s(b'abc', digest_size=5).hexdigest(), b(b'abc', key=b'secret').hexdigest(), s(b'', key=b'k').hexdigest())
print(b(b'abc', salt=b'salt', person=b'person').hexdigest(), s(b'abc', salt=b'salt', person=b'p').hexdigest())
print(b(b'abc', fanout=2, depth=2, leaf_size=4096, node_offset=1, node_depth=1, inner_size=64, last_node=True).hexdigest())
print(s(b'abc', fanout=2, depth=2, leaf_size=4096, node_offset=1, node_depth=1, inner_size=32, last_node=True).copy().hexdigest())
print(b.SALT_SIZE, s.PERSON_SIZE, b.MAX_KEY_SIZE, _blake2.BLAKE2S_MAX_DIGEST_SIZE)
attempt('size', lambda: b(digest_size=0))
attempt('size', lambda: s(digest_size=33))
attempt('key', lambda: b(key=b'x' * 65))
attempt('salt', lambda: s(salt=b'x' * 9))
attempt('depth', lambda: b(depth=0))
attempt('fanout', lambda: b(fanout=256))
attempt('offset', lambda: s(node_offset=2**48))
attempt('type', lambda: _sha2.SHA256Type())
