"""Runs one checker under the interpreter at hand:

    python check.py BENCHMARK SIZE BENCHMARKS_DIR [--show]

BENCHMARKS_DIR holds pyperformance's `bm_*` folders. The output is one line for each thing that the checker names,

    BENCHMARK SIZE WHAT DIGEST

and a last one with the time of the work, digests left out: `BENCHMARK SIZE seconds S`. With `--show` the values follow
their digests. Uses only `sys` and `time`, besides what the benchmark imports; some checkers add a library of what
they observe, after the benchmark.

A checker is `check(benchmark, size, *options)`, of the module `check_FILE`: the options are those of the program in
`benchmarks.txt`.
"""

import sys
from time import perf_counter

sys.dont_write_bytecode = True


def main(arguments):
    show = "--show" in arguments
    name, size, benchmarks = [argument for argument in arguments if argument != "--show"]
    here = __file__.rpartition("/")[0] or "."
    sys.path.insert(0, here)
    from table import row

    program = row(here, name)
    # The benchmark's own file is called `run_benchmark`.
    sys.path[:0] = [here + "/standin", here + "/checks", benchmarks + "/bm_" + program.file]
    benchmark = __import__("run_benchmark")
    check = __import__("check_" + program.file).check
    start = perf_counter()
    observations = check(benchmark, size, *program.options)
    seconds = perf_counter() - start

    from digest import canonical, digest

    for what, value in observations:
        line = "%s %s %s %s" % (name, size, what, digest(value))
        print(line + " " + canonical(value) if show else line)
    print("%s %s seconds %.6f" % (name, size, seconds))


main(sys.argv[1:])
