"""Digests of what a benchmark computes, in Python that needs no library.

A digest is the CRC-32 (that of zlib and PNG) of the `repr` of plain data: None, booleans, integers, floats, complex
numbers, strings, bytes, and tuples, lists and dicts of them. Floats are compared by their shortest `repr`, so every bit
counts.
"""


def _table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ 0xEDB88320 if byte & 1 else byte >> 1
        table.append(byte)
    return table


_TABLE = _table()


def crc32(data):
    """The CRC-32 of bytes."""
    table = _TABLE
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def canonical(value):
    """The text that a digest is of. Anything but plain data is refused: its `repr` might hold an address."""
    _check_plain(value)
    return repr(value)


def _check_plain(value):
    kind = type(value)
    if kind is tuple or kind is list:
        for item in value:
            _check_plain(item)
    elif kind is dict:
        for key in value:
            _check_plain(key)
            _check_plain(value[key])
    elif value is not None and kind not in (bool, int, float, complex, str, bytes):
        raise TypeError("not plain data: " + kind.__name__)


def digest(value):
    """Eight hexadecimal digits."""
    return "%08x" % crc32(canonical(value).encode("utf-8"))
