"""Strings: made, cut, joined, searched, replaced, formatted, folded, counted, encoded.

A text is generated, broken into lines, indexed, and written as a table and as a quoted form that is read back.
"""

SYLLABLES = ["ka", "lo", "mi", "ren", "sta", "vu", "zö", "thal", "é", "pri", "no", "ß", "or", "ti"]


def text(count):
    state = 42
    words = []
    for index in range(count):
        word = ""
        for _ in range(1 + (state >> 20) % 4):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            word += SYLLABLES[(state >> 24) % len(SYLLABLES)]
        if index % 11 == 0:
            word = word.capitalize()
        words.append(word + ("." if index % 17 == 16 else "," if index % 7 == 6 else ""))
    return " ".join(words)


def wrap(source, width):
    lines, line = [], ""
    for word in source.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line.ljust(width))
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return lines


def index_of(lines):
    index = {}
    for number, line in enumerate(lines, 1):
        for word in line.split():
            index.setdefault(word.strip(".,").casefold(), []).append(number)
    return index


def quote(word):
    out = []
    for c in word:
        if c.isascii():
            out.append(c)
        else:
            out.append("\\u{:04x}".format(ord(c)))
    return '"' + "".join(out) + '"'


def unquote(quoted):
    body = quoted[1:-1]
    parts = body.split("\\u")
    return parts[0] + "".join([chr(int(part[:4], 16)) + part[4:] for part in parts[1:]])


def run(n):
    source = text(n)
    lines = wrap(source, 60)
    index = index_of(lines)
    checksum = len(source) * 3 + len(lines)
    for word in sorted(index):
        places = index[word]
        row = "%-20s|%5d|%s" % (word[:20], len(places), ",".join(map(str, places[:5])))
        checksum = (checksum * 31 + len(row) + row.count(",") + row.find("|")) % 1000000007
        quoted = quote(word)
        assert unquote(quoted) == word
        checksum += quoted.count("\\")
    page = "\n".join(lines)
    changed = page.replace("lo", "LO").replace("ß", "ss")
    checksum += changed.count("LO") * 5 + sum(changed.encode("utf-8")[::7])
    for line in lines:
        if line.startswith(("ka", "mi")) or line.rstrip().endswith("."):
            checksum += len(line.upper()) + line.rfind("o")
        head, found, tail = line.partition(", ")
        checksum += len(head) - len(tail) if found else 1
        checksum += sum([ord(c) for c in line.translate({97: "A", 101: None})[::5]])
    shift = "".join([chr((ord(c) - 97 + 13) % 26 + 97) if "a" <= c <= "z" else c for c in page[:5000]])
    return (checksum + sum(map(ord, shift))) % 1000000007
