"""Profiles programs by sys.setprofile: slower than cProfile, and open to subclasses. Times are those of the process."""

import sys
import time

__all__ = ["run", "runctx", "Profile"]


class _Call:
    """A call that runs: its function, its frame, the time within it, the time of the calls that it made."""

    def __init__(self, function, frame):
        self.function, self.frame = function, frame
        self.own = self.inner = 0


class _Reports:
    """What profilers of all kinds do by their create_stats() and runctx(): cProfile's, too."""

    def print_stats(self, sort=-1):
        """Print what was counted, as pstats sorts it."""
        import pstats

        sort = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*sort).print_stats()

    def dump_stats(self, file):
        """Write what was counted to a file that pstats reads."""
        import marshal

        with open(file, "wb") as target:
            self.create_stats()
            marshal.dump(self.stats, target)

    def run(self, cmd):
        """Profile a statement in __main__."""
        import __main__

        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)


class Profile(_Reports):
    """Profile(timer=None, bias=None): bias is what the profiler itself takes of each event, in the timer's units."""

    bias = 0

    def __init__(self, timer=None, bias=None):
        timer = timer or time.process_time
        try:
            timer() + 0
            self.get_time = timer
        except TypeError:
            # A timer of several times, which are added.
            self.get_time = lambda: sum(timer())
        if bias is not None:
            self.bias = bias
        # By function: calls without recursive ones, calls that run, own time, whole time, calls by callers.
        self.timings = {}
        self._calls = []
        self._time = self.get_time()
        self._simulate("profiler")

    def _simulate(self, name):
        self._call(("profile", 0, name), None)

    def _call(self, function, frame):
        primitive, running, own, whole, callers = self.timings.get(function, (0, -1, 0, 0, {}))
        self.timings[function] = primitive, running + 1, own, whole, callers
        self._calls.append(_Call(function, frame))

    def _return(self):
        call, caller = self._calls.pop(), self._calls[-1]
        primitive, running, own, whole, callers = self.timings[call.function]
        took = call.own + call.inner
        if not running:
            whole += took
            primitive += 1
        callers[caller.function] = callers.get(caller.function, 0) + 1
        self.timings[call.function] = primitive, running - 1, own + call.own, whole, callers
        caller.inner += took

    def dispatcher(self, frame, event, arg):
        """The profile function."""
        call = self._calls[-1]
        call.own += self.get_time() - self._time - self.bias
        if event == "call":
            code = frame.f_code
            # Frames that ended without being told of.
            while call.frame is not None and call.frame is not frame.f_back and len(self._calls) > 2:
                self._return()
                call = self._calls[-1]
            self._call((code.co_filename, code.co_firstlineno, code.co_name), frame)
        elif event == "c_call":
            self._call(("", 0, arg.__name__), frame)
        elif event in ("return", "c_return", "c_exception") and (call.frame is frame or event != "return"):
            # What was entered before the profiler is none of its calls.
            if call.frame is not None:
                self._return()
        self._time = self.get_time()

    def set_cmd(self, cmd):
        """Count as calls of what is profiled."""
        if len(self._calls) == 1:
            self._simulate(cmd if isinstance(cmd, str) else repr(cmd))

    def create_stats(self):
        """End the calls that run; set self.stats."""
        while len(self._calls) > 1:
            self._return()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Set self.stats from what was counted so far."""
        self.stats = {}
        for function, (primitive, _, own, whole, callers) in self.timings.items():
            self.stats[function] = primitive, sum(callers.values()), own, whole, callers.copy()

    def runctx(self, cmd, globals, locals):
        """Profile a statement."""
        self.set_cmd(cmd)
        self._time = self.get_time()
        sys.setprofile(self.dispatcher)
        try:
            exec(cmd, globals, locals)
        finally:
            sys.setprofile(None)
        return self

    def runcall(self, func, /, *args, **kw):
        """Profile a call; return what it returns."""
        self.set_cmd(repr(func))
        self._time = self.get_time()
        sys.setprofile(self.dispatcher)
        try:
            return func(*args, **kw)
        finally:
            sys.setprofile(None)


def _profiled(profile, start, filename, sort):
    try:
        start(profile)
    except SystemExit:
        pass
    finally:
        if filename is None:
            profile.print_stats(sort)
        else:
            profile.dump_stats(filename)


def run(statement, filename=None, sort=-1):
    """Profile a statement in __main__; print what was counted, or write it to a file."""
    return _profiled(Profile(), lambda profile: profile.run(statement), filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """Profile a statement with its own globals and locals; print what was counted, or write it to a file."""
    return _profiled(Profile(), lambda profile: profile.runctx(statement, globals, locals), filename, sort)
