"""pprint: the text in lines, and the text, readability and recursion that the printer's inner function finds."""

ITEMS = {"small": 12, "normal": 7000}


def check(benchmark, size):
    items = benchmark.printable[:ITEMS[size]]
    nested = {"a": items[:3], "b": {"c": "word " * 30, (1, 2): {3, 1, 2}}, "d": b"bytes" * 30}
    return [("pformat", benchmark.p.pformat(items)), ("nested", benchmark.p.pformat(nested)),
            ("_safe_repr", benchmark.p._safe_repr(items, {}, None, 0)),
            ("width", benchmark.PrettyPrinter(width=20, indent=2, compact=True).pformat(items[:5]))]
