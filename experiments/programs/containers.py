"""Containers: lists, tuples, dicts and sets as an algorithm on graphs uses them.

A grid with walls is searched for shortest ways with a heap of its own; components are found; words are grouped.
"""


def push(heap, item):
    heap.append(item)
    place = len(heap) - 1
    while place:
        parent = (place - 1) >> 1
        if heap[parent] <= item:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


def pop(heap):
    last = heap.pop()
    if not heap:
        return last
    first, place, count = heap[0], 0, len(heap)
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if last <= heap[child]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = last
    return first


def grid(side, seed):
    state = seed
    walls = set()
    costs = {}
    for y in range(side):
        for x in range(side):
            state = (state * 69069 + 1) & 0xFFFFFFFF
            if state >> 28 < 4:
                walls.add((x, y))
            else:
                costs[x, y] = 1 + (state >> 16) % 9
    return costs, walls


def neighbours(place):
    x, y = place
    return [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]


def distances(costs, start):
    found = {}
    heap = [(0, start)]
    while heap:
        distance, place = pop(heap)
        if place in found:
            continue
        found[place] = distance
        for other in neighbours(place):
            if other in costs and other not in found:
                push(heap, (distance + costs[other], other))
    return found


def components(costs):
    left = set(costs)
    sizes = []
    while left:
        start = min(left)
        reached, edge = {start}, [start]
        while edge:
            edge = [other for place in edge for other in neighbours(place)
                    if other in left and not (other in reached or reached.add(other))]
        left -= reached
        sizes.append(len(reached))
    return sorted(sizes, reverse=True)


def grouped(costs):
    groups = {}
    for (x, y), cost in costs.items():
        groups.setdefault((cost, (x ^ y) & 3), []).append(x * 1000 + y)
    rows = [(key, len(values), sum(values[::2]), values[-1:]) for key, values in groups.items()]
    rows.sort(key=lambda row: (-row[1], row[0]))
    return rows


def run(n):
    checksum = 0
    for turn in range(3):
        costs, walls = grid(n, turn + 1)
        start = next(iter(sorted(costs)))
        found = distances(costs, start)
        sizes = components(costs)
        checksum = checksum * 31 + sum(found.values()) + len(found) * 7 + len(walls)
        for size in sizes[:20]:
            checksum = (checksum * 17 + size) % 1000000007
        for (cost, bits), count, total, last in grouped(costs):
            checksum = (checksum * 13 + cost * bits + count * total + last[0]) % 1000000007
        assert sum(sizes) == len(costs) and sizes.count(len(found))
    return checksum
