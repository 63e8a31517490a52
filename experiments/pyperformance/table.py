"""The table of programs, `benchmarks.txt`, in Python that needs no library."""


class Row:
    """A program: a benchmark's file with the options that make it this program."""

    def __init__(self, words):
        self.name, self.file, self.small, self.normal, note = words[:5]
        # The last bit of the results depends on the C library.
        self.libm = note == "libm"
        self.options = words[5:]


def read(folder):
    """The rows in order."""
    rows = []
    with open(folder + "/benchmarks.txt", encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words and not line.startswith("#"):
                rows.append(Row(words))
    return rows


def row(folder, name):
    for found in read(folder):
        if found.name == name:
            return found
    raise SystemExit("no benchmark " + name)
