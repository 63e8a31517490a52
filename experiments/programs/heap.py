"""A long-lived heap that changes: a cache with its order of use, an index as a tree, documents that link to each other.

What lives long is written to all the time, and is made to refer to what was just made: old objects point to young ones,
cycles come and go, a part of everything is replaced with every turn.
"""


class Document:
    __slots__ = ("key", "words", "links", "back", "newer", "older", "reads")

    def __init__(self, key, words):
        self.key = key
        self.words = words
        self.links = []
        self.back = set()
        self.newer = self.older = None
        self.reads = 0


class Node:
    """Of a treap: ordered by key, and as a heap by priority."""

    def __init__(self, key, priority, document):
        self.key = key
        self.priority = priority
        self.document = document
        self.left = self.right = None


def split(node, key):
    """Two treaps: the keys below, and the others."""
    if node is None:
        return None, None
    if node.key < key:
        below, above = split(node.right, key)
        node.right = below
        return node, above
    below, above = split(node.left, key)
    node.left = above
    return below, node


def join(below, above):
    if below is None or above is None:
        return below or above
    if below.priority > above.priority:
        below.right = join(below.right, above)
        return below
    above.left = join(below, above.left)
    return above


class Library:
    def __init__(self, capacity):
        self.capacity = capacity
        self.documents = {}
        self.root = None
        self.newest = self.oldest = None
        self.words = {}
        self.state = 1
        self.dropped = 0

    def random(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return self.state >> 33

    def unlink(self, document):
        newer, older = document.newer, document.older
        if newer is None:
            self.newest = older
        else:
            newer.older = older
        if older is None:
            self.oldest = newer
        else:
            older.newer = newer
        document.newer = document.older = None

    def put_first(self, document):
        document.older = self.newest
        if self.newest is not None:
            self.newest.newer = document
        self.newest = document
        if self.oldest is None:
            self.oldest = document

    def read(self, key):
        document = self.documents.get(key)
        if document is not None:
            document.reads += 1
            self.unlink(document)
            self.put_first(document)
        return document

    def add(self, key):
        words = ["w%d" % (self.random() % 500) for _ in range(8)]
        document = Document(key, words)
        self.documents[key] = document
        self.put_first(document)
        below, above = split(self.root, key)
        self.root = join(join(below, Node(key, self.random(), document)), above)
        for word in words:
            self.words.setdefault(word, {})[key] = document
        other = self.oldest
        for _ in range(3):
            if other is not None and other is not document:
                # The old one refers to the new one and the other way round.
                other.links.append(document)
                document.links.append(other)
                document.back.add(other.key)
                other = other.newer
        if len(self.documents) > self.capacity:
            self.drop(self.oldest)
        return document

    def drop(self, document):
        self.unlink(document)
        del self.documents[document.key]
        below, rest = split(self.root, document.key)
        _, above = split(rest, document.key + 1)
        self.root = join(below, above)
        for word in dict.fromkeys(document.words):
            places = self.words[word]
            places.pop(document.key, None)
            if not places:
                del self.words[word]
        for other in document.links:
            if document in other.links:
                other.links.remove(document)
            other.back.discard(document.key)
        self.dropped += 1

    def range(self, low, high):
        found, stack, node = [], [], self.root
        while stack or node is not None:
            while node is not None:
                if node.key >= low:
                    stack.append(node)
                    node = node.left
                else:
                    node = node.right
            if not stack:
                break
            node = stack.pop()
            if node.key >= high:
                break
            found.append(node.document)
            node = node.right
        return found


def run(n):
    library = Library(n // 3)
    checksum = 0
    for turn in range(n):
        key = library.random() % (n * 2)
        document = library.read(key)
        if document is None:
            document = library.add(key)
        else:
            document.words = document.words[1:] + document.words[:1]
            checksum += document.reads
        checksum = (checksum * 31 + len(document.links) + len(document.back)) % 1000000007
        if turn % 16 == 0:
            near = library.range(key - 50, key + 50)
            checksum += sum([other.key for other in near]) + len(near)
        if turn % 64 == 0:
            for other in list(library.words.get("w%d" % (turn % 500), {}).values()):
                library.read(other.key)
    keys = [document.key for document in library.range(-1, n * 2)]
    assert keys == sorted(library.documents)
    order, node = 0, library.newest
    while node is not None:
        order = (order * 33 + node.key) % 1000000007
        node = node.older
    return (checksum + order + library.dropped) % 1000000007
