"""A window over a stream of records: the newest are kept, each in the place of the oldest.

All that is allocated lives through the nursery, grows old and dies old, which is the most work that a generational collector can
be given. Records are made, read when they are half as old as they get, and replaced, all in order: so the program itself goes
through memory in the same way whatever the size of the window, and what a byte costs more in a large one is the collector's.
(In `live` places are taken at random, and the program waits longer for memory the more there is of it.)
"""

# Records for each megabyte of the window, about.
A_MEGABYTE = 1100


class Record:
    def __init__(self, key, other):
        self.key = key
        self.name = "record %d" % key
        self.weights = [key * 0.5, key * 0.25, key * 0.125, key * 0.0625]
        self.place = (key % 360, key % 180, key << 70)
        self.tags = {"kind": key % 7, "size": key % 1009, "text": self.name[-3:]}
        self.rows = [[key, key + row] for row in range(3)]
        self.other = other


def summed(record):
    weights = record.weights
    return (record.key + int(weights[0]) + len(record.name) + record.place[0] + record.tags["size"] + record.rows[2][1]) % 65521


def run(n):
    """A window of `n` megabytes, about, that is filled and then passes over at least as much again. From ten on, small ones pass
    over more, so that there is as much to do."""
    count = n * A_MEGABYTE
    records = []
    newest = None
    for key in range(count):
        newest = Record(key, newest)
        records.append(newest)
        if newest.other is not None:
            newest.other.other = None
    checksum = 0
    turns = max(count, 200 * A_MEGABYTE) if n >= 10 else count
    for turn in range(turns):
        newest = Record(turn + count, newest)
        newest.other.other = None
        checksum = (checksum * 31 + summed(records[(turn + count // 2) % count])) % 1000000007
        records[turn % count] = newest
    return checksum
