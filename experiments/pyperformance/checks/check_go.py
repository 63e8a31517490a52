"""Go: the move that the search chooses, the counters, the tree's root, and where the random numbers stand after it."""

SHAPE = {"small": (5, 8), "normal": (9, 1000)}


def check(benchmark, size):
    benchmark.SIZE, benchmark.GAMES = SHAPE[size]
    benchmark.MAXMOVES = benchmark.SIZE * benchmark.SIZE * 3
    nodes = []

    class RecordedNode(benchmark.UCTNode):
        def __init__(self):
            super().__init__()
            nodes.append(self)

    benchmark.UCTNode = RecordedNode
    move = benchmark.versus_cpu()
    root = nodes[0]
    children = [(child.pos, child.wins, child.losses, len(child.unexplored)) for child in root.pos_child if child]
    return [("versus_cpu", move), ("TIMESTAMP", benchmark.TIMESTAMP), ("MOVES", benchmark.MOVES),
            ("root", (root.wins, root.losses, root.bestchild.pos, root.unexplored)), ("root.children", children),
            ("scores", [child.score() for child in root.pos_child if child]), ("nodes", len(nodes)),
            ("random", benchmark.random.random())]
