"""Profiles programs: how often functions are called, and how long they take. What is counted is counted by _lsprof."""

__all__ = ["run", "runctx", "Profile"]

import _lsprof
from profile import _profiled, _Reports


class Profile(_Reports, _lsprof.Profiler):
    """Profile(timer=None, timeunit=0.0, subcalls=True, builtins=True)

    A profiler; it can be used by "with". A timer that answers integers needs timeunit, the seconds that one of its ticks takes.
    """

    def create_stats(self):
        """Stop to count; set self.stats."""
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Set self.stats: for each function (calls without recursive ones, all calls, own time, whole time, callers)."""
        entries = self.getstats()
        self.stats, callers_of = {}, {}
        for entry in entries:
            callers = callers_of[id(entry.code)] = {}
            calls = entry.callcount
            self.stats[label(entry.code)] = (calls - entry.reccallcount, calls, entry.inlinetime, entry.totaltime, callers)
        for entry in entries:
            caller = label(entry.code)
            for called in entry.calls or ():
                callers = callers_of.get(id(called.code))
                if callers is None:
                    continue
                calls = called.callcount
                figures = calls, calls - called.reccallcount, called.inlinetime, called.totaltime
                before = callers.get(caller, (0, 0, 0, 0))
                callers[caller] = tuple(a + b for a, b in zip(figures, before))

    def runctx(self, cmd, globals, locals):
        """Profile a statement."""
        with self:
            exec(cmd, globals, locals)
        return self

    def runcall(self, func, /, *args, **kw):
        """Profile a call; return what it returns."""
        with self:
            return func(*args, **kw)

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


def label(code):
    """How pstats calls a function: file, line, name."""
    if isinstance(code, str):
        return "~", 0, code
    return code.co_filename, code.co_firstlineno, code.co_name


def run(statement, filename=None, sort=-1):
    """Profile a statement in __main__; print what was counted, or write it to a file."""
    return _profiled(Profile(), lambda profile: profile.run(statement), filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    """Profile a statement with its own globals and locals; print what was counted, or write it to a file."""
    return _profiled(Profile(), lambda profile: profile.runctx(statement, globals, locals), filename, sort)


def main():
    import importlib.machinery
    import io
    import os
    import runpy
    import sys
    from optparse import OptionParser

    import pstats

    parser = OptionParser(usage="cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ...")
    parser.allow_interspersed_args = False
    parser.add_option("-o", "--outfile", dest="outfile", default=None, help="Save stats to <outfile>")
    parser.add_option("-s", "--sort", dest="sort", default=2, choices=sorted(pstats.Stats.sort_arg_dict_default),
                      help="Sort order when printing to stdout, based on pstats.Stats class")
    parser.add_option("-m", dest="module", action="store_true", default=False, help="Profile a library module")
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, arguments = parser.parse_args()
    sys.argv[:] = arguments
    if options.outfile is not None:
        # The program may go elsewhere.
        options.outfile = os.path.abspath(options.outfile)
    if not arguments:
        parser.print_usage()
        return parser
    program = arguments[0]
    if options.module:
        code = "run_module(name, run_name='__main__')"
        namespace = {"run_module": runpy.run_module, "name": program}
    else:
        sys.path.insert(0, os.path.dirname(program))
        with io.open_code(program) as file:
            code = compile(file.read(), program, "exec")
        spec = importlib.machinery.ModuleSpec(name="__main__", loader=None, origin=program)
        namespace = {"__spec__": spec, "__file__": spec.origin, "__name__": spec.name, "__package__": None, "__cached__": None}
    try:
        runctx(code, namespace, None, options.outfile, options.sort)
    except BrokenPipeError as e:
        # Nobody reads what would be flushed.
        sys.stdout = None
        sys.exit(e.errno)
    return parser


if __name__ == "__main__":
    main()
