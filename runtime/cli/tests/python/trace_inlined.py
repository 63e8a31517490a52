"""A trace function that is set within a loop that is compiled sees the calls that were compiled into the loop."""
import sys


def callee(x):
    return x + 1


def loop(n, begin):
    total = 0
    for i in range(n):
        sys.settrace(begin(i))
        total += callee(i)
        sys.settrace(None)
    return total


seen = []


def trace(frame, event, arg):
    if frame.f_code is callee.__code__:
        seen.append(event)
    return trace


def late(i):
    return trace if i >= 400 else None


print(loop(403, late), seen)
seen.clear()
print(loop(20, lambda i: trace), len(seen), seen[:4])
seen.clear()


def profile(frame, event, arg):
    if frame.f_code is callee.__code__:
        seen.append(("profile", event))


def profiled(n):
    for i in range(n):
        sys.setprofile(profile if i > n - 3 else None)
        callee(i)
        sys.setprofile(None)


profiled(500)
print(seen)

# The same by sys.monitoring.
tool = sys.monitoring.PROFILER_ID
sys.monitoring.use_tool_id(tool, "test")
entered = []
sys.monitoring.register_callback(tool, sys.monitoring.events.PY_START, lambda code, at: entered.append(code.co_name))


def monitored(n):
    for i in range(n):
        sys.monitoring.set_events(tool, sys.monitoring.events.PY_START if i >= n - 2 else 0)
        callee(i)
        sys.monitoring.set_events(tool, 0)


monitored(500)
print([name for name in entered if name == "callee"])
sys.monitoring.free_tool_id(tool)
