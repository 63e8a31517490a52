"""Runs the cases of one test module and writes what becomes of each, as lines of JSON.

Usage: driver.py EVENTS MODE MODULE FROM TESTS [PATTERN...]

MODE is `run`, `list`, `marks` (see there) or `import`; MODULE the test module below `test`; FROM the index of the first case to run, by which the runner goes
on behind a case that ended the process; TESTS a folder with the package `test`, or nothing. The less of the interpreter this
file needs, the more can be said about an interpreter that is not finished: hence no json, no re, no argparse.
"""

import os
import sys
import time

PROCESS = os.getpid()
# Under `--gc-stress=budget:N` the file runs once before, for its allocations to be counted.
COUNTING = "PRISM_COUNTING_RUN" in os.environ
OUTPUT = os.open(os.devnull if COUNTING else sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
MODE, MODULE, FIRST, TESTS = sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
PATTERNS = sys.argv[6:]
MARKS = None
if MODE == "marks":
    import marks as MARKS
import examples
SKIPS = ("SkipTest", "ResourceDenied")
# Files that do not load without these modules, of which they need next to nothing: see `src/shims.rs`.
SHIMS = {
    "test_bytes": ["_testcapi"],
    "test_call": ["_testcapi"],
    "test_code": ["_testinternalcapi"],
    "test_compile": ["_testinternalcapi"],
    "test_import": ["_testinternalcapi"],
    "test_marshal": ["_testinternalcapi"],
    "test_peepholer": ["_testinternalcapi"],
    "test_traceback": ["_testinternalcapi"],
}
# Instructions that a file looks up when it loads. Where they do not exist, the cases that use them fail instead of all.
OPCODES = {"test_code": ["COPY_FREE_VARS"]}
LONGEST_MESSAGE = 2000
LONGEST_TRACE = 6000


def quoted(text):
    out = []
    for c in text:
        code = ord(c)
        if c == '"' or c == "\\":
            out.append("\\" + c)
        elif 32 <= code < 127:
            out.append(c)
        elif code < 0x10000:
            # A lone surrogate is no JSON that every reader takes.
            code = 0xFFFD if 0xD800 <= code < 0xE000 else code
            out.append("\\u" + ("000" + hex(code)[2:])[-4:])
        else:
            code -= 0x10000
            out.append("\\u" + hex(0xD800 + (code >> 10))[2:] + "\\u" + hex(0xDC00 + (code & 0x3FF))[2:])
    return '"' + "".join(out) + '"'


def encoded(value):
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join([encoded(item) for item in value]) + "]"
    if value is None:
        return "null"
    return repr(value)


def emit(event, **fields):
    if os.getpid() != PROCESS:
        # A case forked, and its child came back to us.
        return
    line = '{"event":' + quoted(event)
    for name in fields:
        line += "," + quoted(name) + ":" + encoded(fields[name])
    data = (line + "}\n").encode("ascii")
    while data:
        data = data[os.write(OUTPUT, data):]


def shortened(text, longest):
    if len(text) <= longest:
        return text
    return text[: longest // 2] + "\n[...]\n" + text[-longest // 2 :]


def described(kind, value, trace):
    """The fields that describe an exception; whatever fails on the way is left out."""
    try:
        message = str(value)
    except BaseException as problem:
        message = "(its text raises " + type(problem).__name__ + ")"
    try:
        import traceback

        lines = "".join(traceback.format_exception(kind, value, trace))
    except BaseException as problem:
        lines = "(the traceback module raises " + type(problem).__name__ + ": " + str(problem) + ")"
    return {
        "kind": kind.__name__,
        "message": shortened(message, LONGEST_MESSAGE),
        "trace": shortened(lines, LONGEST_TRACE),
    }


def fits(pattern, text):
    """Whether `text` is like `pattern`, in which `*` stands for any text and `?` for a character."""
    reached = {0}
    for c in pattern:
        if c == "*":
            reached = set(range(min(reached), len(text) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(text) and (c == "?" or c == text[at])}
    return len(text) in reached


def selected(name):
    if not PATTERNS:
        return True
    names = [name] + name.split(".")
    return any(fits(pattern, name) for pattern in PATTERNS for name in names)


def flattened(suite):
    for item in suite:
        if hasattr(item, "__iter__"):
            yield from flattened(item)
        else:
            yield item


def named(cases):
    """The names of the cases, without `test.`; a name that was there before gets a number."""
    names, seen = [], {}
    for case in cases:
        name = case.id()
        if name.startswith("test."):
            name = name[5:]
        if name.startswith(MODULE + "."):
            name = name[len(MODULE) + 1 :]
        else:
            # A class of another module, which this one runs.
            name = "/" + name
        name = name.replace(" ", "_").replace("\n", "_")
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name += "#" + str(seen[name])
        names.append(name)
    return names


def load():
    if TESTS:
        sys.path.insert(0, TESTS)
    for name in SHIMS.get(MODULE, ()) if sys.implementation.name == "prism" else ():
        try:
            sys.modules[name] = __import__("_prism" + name)
        except ImportError:
            # A prism that is not `prism-test` itself: the file will say what it lacks.
            pass
    if MARKS:
        MARKS.install()
    for name in OPCODES.get(MODULE, ()):
        import opcode

        opcode.opmap.setdefault(name, 0)
    import unittest
    import test.support

    # As regrtest has it unless told otherwise.
    test.support.use_resources = []
    __import__("test." + MODULE)
    module = sys.modules["test." + MODULE]
    loader = unittest.TestLoader()
    cases = list(examples.parted(flattened(loader.loadTestsFromModule(module))))
    return [(case, name) for case, name in zip(cases, named(cases)) if selected(MODULE + "." + name)]


def run(cases):
    import unittest

    class Result(unittest.TestResult):
        """Writes each outcome; of several that a case has, the first one that is bad."""

        def __init__(self):
            super().__init__()
            self.running = None
            self.bad = None
            self.started = 0.0

        def startTest(self, test):
            self.testsRun += 1
            self.running = indices.get(id(test))
            self.outcome = None
            self.skipped = ""
            if MARKS:
                MARKS.take()
            self.started = time.monotonic()
            emit("start", index=self.running)

        def stopTest(self, test):
            if self.running is None:
                return
            seconds = round(time.monotonic() - self.started, 4)
            if MARKS and (MARKS.take() or MARKS.names_them(test)):
                emit("touches", index=self.running)
            fields = self.outcome
            if fields is None and self.skipped:
                # unittest calls a case a success only if no part of it was skipped.
                fields = {"outcome": "skipped", "message": self.skipped}
            elif fields is None:
                fields = {"outcome": "failed", "kind": "", "message": "the case reported no outcome", "trace": ""}
            emit("end", index=self.running, seconds=seconds, **fields)
            self.running = None

        def note(self, test, outcome, fields):
            if self.running is None:
                # The set-up or tear-down of a class or module.
                emit("fixture", name=str(test), outcome=outcome, **fields)
            elif self.outcome is None or self.outcome["outcome"] in ("passed", "skipped", "expected-failure"):
                self.outcome = {"outcome": outcome, **fields}

        def addSuccess(self, test):
            if self.outcome is None:
                self.outcome = {"outcome": "passed", "message": self.skipped}

        def addError(self, test, error):
            self.note(test, "error", described(*error))

        def addFailure(self, test, error):
            self.note(test, "failed", described(*error))

        def addSubTest(self, test, subtest, error):
            if error is not None:
                outcome = "failed" if issubclass(error[0], test.failureException) else "error"
                fields = described(*error)
                fields["message"] = shortened(subtest._subDescription() + ": " + fields["message"], LONGEST_MESSAGE)
                self.note(test, outcome, fields)

        def addSkip(self, test, reason):
            index = indices.get(id(test))
            if self.running is None and index is not None:
                # 3.12.1 does not say that a case that is marked to be skipped starts; it says that it stops.
                emit("start", index=index)
                emit("end", index=index, seconds=0.0, outcome="skipped", message=shortened(str(reason), LONGEST_MESSAGE))
            elif self.running is not None and index is None:
                self.skipped = shortened("a part was skipped: " + str(reason), LONGEST_MESSAGE)
            else:
                self.note(test, "skipped", {"message": shortened(str(reason), LONGEST_MESSAGE)})

        def addExpectedFailure(self, test, error):
            self.note(test, "expected-failure", {})

        def addUnexpectedSuccess(self, test):
            self.note(test, "failed", {"kind": "", "message": "unexpected success", "trace": ""})

        def addDuration(self, test, elapsed):
            pass

    indices = {id(case): index for index, (case, _) in enumerate(cases)}
    unittest.TestSuite([case for case, _ in cases[FIRST:]]).run(Result())


def only_import():
    """The whole file as one case: can it be imported?"""
    emit("plan", names=["import"])
    emit("start", index=0)
    started = time.monotonic()
    if TESTS:
        sys.path.insert(0, TESTS)
    try:
        __import__("test." + MODULE)
        outcome = {"outcome": "passed"}
    except BaseException as problem:
        name = "skipped" if type(problem).__name__ in SKIPS else "error"
        outcome = {"outcome": name, **described(type(problem), problem, problem.__traceback__)}
    emit("end", index=0, seconds=round(time.monotonic() - started, 4), **outcome)
    emit("done")


def main():
    # The folder of this file is none of the tests'.
    del sys.path[0]
    sys.argv = [sys.argv[0]]
    if MODE == "import":
        return only_import()
    try:
        cases = load()
    except BaseException as problem:
        # Without unittest there is no class to ask for.
        if type(problem).__name__ in SKIPS:
            emit("load", outcome="skipped", message=str(problem))
        else:
            emit("load", outcome="error", **described(type(problem), problem, problem.__traceback__))
        return
    emit("plan", names=[name for _, name in cases])
    if MODE != "list":
        run(cases)
    emit("done")


if __name__ == "__main__":
    try:
        main()
    except BaseException as problem:
        emit("driver", **described(type(problem), problem, problem.__traceback__))
        raise
