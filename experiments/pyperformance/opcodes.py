#!/usr/bin/env python3
"""Tables of the opcodes that pyperformance's benchmarks execute, and for how many of them a stub is called.

    opcodes.py COUNTER [--size small] [--benchmarks a,b] [--lib DIR] [--each]

COUNTER is the example `opcode_counts` of the crate python-vm (`cargo build --release -p python-vm --example opcode_counts`).
Each benchmark that runs has the same weight: what is added up are shares of its executed instructions. Opcodes whose
stubs are called most come first: an opcode far up that has no fast path in docs/opcodes.md wants one. `--each` prints a
line for each benchmark before the table: the opcodes whose stubs are called at least once in 200 instructions there,
with the calls per 100. Exit status 1 if no benchmark ran, else 0; those that did not run are named.
"""

import argparse
import collections
import pathlib
import sys
import tempfile

import run

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counter")
    parser.add_argument("--size", default="small", choices=["small", "normal"])
    parser.add_argument("--benchmarks")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--lib", action="append", default=[], metavar="DIR")
    options = parser.parse_args()
    names = options.benchmarks.split(",") if options.benchmarks else run.NAMES
    libraries = run.find_libraries(options.lib)
    executed, stubs, programs = collections.Counter(), collections.Counter(), []
    for name in names:
        with tempfile.NamedTemporaryFile("r") as table:
            library = run.find_benchmark(name, libraries)
            if library is None:
                print("%s: this pyperformance has no bm_%s" % (name, run.ROWS[name].file), file=sys.stderr)
                continue
            arguments = [table.name, HERE / "check.py", name, options.size, library]
            _, failure = run.run(options.counter, arguments, 600)
            if failure:
                print("%s: did not run: %s" % (name, failure), file=sys.stderr)
                continue
            rows = [line.split("\t") for line in table.read().splitlines()]
        total = sum(int(row[1]) for row in rows)
        for opcode, times, calls in rows:
            executed[opcode] += int(times) / total
            stubs[opcode] += int(calls) / total
        programs.append(name)
        if options.each:
            shares = sorted(((100 * int(calls) / total, opcode) for opcode, _, calls in rows), reverse=True)
            often = ["`%s` %.1f" % (opcode, share) for share, opcode in shares if share >= 0.5]
            print("- %s: %.1f; %s" % (name, sum(share for share, _ in shares), ", ".join(often)))
    if not programs:
        return 1
    print("\nOf %s.\n" % ", ".join(programs))
    print("| opcode | share of executed | of these by stub | stub calls per 100 executed instructions |")
    print("| --- | ---: | ---: | ---: |")
    for opcode in sorted(executed, key=lambda opcode: (-stubs[opcode], -executed[opcode])):
        share, calls = executed[opcode] / len(programs), stubs[opcode] / len(programs)
        if share:
            print("| `%s` | %.2f %% | %.1f %% | %.3f |" % (opcode, 100 * share, 100 * calls / share, 100 * calls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
