# What a loop knows of its iterator is right whatever happens in the loop.
import sys


def plain(n):
    return [i for i in range(n)], list(range(0, -n, -3)), [i for i in range(n, 0, -2)]


def nested(n):
    pairs = []
    for i in range(n):
        for j in range(i, n, 2):
            if j == 4:
                continue
            if j > 6:
                break
            pairs.append((i, j))
        else:
            pairs.append(i)
    return pairs


def raising(n):
    seen = []
    for i in range(n):
        try:
            for j in range(3):
                if (i + j) % 4 == 3:
                    raise ValueError(i, j)
                seen.append(j)
        except ValueError as error:
            seen.append(error.args)
    return seen


def leaving(values):
    total = 0
    for i in range(len(values)):
        total += values[i]
    return total


def suspended(n):
    for i in range(n):
        for j in range(2):
            received = yield i, j
            if received:
                yield received


def changed(n):
    seen = []
    for i in range(n):
        seen.append(i)
        i = -i
        n = 0
    return seen, i, n


def large(n):
    return [i for i in range(2**62, 2**62 + n)], [i for i in range(-(2**48), -(2**48) + n)]


def outer(n):
    def inner(m):
        count = 0
        for _ in range(m):
            count += 1
        return count

    total = 0
    for i in range(n):
        total += inner(i) * 2
        total += inner(2)
    return total


def held(n):
    # This iterator has another name.
    iterator = iter(range(n))
    seen = []
    for i in iterator:
        seen.append((i, next(iterator, None)))
    return seen


def expression(n):
    generator = (i for i in range(n))
    return next(generator), list(generator)


for _ in range(40):
    plain(9), nested(9), raising(6), leaving([1, 2, 3]), list(suspended(4)), changed(5), large(3), outer(6), held(6)
    expression(6)
print(plain(9))
print(nested(9))
print(raising(6))
print(leaving([1, 2.5, 2**70, True]))
generator = suspended(2)
print(next(generator), generator.send("sent"), *generator)
print(changed(3))
print(large(3))
print(outer(7))
print(held(5))
print(expression(5))


def until(n):
    seen = 0
    for i in range(n):
        seen = i
        if i == 700:
            sys.settrace(lambda *_: None)
            sys.settrace(None)
    return seen


print(until(1000))


def empty(n):
    for i in range(n, 0):
        return i
    for i in range(0):
        return i
    return "empty"


print([empty(n) for n in range(3)])


def shrinking(items):
    seen = []
    for x in items:
        seen.append(x)
        if x % 3 == 0:
            items.pop()
        if x == 2:
            items.insert(9, 10)
    return seen


def growing(items, limit):
    for x in items:
        if len(items) < limit:
            items.append(x + 1)
        else:
            items.clear()
            return x, items
    return None


def pairs(items):
    return [(x, y) for x in items for y in items if x < y], {x: [y for y in items if y != x] for x in items}


def again(items):
    # What a loop has exhausted stays so.
    seen = []
    iterator = iter(items)
    for x in iterator:
        seen.append(x)
        if x == 2:
            break
    items.append("more")
    for x in iterator:
        seen.append(x)
    items.append("late")
    return seen, list(iterator)


def raised(items):
    seen = []
    for x in items:
        try:
            for y in items:
                seen.append(x / (y - 2))
        except ZeroDivisionError:
            seen.append(None)
            continue
        finally:
            seen.append(x)
    return seen


for _ in range(40):
    shrinking(list(range(1, 9))), growing([1], 6), pairs([3, 1, 2]), again([1, 2, 3]), raised([0, 1, 2])
print(shrinking(list(range(1, 12))))
print(growing([5], 9))
print(pairs([1, 2, 3]))
print(again([1, 2, 3]))
print(raised([0, 1, 2, 3]))


def mixed(values):
    seen = []
    for part in values:
        for x in part:
            seen.append(x)
    return seen


for _ in range(40):
    mixed([[1], range(2), [3.5]])
print(mixed([range(3), [4, 5], (6,), {7: 8}, "9", iter(range(10, 12)), iter([13]), (y for y in [14, 15])]))
