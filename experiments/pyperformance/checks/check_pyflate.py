"""Pyflate: a small file decompressed, the pieces that do it, and in a long run the benchmark's own file.

The small file is what bzip2 makes of a tongue-twister.
"""

SMALL = bytes.fromhex(
    "425a6839314159265359a8ef855400002559800200400000082d6e82802000705300001553234834c97a655e2e84c38f12c9"
    "44764238b924887c706db6372250324a869661a71030b52cfc5dc914e14242a3be1550")


def check(benchmark, size):
    import io

    def decompress(file):
        field = benchmark.RBitfield(file)
        magic = field.readbits(16)
        return magic, benchmark.bzip2_main(field), field.tell()

    observations = [("bzip2_main", decompress(io.BytesIO(SMALL))),
                    ("bwt_reverse", benchmark.bwt_reverse(b"annb\x00aa", 4)),
                    ("reverse_bits", [benchmark.reverse_bits(value, 11) for value in range(0, 2048, 37)])]
    table = benchmark.OrderedHuffmanTable([3, 3, 3, 3, 3, 2, 4, 4])
    table.populate_huffman_symbols()
    table.min_max_bits()
    observations.append(("HuffmanTable", (repr(table.table), table.min_bits, table.max_bits)))
    field = benchmark.Bitfield(io.BytesIO(SMALL))
    observations.append(("Bitfield", ([field.readbits(bits) for bits in (1, 7, 13, 3, 32, 40)], field.tell())))
    if size == "normal":
        name = benchmark.os.path.join(benchmark.os.path.dirname(benchmark.__file__), "data", "interpreter.tar.bz2")
        with open(name, "rb") as file:
            magic, data, at = decompress(file)
        observations.append(("interpreter", (magic, at, len(data), benchmark.hashlib.md5(data).hexdigest())))
    return observations
