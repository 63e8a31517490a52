"""json.loads: the values that come back from the benchmark's texts."""

LOOPS = {"small": 1, "normal": 600}


def check(benchmark, size):
    json = benchmark.json
    values = [("DICT", benchmark.DICT), ("TUPLE", benchmark.TUPLE), ("DICT_GROUP", benchmark.DICT_GROUP)]
    texts = [json.dumps(value) for _, value in values]
    for _ in range(LOOPS[size]):
        benchmark.bench_json_loads(texts)
    return [(name, json.loads(text)) for (name, _), text in zip(values, texts)]
