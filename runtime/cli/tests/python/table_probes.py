# Hash tables with integer and string keys, at sites that see one kind of operand and at sites that see many.


def get(d, k):
    try:
        return d[k]
    except KeyError as e:
        return ("missing", e.args)
    except TypeError as e:
        return str(e)


def put(d, k, v):
    try:
        d[k] = v
    except TypeError as e:
        return str(e)


def has(c, k):
    try:
        return k in c
    except TypeError as e:
        return str(e)


def lacks(c, k):
    if k not in c:
        return "lacks"
    return "has"


def branches(c, keys):
    n = 0
    for k in keys:
        if k in c:
            n += 1
    return n


squares = {i: i * i for i in range(50)}
print([get(squares, k) for k in (0, 7, 49, 50, -1, -2, 10**30, True, 3.0, 3.5, None, "x")])
for k in (0, 49, 50, True, 4.0, "new", -1, -2):
    put(squares, k, k)
print([get(squares, k) for k in (0, 1, 4, 49, 50, "new", -1, -2)], len(squares))
print([type(k).__name__ for k in squares][-6:])

# Keys that collide: in the first slot, all in one chain, and with equal hashes.
chain = {8 * i: i for i in range(5)}
print([get(chain, k) for k in (0, 8, 16, 24, 32, 40, 48, 1, 3)])
modulus = (1 << 61) - 1
equal_hashes = {1: "one", modulus + 1: "more"}
print(get(equal_hashes, 1), get(equal_hashes, modulus + 1), get(equal_hashes, 2 * modulus + 1))
minus = {-1: "a", -2: "b"}
print(get(minus, -1), get(minus, -2), has(minus, -1), has({-2}, -1), has({-1}, -2))

# Deleted entries, and a table that is emptied and filled again.
for round in range(3):
    table = {i: i for i in range(20)}
    for i in range(0, 20, 2):
        del table[i]
    print([get(table, i) for i in range(6)], branches(table, range(25)))
    table.clear()
    print(get(table, 1), has(table, 1), branches(table, range(25)))
    put(table, 1, "again")
    print(get(table, 1), table)

# Strings: interned ones, others that are equal, ones whose hash nobody asked for yet.
words = {"alpha": 1, "beta": 2, "gamma": 3}
made = "".join(["al", "pha"])
print(get(words, "alpha"), get(words, made), get(words, "be" + str("ta")), get(words, "delta"), has(words, made))
put(words, made, 10)
put(words, "".join(["del", "ta"]), 4)
print(words, get(words, "delta"))


class Name(str):
    def __hash__(self):
        return str.__hash__(self)

    def __eq__(self, other):
        print("eq", str(self), str(other))
        return str.__eq__(self, other)


named = {Name("alpha"): 1}
print(get(named, "alpha"), has(named, "beta"), get(words, Name("gamma")))


class Default(dict):
    def __missing__(self, key):
        return ("default", key)


class Loud(dict):
    def __getitem__(self, key):
        return ("loud", key)

    def __contains__(self, key):
        return "yes"


for d in (words, Default(words), Loud(words), {}, {1: 2}, [5, 6], (7, 8), "text"):
    print(get(d, "alpha") if not isinstance(d, (list, tuple, str)) else get(d, 1), has(d, "alpha"), lacks(d, "beta"))

# What cannot be hashed, and what raises.
print(get(words, []), has(words, {}), has({1}, []), put(words, [], 1), has({frozenset([1])}, {1}))


class Odd:
    def __hash__(self):
        raise ValueError("no hash")


for c in ({}, {1: 1}, set(), {1}, frozenset([1])):
    try:
        print(Odd() in c)
    except ValueError as e:
        print(e)

# Sets, small and large, with holes.
for s in (set(), {1}, {1, 2, 3}, set(range(40)), frozenset(range(5)), {"a", "b"}, {0, 8, 16, 24}, {-1}):
    print([has(s, k) for k in (0, 1, 3, 8, 39, 40, -1, -2, "a", "c", 1.0, 0.5, True, None, (1,))])
big = set(range(100))
for i in range(0, 100, 3):
    big.discard(i)
print(branches(big, range(120)), branches(big, ["a", 1, 2.0, None]), sum(lacks(big, i) == "lacks" for i in range(101)))

# Lists and tuples.
nan = float("nan")


class Equal:
    def __eq__(self, other):
        return True


for c in ([], [1], [1, 2, 3, 4], [1, 2, 3, 4, 5], (), (1, "a", None), ["a", "b"], [nan], [1.0, True], (Equal(),)):
    print([has(c, k) for k in (1, 4, 5, 6, "a", None, nan, 1.0, 2.5, True)], lacks(c, 3), branches(c, range(7)))
print(has("abc", "b"), has("abc", ""), has(b"abc", 97), has(range(5), 3), has(range(5), 7), has(5, 1))


# Iterators over dictionaries.
def items(d):
    out = []
    for k in d:
        out.append(k)
    for v in d.values():
        out.append(v)
    for k, v in d.items():
        out.append((k, v))
    for k in d.keys():
        out.append(k)
    return out


holes = {i: str(i) for i in range(8)}
del holes[0], holes[3], holes[7]
for d in ({}, {1: 2}, words, holes, Default(words), {}):
    print(items(d))


def changing(d, how):
    out = []
    try:
        for k in d:
            out.append(k)
            if k == 2:
                how(d)
    except RuntimeError as e:
        out.append(str(e))
    return out


def replace(d):
    del d[1]
    d["other"] = 1


print(changing({1: 1, 2: 2, 3: 3}, lambda d: d.clear()))
print(changing({1: 1, 2: 2, 3: 3}, lambda d: d.__setitem__(4, 4)))
print(changing({1: 1, 2: 2, 3: 3}, replace))
print(changing({1: 1, 2: 2}, replace))
print(changing({1: 1, 2: 2, 3: 3}, lambda d: d.__setitem__(1, "value")))
iterator = iter({1: 2})
print(list(iterator), list(iterator), next(iterator, "end"))
