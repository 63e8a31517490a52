"""A large set of records that lives long and is replaced record by record, while others are made that die young.

What a record is made of is mixed: an object with a dictionary, strings, floats, large integers, a list, a tuple, a dict. Half of
what is made replaces a record anywhere in the set, and refers to another one there; half is read once and dropped. So, whatever
the size of the set, the same is done for each byte that is allocated.
"""

# Records for each megabyte of the set, about.
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
    """A set of `n` megabytes, about. From ten on, small ones are made several times over, so that there is as much to do."""
    count = n * A_MEGABYTE
    rounds = max(1, 60 // n) if n >= 10 else 1
    checksum = 0
    for _ in range(rounds):
        records = []
        for key in range(count):
            records.append(Record(key, None))
        state = 12345
        for turn in range(count):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            place = (state >> 4) % count
            # One that is read and dropped, and one that stays; the one it takes the place of may still be referred to.
            checksum = (checksum * 31 + summed(Record(turn, records[place]))) % 1000000007
            made = Record(turn + count, records[place])
            made.other.other = None
            records[(state >> 5) % count] = made
            checksum += summed(records[place])
    return checksum % 1000000007
