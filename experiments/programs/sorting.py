"""Sorting and searching: by keys, by `__lt__`, of what is nearly in order, stable by several keys; merges and bisection.
"""

import bisect
import functools
import heapq


class Version:
    def __init__(self, text):
        self.text = text
        self.parts = tuple([int(part) for part in text.split(".")])

    def __lt__(self, other):
        return self.parts < other.parts

    def __eq__(self, other):
        return self.parts == other.parts

    __hash__ = None


class Person:
    __slots__ = ("family", "given", "age", "number")

    def __init__(self, family, given, age, number):
        self.family = family
        self.given = given
        self.age = age
        self.number = number


def stream(seed):
    state = seed
    while True:
        state = (state * 1140671485 + 12820163) & 0xFFFFFF
        yield state


def quicksort(items, low, high):
    while low < high:
        pivot, i, j = items[(low + high) // 2], low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while pivot < items[j]:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quicksort(items, low, j)
            low = i
        else:
            quicksort(items, i, high)
            high = j


def by_age_then_name(a, b):
    if a.age != b.age:
        return b.age - a.age
    return (a.given > b.given) - (a.given < b.given)


def digest(values):
    total = 0
    for value in values:
        total = (total * 31 + value) % 1000000007
    return total


def run(n):
    random = stream(7)
    numbers = [next(random) for _ in range(n)]
    ordered = sorted(numbers)
    own = numbers[:]
    quicksort(own, 0, n - 1)
    assert own == ordered
    nearly = ordered[:]
    for _ in range(n // 50):
        i, j = next(random) % n, next(random) % n
        nearly[i], nearly[j] = nearly[j], nearly[i]
    nearly.sort(reverse=True)
    checksum = digest(ordered[::3]) + digest(nearly[::5])

    versions = [Version("%d.%d.%d" % (r % 7, r >> 8 & 15, r >> 14 & 63)) for r in numbers[: n // 4]]
    versions.sort()
    checksum += digest([sum(version.parts) for version in versions]) + versions.count(versions[0])

    people = [Person("f%d" % (r % 97), "g%d" % (r >> 9 & 31), r >> 15 & 63, i) for i, r in enumerate(numbers)]
    people.sort(key=lambda person: person.given)
    people.sort(key=lambda person: person.family, reverse=True)
    checksum += digest([person.number for person in people])
    people.sort(key=functools.cmp_to_key(by_age_then_name))
    checksum += digest([person.number for person in people])

    sorted_in = []
    for number in numbers[: n // 4]:
        bisect.insort(sorted_in, number)
    checksum += bisect.bisect_left(sorted_in, 1 << 23)
    runs = [sorted(numbers[start::8]) for start in range(8)]
    checksum += digest(list(heapq.merge(*runs))[::7]) + digest(heapq.nsmallest(20, numbers))
    words = sorted([str(number) for number in numbers])
    return (checksum + digest([len(word) for word in words]) + int(max(words)) + int(min(words))) % 1000000007
