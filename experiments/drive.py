"""Runs one program under the interpreter at hand, and writes what it took and what it computed:

    drive.py RECORDS ITERATIONS own FILE N                  run(N) of a program of ours
    drive.py RECORDS ITERATIONS pyperformance FILE BENCHMARKS LOOPS [OPTION ...]
                                                            a benchmark's own file, LOOPS loops an iteration

RECORDS is a file for lines of JSON, each flushed at once:

    {"ns": 1234, "check": "..."}      an iteration; of our programs with its checksum
    {"check": {"WHAT": "DIGEST"}}     what pyperformance's benchmark computed in its check, after the iterations
    {"peak": 1234}                    the peak of resident memory in bytes, before the check, where the system tells it
    {"end": true}                     all went well

Runs under any Python from 3.8 on. Of libraries it uses `sys` and `time` alone, so that a program has to itself what it
imports.
"""

import sys
from time import perf_counter_ns

sys.dont_write_bytecode = True
# Programs may go deep; how deep must not depend on the interpreter's taste.
sys.setrecursionlimit(5000)


def main(arguments):
    global records
    records = open(arguments[0], "a")
    iterations = int(arguments[1])
    {"own": drive_own, "pyperformance": drive_pyperformance}[arguments[2]](iterations, *arguments[3:])
    record('{"end": true}')


def record(line):
    records.write(line + "\n")
    records.flush()


def record_peak():
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    record('{"peak": %d}' % (int(line.split()[1]) * 1024))
    except OSError:
        pass


def load(path, name):
    """A fresh module of a file, and its code."""
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    return execute(code, path, name, name), code


def execute(code, path, name, shown_name):
    module = type(sys)(shown_name)
    module.__file__ = path
    sys.modules[name] = module
    exec(code, module.__dict__)
    return module


def drive_own(iterations, path, size):
    size = int(size)
    module, _ = load(path, "program")
    for _ in range(iterations):
        start = perf_counter_ns()
        result = module.run(size)
        nanoseconds = perf_counter_ns() - start
        # A result is a number or a word: no character of it needs escaping in JSON.
        text = str(result)
        if not text or not all(c.isalnum() or c in "-_.:" for c in text):
            raise ValueError("a checksum is a number or a word, not " + ascii(text))
        record('{"ns": %d, "check": "%s"}' % (nanoseconds, text))
    record_peak()


def drive_pyperformance(iterations, name, benchmarks, loops, *options):
    here = (__file__.rpartition("/")[0] or ".") + "/pyperformance"
    path = benchmarks + "/bm_" + name + "/run_benchmark.py"
    sys.path[:0] = [here, here + "/standin", here + "/checks", benchmarks + "/bm_" + name]
    import pyperf

    times = []

    def report(runner, benchmark, time_loops):
        """In place of the stand-in's, which prints. A file may have several benchmarks: their times add up."""
        count = runner.parse_args().loops
        for index in range(iterations):
            seconds = time_loops(count)
            if index == len(times):
                times.append(0.0)
            times[index] += seconds

    pyperf.Runner.report = report
    sys.argv = [path, "--loops=" + loops, *options]
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    execute(code, path, "__main__", "__main__")
    if not times:
        raise RuntimeError("the benchmark timed nothing")
    for seconds in times:
        record('{"ns": %d}' % round(seconds * 1e9))
    record_peak()
    # The check begins with the state of a fresh module, but executes the same code objects, as warm as they are now.
    check = __import__("check_" + name).check
    observations = check(execute(code, path, "run_benchmark", "run_benchmark"), "small", *options)
    from digest import digest

    words = ['"%s": "%s"' % (what, digest(value)) for what, value in observations]
    record('{"check": {%s}}' % ", ".join(words))


main(sys.argv[1:])
