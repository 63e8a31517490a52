"""Shortest ways through a made-up network of towns, by Dijkstra's algorithm.

Shows a few things that Python programs are made of: classes, generators, a heap, dictionaries, formatting, exceptions.
"""

import heapq
from collections import defaultdict, namedtuple

Road = namedtuple("Road", "to length")


class Unreachable(Exception):
    """There is no way."""


class Network:
    def __init__(self):
        self.roads = defaultdict(list)

    def connect(self, a, b, length):
        self.roads[a].append(Road(b, length))
        self.roads[b].append(Road(a, length))

    def distances(self, start):
        """Yields towns with their distance and the town before, nearest first."""
        seen = set()
        waiting = [(0, start, None)]
        while waiting:
            distance, town, before = heapq.heappop(waiting)
            if town in seen:
                continue
            seen.add(town)
            yield town, distance, before
            for road in self.roads[town]:
                if road.to not in seen:
                    heapq.heappush(waiting, (distance + road.length, road.to, town))

    def route(self, start, goal):
        before = {}
        for town, distance, previous in self.distances(start):
            before[town] = previous
            if town == goal:
                way = []
                while town is not None:
                    way.append(town)
                    town = before[town]
                return distance, way[::-1]
        raise Unreachable(f"no way from {start} to {goal}")


def made_up(width, height):
    """A grid of towns with roads of pseudo-random lengths."""
    network, number = Network(), 42
    for y in range(height):
        for x in range(width):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < width and y + dy < height:
                    number = (number * 1103515245 + 12345) % 2**31
                    network.connect((x, y), (x + dx, y + dy), 1 + number % 97)
    return network


def main():
    network = made_up(60, 60)
    for goal in [(5, 5), (59, 0), (59, 59)]:
        distance, way = network.route((0, 0), goal)
        print(f"{goal!s:>9}: length {distance:4} over {len(way):3} towns, {way[:3]} ...")
    try:
        network.route((0, 0), "elsewhere")
    except Unreachable as problem:
        print("as expected:", problem)


if __name__ == "__main__":
    main()
