"""Bytes and byte arrays: a compressor that finds repetitions, sums, packed records, a cipher of shifts.
"""


def data(count):
    state, out = 99, bytearray()
    while len(out) < count:
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        if state >> 30 and len(out) > 40:
            begin = len(out) - 1 - (state >> 16) % min(len(out), 900)
            out += out[begin:begin + 4 + (state >> 8) % 30]
        else:
            out.append(state >> 16 & 0x7F)
    return bytes(out[:count])


def compress(source):
    """Literals as their length and bytes, repetitions as 128 + length, and the distance in two bytes."""
    out, literals, seen, at = bytearray(), bytearray(), {}, 0

    def flush():
        for begin in range(0, len(literals), 127):
            piece = literals[begin:begin + 127]
            out.append(len(piece))
            out.extend(piece)
        literals.clear()

    while at < len(source):
        key = source[at:at + 4]
        before = seen.get(key, -1)
        seen[key] = at
        if before >= 0 and at - before < 65536 and len(key) == 4:
            length = 4
            while length < 127 and at + length < len(source) and source[before + length] == source[at + length]:
                length += 1
            flush()
            out.append(128 + length)
            out += (at - before).to_bytes(2, "big")
            at += length
        else:
            literals.append(source[at])
            at += 1
    flush()
    return bytes(out)


def expand(packed):
    out, at = bytearray(), 0
    while at < len(packed):
        length = packed[at]
        if length < 128:
            out += packed[at + 1:at + 1 + length]
            at += 1 + length
        else:
            distance = int.from_bytes(packed[at + 1:at + 3], "big")
            begin = len(out) - distance
            for index in range(begin, begin + length - 128):
                out.append(out[index])
            at += 3
    return bytes(out)


def adler(source):
    a, b = 1, 0
    for byte in source:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def records(source):
    """Records of eight bytes, put in order by their middle and written back."""
    pieces = [source[at:at + 8] for at in range(0, len(source) - 7, 8)]
    pieces.sort(key=lambda piece: (piece[3:5], piece))
    return b"".join([piece[::-1] for piece in pieces])


def shifted(source, key):
    out = bytearray(source)
    for index in range(len(out)):
        out[index] = (out[index] + key[index % len(key)]) & 255
    return out


def run(n):
    source = data(n)
    packed = compress(source)
    assert expand(packed) == source
    checksum = len(packed) * 31 + adler(packed) + adler(records(source))
    secret = shifted(source, b"shift")
    plain = shifted(secret, bytes([256 - c for c in b"shift"]))
    assert plain == source
    checksum += sum(secret) + secret.find(b"\x00") + source.count(source[100:102]) + len(source.split(b"\x20"))
    text = source.hex()
    assert bytes.fromhex(text) == source
    view = memoryview(source)[::3]
    checksum += sum(view) + len(source.translate(None, b"aeiou")) + len(source.replace(b"a", b"bcd"))
    return checksum % 1000000007
