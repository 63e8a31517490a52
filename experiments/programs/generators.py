"""Generators: pipelines, delegation, `send`, `throw`, `close`, and a scheduler of tasks that are generators.
"""


def numbers(count, seed):
    state = seed
    for _ in range(count):
        state = (state * 16807) % 2147483647
        yield state


def windows(source, size):
    window = []
    for item in source:
        window.append(item)
        if len(window) == size:
            yield tuple(window)
            del window[0]


def merge(left, right):
    """Two ascending streams as one."""
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or a is not None and a <= b:
            yield a
            a = next(left, None)
        else:
            yield b
            b = next(right, None)


def sort(items):
    if len(items) < 3:
        yield from sorted(items)
        return
    middle = len(items) // 2
    yield from merge(sort(items[:middle]), sort(items[middle:]))


def leaves(tree):
    if isinstance(tree, tuple):
        for branch in tree:
            yield from leaves(branch)
    else:
        yield tree


def tree(depth, value):
    return (tree(depth - 1, 2 * value), value, tree(depth - 1, 2 * value + 1)) if depth else value


def average():
    """Takes numbers, gives the mean so far; `throw` of ValueError begins anew."""
    total = count = restarts = 0
    mean = None
    while True:
        try:
            value = yield mean
        except ValueError:
            total = count = 0
            restarts += 1
            mean = -restarts
        else:
            total += value
            count += 1
            mean = total // count


class Channel:
    def __init__(self):
        self.items = []
        self.closed = False


def producer(channel, count, seed):
    for value in numbers(count, seed):
        channel.items.append(value % 1000)
        yield
    channel.closed = True


def relay(source, target, change):
    try:
        while not source.closed or source.items:
            if source.items:
                target.items.append(change(source.items.pop(0)))
            yield
    finally:
        target.closed = True


def consumer(channel, results):
    total = 0
    while not channel.closed or channel.items:
        while channel.items:
            total = (total * 7 + channel.items.pop(0)) % 1000003
        yield
    results.append(total)


def schedule(tasks):
    steps = 0
    while tasks:
        waiting = []
        for task in tasks:
            steps += 1
            try:
                next(task)
            except StopIteration:
                continue
            waiting.append(task)
        tasks = waiting
    return steps


def run(n):
    checksum = 0
    evens = (value for value in numbers(n, 17) if value % 2 == 0)
    for a, b, c in windows(evens, 3):
        checksum = (checksum * 31 + (a ^ b) % 1009 + c % 7) % 1000000007
    ordered = list(sort(list(numbers(n // 4, 99))))
    assert ordered == sorted(ordered)
    checksum += sum(ordered[::10]) % 1000003 + sum(leaves(tree(8, 1)))
    mean = average()
    next(mean)
    for index, value in enumerate(numbers(n // 2, 5)):
        checksum += mean.throw(ValueError) if index % 50 == 49 else mean.send(value % 1000)
    mean.close()
    results = []
    tasks = []
    for line in range(12):
        first, second, third = Channel(), Channel(), Channel()
        tasks += [producer(first, n // 100 + line, line + 1), relay(first, second, lambda v: v * 3 + 1),
                  relay(second, third, lambda v: v ^ 85), consumer(third, results)]
    checksum += schedule(tasks)
    return (checksum + sum(results)) % 1000000007
