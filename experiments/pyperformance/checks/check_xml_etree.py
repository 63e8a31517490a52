"""ElementTree: trees made, written, parsed and transformed, with an accelerator or without."""

LOOPS = {"small": 1, "normal": 2}


def check(benchmark, size, name):
    import xml.etree.ElementTree as etree

    root = benchmark.build_xml_tree(etree)
    data = etree.tostring(root)
    if size == "small":
        # A tenth of the tree is enough.
        for child in list(root)[5:50]:
            root.remove(child)
        small = etree.tostring(root)
    else:
        small = data
        benchmark.bench_etree(LOOPS[size], etree, getattr(benchmark, "bench_" + name))
    if name == "generate":
        observed = [("tostring", small), ("counts", [len(child) for child in root])]
    elif name == "process":
        observed = [("process", benchmark.process(etree))] if size == "normal" else [
            ("findall", [element.text for element in root.findall(".//subchild")]),
            ("find", root.find(".//deepleaf").text), ("tags", [element.tag for element in root.iter()])]
    elif name == "iterparse":
        events = etree.iterparse(benchmark.io.BytesIO(small), ("start", "end"))
        observed = [("events", [(event, element.tag, element.text) for event, element in events])]
    else:
        parsed = etree.fromstring(small)
        observed = [("parsed", [(element.tag, element.attrib, element.text) for element in parsed.iter()]),
                    ("again", etree.tostring(parsed) == small)]
    return observed
