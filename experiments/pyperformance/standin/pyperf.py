"""Stands in for the package `pyperf`, so that pyperformance's benchmark files run unmodified in one process.

It has what those files use: `Runner` with `bench_func`, `bench_time_func`, `bench_async_func`, `bench_command`, `timeit`,
`metadata`, `args`, `argparser` and `parse_args`, and `perf_counter`. It spawns no workers, calibrates nothing and computes
no statistics: it runs each benchmark `--loops` times, `--values` times over, and prints one line a value:

    NAME loops=N seconds=S

It imports `sys` and `time` only, so that what is measured is not the start of a library; `bench_command` imports
`subprocess`, `timeit` its namesake, and a benchmark that has imported `asyncio` gets its event loop. What it lacks raises
`AttributeError` or ends the process with status 2 and a reason.
"""

import sys
from time import perf_counter


def python_implementation():
    return sys.implementation.name


def python_has_jit():
    """Whether a JIT is at work, as far as the interpreter tells: the way of CPython 3.14."""
    jit = getattr(sys, "_jit", None)
    return jit is not None and jit.is_enabled()


class Options:
    """What `parse_args` returns: an attribute for each option."""


class Argument:
    """One argument of the command line, declared as `argparse` would take it."""

    def __init__(self, names, type=None, default=None, choices=None, nargs=None, action=None,
                 help=None, metavar=None, dest=None):
        if action not in (None, "store", "store_true") or nargs not in (None, "?"):
            raise NotImplementedError("action=%r, nargs=%r" % (action, nargs))
        self.names = names
        self.positional = not names[0].startswith("-")
        long = [name for name in names if name.startswith("--")] or names
        self.dest = dest or long[0].lstrip("-").replace("-", "_")
        self.type = type
        self.flag = action == "store_true"
        self.default = False if self.flag and default is None else default
        self.choices = choices
        self.required = self.positional and nargs is None

    def convert(self, text):
        value = text if self.type is None else self.type(text)
        if self.choices is not None and value not in self.choices:
            raise ValueError("%r is not one of %s" % (value, ", ".join([str(choice) for choice in self.choices])))
        return value


class ArgumentParser:
    """As much of `argparse` as the benchmark files need: options, flags and optional positional arguments."""

    def __init__(self):
        self.arguments = []

    def add_argument(self, *names, **declaration):
        self.arguments.append(Argument(names, **declaration))

    def parse(self, words):
        options = Options()
        for argument in self.arguments:
            setattr(options, argument.dest, argument.default)
        positional = [argument for argument in self.arguments if argument.positional]
        words = list(words)
        while words:
            word = words.pop(0)
            if word.startswith("-") and word != "-":
                name, equals, text = word.partition("=")
                argument = self.find(name)
                if argument.flag:
                    if equals:
                        fail("%s takes no value" % name)
                    setattr(options, argument.dest, True)
                    continue
                if not equals:
                    if not words:
                        fail("%s needs a value" % name)
                    text = words.pop(0)
            else:
                if not positional:
                    fail("unexpected argument %r" % word)
                argument, text = positional.pop(0), word
            try:
                setattr(options, argument.dest, argument.convert(text))
            except ValueError as error:
                fail("%s: %s" % (argument.names[0], error))
        for argument in positional:
            if argument.required:
                fail("%s is missing" % argument.dest)
        return options

    def find(self, name):
        for argument in self.arguments:
            if name in argument.names and not argument.positional:
                return argument
        fail("no option %s" % name)


def fail(message):
    print("pyperf stand-in: " + message, file=sys.stderr)
    sys.exit(2)


class Runner:
    """Runs benchmarks and prints their times.

    The tuning that files pass to the constructor (processes, values, warmups, …) is for pyperf's own method of
    measuring and is ignored; the command line decides.
    """

    def __init__(self, add_cmdline_args=None, processes=None, values=None, warmups=None, loops=None, min_time=None):
        self.metadata = {}
        self.args = None
        self.argparser = ArgumentParser()
        self.argparser.add_argument("--loops", type=int, default=1)
        self.argparser.add_argument("--values", type=int, default=1)

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse(sys.argv[1:] if args is None else args)
        return self.args

    def report(self, name, time_loops):
        """Calls `time_loops(loops)`, which returns seconds, once for each value."""
        options = self.parse_args()
        for _ in range(options.values):
            seconds = time_loops(options.loops)
            print("%s loops=%d seconds=%.6f" % (name, options.loops, seconds))

    def bench_time_func(self, name, time_func, *args, inner_loops=None):
        self.report(name, lambda loops: time_func(loops, *args))

    def bench_func(self, name, func, *args, inner_loops=None):
        def time_loops(loops):
            start = perf_counter()
            for _ in range(loops):
                func(*args)
            return perf_counter() - start

        self.report(name, time_loops)

    def bench_async_func(self, name, func, *args, inner_loops=None, loop_factory=None):
        """In an event loop if the benchmark has imported `asyncio`; else each coroutine is driven by hand."""
        asyncio = sys.modules.get("asyncio")

        def time_loops(loops):
            start = perf_counter()
            for _ in range(loops):
                run_coroutine(func(*args))
            return perf_counter() - start

        async def time_in_event_loop(loops):
            start = perf_counter()
            for _ in range(loops):
                await func(*args)
            return perf_counter() - start

        def run_event_loop(loops):
            if loop_factory is None:
                return asyncio.run(time_in_event_loop(loops))
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                return runner.run(time_in_event_loop(loops))

        if asyncio is None and loop_factory is not None:
            import asyncio
        self.report(name, time_loops if asyncio is None else run_event_loop)

    def bench_command(self, name, command):
        """Processes, one after the other; what they print is thrown away. One that fails ends the benchmark."""
        import subprocess

        def time_loops(loops):
            start = perf_counter()
            for _ in range(loops):
                subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            return perf_counter() - start

        self.report(name, time_loops)

    def timeit(self, name, stmt, setup="pass", teardown="pass", globals=None, inner_loops=None):
        import timeit

        if teardown != "pass":
            raise NotImplementedError("teardown=%r" % teardown)
        timer = timeit.Timer(stmt, setup, perf_counter, globals)
        self.report(name, timer.timeit)


def run_coroutine(coroutine):
    """The result of a coroutine that never suspends."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("the coroutine suspended: it needs an event loop")
