# What cProfile, profile and pstats print.
import cProfile
import io
import os
import profile
import pstats
import re
import tempfile


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work():
    fib(10)
    sorted([3, 1, 2], key=lambda x: -x)
    [].append(1)
    len("x")
    try:
        [].index(1)
    except ValueError:
        pass


def shown(stats, method, *arguments):
    stats.stream = io.StringIO()
    getattr(stats, method)(*arguments)
    return re.sub(r"-?\d+\.\d+", "T", stats.stream.getvalue())


def figures(stats):
    return sorted((name, p.ncalls, p.file_name, p.line_number) for name, p in stats.get_stats_profile().func_profiles.items())


p = cProfile.Profile()
p.enable()
work()
p.disable()
s = pstats.Stats(p, stream=io.StringIO()).strip_dirs()
print(shown(s.sort_stats("calls", "stdname"), "print_stats"))
print(shown(s.sort_stats("nfl"), "print_stats", 3))
print(shown(s.sort_stats("stdn"), "print_stats", "fib|len", 0.5))
print(shown(s, "print_stats", "("))
print(shown(s.sort_stats(pstats.SortKey.NAME), "print_callers"))
print(shown(s.reverse_order(), "print_callees", "fib|work"))
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "x")
    s.dump_stats(file)
    t = pstats.Stats(file, file)
    t.files = []
    print(shown(t.sort_stats(-1), "print_stats"))
    print(figures(t))
for arguments in ("x",), ("calls", 1), (pstats.SortKey.CALLS, "name"):
    try:
        s.sort_stats(*arguments)
    except (KeyError, TypeError) as e:
        print(type(e).__name__, e)
print(pstats.SortKey("ncalls"), [key.value for key in pstats.SortKey], cProfile.Profile().runcall(fib, 5))

p = profile.Profile()
p.runctx("work()", globals(), {})
s = pstats.Stats(p).strip_dirs().sort_stats("stdname")
print(shown(s, "print_stats"), shown(s, "print_callers"))
ticks = iter(range(10000))
p = profile.Profile(lambda: next(ticks))
print(p.runcall(fib, 5))
p.create_stats()
print(sorted(stat[:2] for stat in p.stats.values()))
