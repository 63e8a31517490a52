"""B-tree: its shape, its keys in order, what the records hold, and lookups of keys that are there and that are not."""

NODES = {"small": 300, "normal": 40000}


def check(benchmark, size):
    count = NODES[size]
    benchmark.NUM_NODES = count
    records = list(benchmark.make_records(count))
    benchmark.random.seed(benchmark.RANDOM_SEED)
    tree = benchmark.make_tree(count, records)
    benchmark.gc.collect()
    total = 0.0
    for key in tree:
        total += tree[key].d
    found = [key in tree for key in range(-2, count + 2, 7)]
    sample = records[::max(1, count // 500)]

    def shape(node):
        return len(node.items) if node.is_leaf() else [len(node.items), [shape(child) for child in node.nodes]]

    return [("keys", list(tree)), ("len", len(tree)), ("level", tree.root.get_level()), ("shape", shape(tree.root)),
            ("total", total), ("found", found), ("missing", tree.get(count + 1, "absent")),
            ("records", [(record.a, record.b, record.c, record.d, record.e, record.f) for record in sample])]
