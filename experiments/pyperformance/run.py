#!/usr/bin/env python3
"""Runs pyperformance's benchmarks under an interpreter, and compares what they compute.

    run.py --python 'prism --gc=semispace' [--benchmarks a,b] [--size small|normal]     digests against digests.txt
    run.py --python 'prism --gc-stress=budget:1000' --collections 1000                  and enough collections were forced
    run.py --python prism --reference python3.12                                        digests against another run
    run.py --python python3.12 --size both --bless                                      writes them into digests.txt

`--python` and `--reference` are commands: what stands before the script's name. The benchmarks' files come from an
installed package (`pip install pyperformance` for the Python that runs this) or from `--lib DIR`, which may be given more
than once and names a folder with `bm_*` folders, a checkout or an installation. The exit status is 0 if all agree, 1 if
not, 2 if something could not be run as asked.

How long they take is measured by `cargo run --release -p experiments -- run speed`. This script runs under any recent
CPython; under the interpreter in question run `check.py` and the stand-in alone.
"""

import argparse
import importlib.util
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import table

HERE = pathlib.Path(__file__).resolve().parent
DIGESTS = HERE / "digests.txt"
ROWS = {row.name: row for row in table.read(str(HERE))}
NAMES = list(ROWS)


class CannotRun(Exception):
    """The request makes no sense here; the message says why."""


def main():
    options = parse_options()
    try:
        libraries = find_libraries(options.lib)
        names = options.benchmarks.split(",") if options.benchmarks else NAMES
        folders = {name: find_benchmark(name, libraries) for name in names}
        present = [name for name in names if folders[name]]
        for name in names:
            if not folders[name]:
                print(f"left out: {name} (this pyperformance has no bm_{ROWS[name].file})")
        if options.benchmarks and present != names:
            raise CannotRun("a benchmark that was asked for is missing")
        return check(options, present, folders)
    except CannotRun as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", required=True, help="the interpreter's command")
    parser.add_argument("--reference", help="the command of the interpreter to compare with")
    parser.add_argument("--benchmarks", help="names, separated by commas (default: all)")
    parser.add_argument("--size", choices=["small", "normal", "both"], default="small")
    parser.add_argument("--lib", action="append", default=[], help="where the bm_* folders are")
    parser.add_argument("--collections", type=int,
                        help="each check must force as many collections, by the counters that `--gc-stats` writes")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one process")
    parser.add_argument("--bless", action="store_true", help="write the digests instead of comparing")
    return parser.parse_args()


def find_libraries(named):
    libraries = []
    for name in named:
        path = pathlib.Path(name)
        candidates = [path, path / "data-files/benchmarks", path / "pyperformance/data-files/benchmarks"]
        found = [candidate for candidate in candidates if any(candidate.glob("bm_*"))]
        if not found:
            raise CannotRun(f"no bm_* folders under {name}")
        libraries.append(found[0].resolve())
    spec = importlib.util.find_spec("pyperformance")
    if spec and spec.origin:
        libraries.append(pathlib.Path(spec.origin).parent / "data-files/benchmarks")
    if not libraries:
        raise CannotRun("pyperformance is not installed for this Python; install it or give --lib")
    return libraries


def find_benchmark(name, libraries):
    """The folder of folders in which the benchmark is, or None."""
    if name not in NAMES:
        raise CannotRun(f"no benchmark {name}; there are {', '.join(NAMES)}")
    for library in libraries:
        if (library / f"bm_{ROWS[name].file}" / "run_benchmark.py").is_file():
            return library
    return None


def run(command, arguments, timeout):
    """The output of a process, or the reason why there is none."""
    words = shlex.split(command) + [str(argument) for argument in arguments]
    try:
        process = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                 timeout=timeout)
    except FileNotFoundError:
        raise CannotRun(f"cannot run {words[0]}") from None
    except subprocess.TimeoutExpired:
        return None, f"still running after {timeout:.0f} s"
    if process.returncode != 0:
        lines = process.stderr.strip().splitlines() or ["no message"]
        # A report of a crash says what happened before it says where.
        crash = [line for line in lines if line.startswith("panic:")]
        return None, f"exit status {process.returncode}: {(crash or lines[-1:])[0]}"
    return process.stdout, None


def observe(command, name, size, library, timeout):
    """What a checker prints: digests by what they are of, seconds, and the reason if it failed."""
    output, failure = run(command, [HERE / "check.py", name, size, library], timeout)
    if failure:
        return {}, None, failure
    digests, seconds = {}, None
    for line in output.splitlines():
        words = line.split()
        if words[:2] == [name, size] and len(words) == 4:
            if words[2] == "seconds":
                seconds = float(words[3])
            else:
                digests[words[2]] = words[3]
    if seconds is None or not digests:
        return {}, None, "the output ended early"
    return digests, seconds, None


def observe_collections(options, name, size, library):
    """What `observe` sees, with a failure if the interpreter forced too few collections."""
    if options.collections is None:
        return observe(options.python, name, size, library, options.timeout)
    with tempfile.TemporaryDirectory() as folder:
        counters = pathlib.Path(folder) / "counters.json"
        command = f"{options.python} --gc-stats={counters}"
        digests, seconds, failure = observe(command, name, size, library, options.timeout)
        if not failure:
            forced = json.loads(counters.read_text())["forced"]
            if forced < options.collections:
                failure = f"forced {forced} collections, not {options.collections}"
    return digests, seconds, failure


def read_digests():
    expected = {}
    for line in DIGESTS.read_text().splitlines():
        if line and not line.startswith("#"):
            name, size, what, digest = line.split()[:4]
            expected.setdefault((name, size), {})[what] = digest
    return expected


def check(options, names, folders):
    sizes = ["small", "normal"] if options.size == "both" else [options.size]
    expected = {} if options.reference or options.bless else read_digests()
    lines, wrong = [], 0
    for size in sizes:
        for name in names:
            digests, seconds, failure = observe_collections(options, name, size, folders[name])
            if options.reference:
                reference, _, reference_failure = observe(
                    options.reference, name, size, folders[name], options.timeout)
                if reference_failure:
                    raise CannotRun(f"the reference fails on {name}: {reference_failure}")
            else:
                reference = expected.get((name, size), {})
            if failure:
                verdict = failure
            elif options.bless:
                verdict = "written"
                note = " libm" if ROWS[name].libm else ""
                lines += [f"{name} {size} {what} {digest}{note}" for what, digest in digests.items()]
            elif not reference:
                verdict = "nothing to compare with"
            else:
                differing = [what for what in reference if digests.get(what) != reference[what]]
                differing += [what for what in digests if what not in reference]
                verdict = "differs: " + ", ".join(differing) if differing else "ok"
                if differing and ROWS[name].libm and not options.reference:
                    verdict += " (depends on the C library's functions: compare with --reference as well)"
            wrong += verdict not in ("ok", "written")
            print(f"{name:31} {size:7} {'' if seconds is None else f'{seconds:8.3f} s':>10}  {verdict}", flush=True)
    if options.bless:
        if wrong:
            raise CannotRun("not written: something failed")
        write_digests(options, names, lines)
    else:
        print(f"{len(names) * len(sizes) - wrong} ok, {wrong} not")
    return 1 if wrong else 0


def write_digests(options, names, lines):
    version, failure = run(options.python, ["-c", "import sys, platform; print(sys.implementation.name, "
                                                  "platform.python_version(), platform.machine(), *platform.libc_ver())"],
                           options.timeout)
    if failure or not version.startswith("cpython 3.12."):
        raise CannotRun(f"digests are made with CPython 3.12, not {version or failure}")
    if options.size != "both":
        raise CannotRun("--bless wants --size both")
    # What was not run keeps its lines: a benchmark may be in another pyperformance.
    kept = [line for line in DIGESTS.read_text().splitlines() if line and not line.startswith("#")]
    lines += [line for line in kept if line.split()[0] in NAMES and line.split()[0] not in names]
    lines.sort(key=lambda line: (line.split()[1] != "small", NAMES.index(line.split()[0])))
    head = ["# What the checkers print under CPython 3.12: program, size, what, CRC-32 of its repr.",
            "# Lines with `libm` depend on the C library's functions in the last bit.",
            "# Made by: run.py --python python3.12 --size both --bless",
            f"# With: {version.strip()}"]
    DIGESTS.write_text("\n".join(head + lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
