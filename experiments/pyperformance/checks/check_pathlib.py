"""pathlib: the names in a folder and those that match a pattern, with their parts and sizes."""

SHAPE = {"small": (40, 1), "normal": (2000, 6)}


def check(benchmark, size):
    benchmark.NUM_FILES, loops = SHAPE[size]
    folder = benchmark.setup(benchmark.NUM_FILES)
    try:
        base = benchmark.pathlib.Path(folder)
        listed = sorted([(path.name, path.stem, path.suffixes, path.stat().st_size, path.parent == base)
                         for path in base.iterdir()])
        matched = sorted([path.name for path in base.glob("*.py")])
        relative = sorted([str(path.relative_to(base)) for path in base.glob("*.tar.*")])
        benchmark.bench_pathlib(loops, folder)
    finally:
        benchmark.shutil.rmtree(folder)
    return [("iterdir", listed), ("glob", matched), ("relative_to", relative), ("exists", base.exists())]
