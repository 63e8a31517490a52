"""Binary trees, after Boehm's GCBench: one tree and one table live long, many trees of all sizes die young.

Trees are built from the top and from the leaves, so that old nodes are made to refer to new ones and the other way round.
The long-lived tree is rebuilt in part with every turn: what is replaced had become old.
"""


class Node:
    __slots__ = ("left", "right", "value")

    def __init__(self, left, right, value):
        self.left = left
        self.right = right
        self.value = value


def bottom_up(depth, value):
    if depth == 0:
        return Node(None, None, value)
    return Node(bottom_up(depth - 1, value * 2 % 65521), bottom_up(depth - 1, (value * 2 + 1) % 65521), value)


def top_down(depth, node):
    if depth > 0:
        node.left = Node(None, None, node.value * 2 % 65521)
        node.right = Node(None, None, (node.value * 2 + 1) % 65521)
        top_down(depth - 1, node.left)
        top_down(depth - 1, node.right)
    return node


def total(node):
    if node is None:
        return 0
    return (node.value + 3 * total(node.left) + 5 * total(node.right)) % 1000000007


def run(n):
    """`n` turns; the long-lived tree has a hundred nodes a turn."""
    long_lived = top_down(n.bit_length() + 6, Node(None, None, 1))
    table = [float(index) for index in range(n * 20)]
    checksum = 0
    for turn in range(n):
        depth = 2 + turn % 8
        checksum = (checksum * 31 + total(bottom_up(depth, turn))) % 1000000007
        checksum = (checksum * 31 + total(top_down(depth, Node(None, None, turn)))) % 1000000007
        # A branch of the long-lived tree, chosen by the turn's bits, is replaced.
        node, way = long_lived, turn
        for _ in range(4):
            node, way = (node.left if way & 1 else node.right), way >> 1
        node.left = bottom_up(2, turn)
        table[turn * 7 % len(table)] = turn / 3.0
    return (checksum + total(long_lived) + int(sum(table))) % 1000000007
