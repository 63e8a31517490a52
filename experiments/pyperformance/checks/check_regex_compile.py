"""Compiling patterns: the patterns of the other benchmarks, and the groups and flags of what they compile to."""

import sys

PATTERNS = {"small": 60, "normal": 100000}


def check(benchmark, size):
    # What the benchmark has imported keeps patterns that it would not compile again.
    for name in ("bm_regex_effbot", "bm_regex_v8"):
        sys.modules.pop(name, None)
    captured = benchmark.capture_regexes()
    different, seen = [], set()
    for pattern, flags in captured:
        pattern = getattr(pattern, "pattern", pattern)
        if (pattern, flags) not in seen:
            seen.add((pattern, flags))
            different.append((pattern, int(flags)))
    compiled = []
    for pattern, flags in different[:PATTERNS[size]]:
        benchmark.re.purge()
        found = benchmark.re.compile(pattern, flags)
        compiled.append((found.groups, dict(found.groupindex), found.flags))
    if size == "normal":
        benchmark.bench_regex_compile(1, captured)
    return [("captured", len(captured)), ("patterns", different), ("compiled", compiled)]
