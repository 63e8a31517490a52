"""Exceptions: raised near and far, caught by class and by base, with `finally`, `else`, `with`, chained and grouped.

A reader of nested configurations meets errors at every level; transactions roll back what fails.
"""


class Trouble(Exception):
    def __init__(self, place, *words):
        super().__init__(place, *words)
        self.place = place


class Syntax(Trouble):
    pass


class Missing(Trouble, LookupError):
    pass


class Reader:
    """Reads `name = value` and `[nested; forms]`, with numbers and $names as values."""

    def __init__(self, source, names):
        self.source = source
        self.names = names
        self.place = 0

    def peek(self):
        try:
            return self.source[self.place]
        except IndexError:
            raise Syntax(self.place, "end") from None

    def expect(self, wanted):
        if self.peek() != wanted:
            raise Syntax(self.place, wanted)
        self.place += 1

    def value(self):
        c = self.peek()
        if c == "[":
            self.place += 1
            items = []
            while self.peek() != "]":
                items.append(self.value())
                if self.peek() == ";":
                    self.place += 1
            self.expect("]")
            return items
        begin = self.place
        try:
            while self.peek() not in ";]":
                self.place += 1
        except Syntax:
            pass
        word = self.source[begin:self.place]
        if word.startswith("$"):
            try:
                return self.names[word[1:]]
            except KeyError as error:
                raise Missing(begin, word) from error
        try:
            return int(word)
        except ValueError:
            raise Syntax(begin, word)


class Transaction:
    def __init__(self, ledger):
        self.ledger = ledger

    def __enter__(self):
        self.saved = dict(self.ledger)
        return self.ledger

    def __exit__(self, kind, value, traceback):
        if kind is None:
            return False
        self.ledger.clear()
        self.ledger.update(self.saved)
        return issubclass(kind, Missing)


def transfer(ledger, source, target, amount):
    with Transaction(ledger):
        ledger[source] -= amount
        if target not in ledger:
            raise Missing(target)
        if ledger[source] < 0:
            raise ValueError(ledger[source])
        ledger[target] += amount
        return True
    return False


def deep(depth, kind):
    """Raised at the bottom; every third level looks at it and lets it go, every level counts it."""
    global unwound
    try:
        if depth == 0:
            raise kind(depth)
        if depth % 3 == 0:
            try:
                return deep(depth - 1, kind)
            except Syntax:
                raise
        return deep(depth - 1, kind)
    finally:
        unwound += 1


unwound = 0
SOURCES = ["[1;2;[3;$x];4]", "[1;[2;[3;[4;$y]]]]", "[1;two;3]", "[1;[2;3", "12", "$x", "[[[$z]]]", "", "[;]"]


def run(n):
    global unwound
    unwound = 0
    names = {"x": 5, "y": 6}
    ledger = {account: 100 for account in range(8)}
    counts = {}

    def count(what):
        counts[what] = counts.get(what, 0) + 1

    for i in range(n):
        source = SOURCES[i % len(SOURCES)]
        try:
            value = Reader(source, names).value()
        except Missing as error:
            count(("missing", error.place, error.args[1], type(error.__cause__).__name__))
        except Trouble as error:
            count((type(error).__name__, error.place, error.__context__ is None))
        else:
            count(str(value))
        finally:
            count("read")
        try:
            count(transfer(ledger, i % 8, (i * 5) % 11, i % 37))
        except ValueError as error:
            count(error.args[0])
        if i % 8 == 0:
            try:
                deep(i % 40, Missing if i % 3 else Syntax)
            except LookupError:
                count("lookup")
            except Exception as error:
                count(error.place)
    checksum = unwound
    for what in sorted(counts, key=str):
        checksum = (checksum * 31 + counts[what] + len(str(what))) % 1000000007
    return checksum + sum(ledger.values())
