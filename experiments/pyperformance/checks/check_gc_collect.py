"""Collecting cycles: the cycles' shape, and that most of them are gone after a collection.

Not all need be: a collector may keep what a register or the stack still names.
"""

SHAPE = {"small": (20, 5), "normal": (2000, 20)}


def check(benchmark, size):
    count, links = SHAPE[size]
    cycles = benchmark.create_gc_cycles(count, links)
    lengths, agree = [], True
    for first in cycles:
        node, length = first.next, 1
        while node is not first:
            agree = agree and node.prev.next is node
            node, length = node.next, length + 1
        lengths.append(length)
    first = node = None
    import weakref

    references = [weakref.ref(node) for node in cycles]
    alive = sum([reference() is not None for reference in references])
    cycles = node = None
    benchmark.gc.collect()
    dead = sum([reference() is None for reference in references])
    benchmark.benchamark_collection(2, count, links)
    return [("lengths", lengths), ("prev", agree), ("alive", alive), ("most.dead", dead >= count * 3 // 4)]
