# sys.monitoring: events of starts, lines, calls, exceptions and returns; DISABLE, restart_events, local events, several tools.
# Offsets are the bytecode's own and not printed.
import sys
import threading

monitoring = sys.monitoring
E = monitoring.events
TOOL, OTHER = 2, 4


def show(*args):
    print(*args)


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


print([name for name in dir(monitoring) if name.endswith("ID")])
print(E)
print(monitoring, "sys.monitoring" in sys.modules)
attempt(monitoring.use_tool_id, 6, "no")
attempt(monitoring.use_tool_id, 2, 3)
attempt(monitoring.set_events, TOOL, E.LINE)
attempt(monitoring.use_tool_id, TOOL, "test")
attempt(monitoring.use_tool_id, TOOL, "again")
print(monitoring.get_tool(TOOL), monitoring.get_tool(OTHER), monitoring.get_events(TOOL))
attempt(monitoring.set_events, TOOL, 1 << 17)
attempt(monitoring.set_events, TOOL, -1)
attempt(monitoring.set_events, TOOL, E.C_RETURN)
attempt(monitoring.set_events, TOOL, "x")
attempt(monitoring.set_local_events, TOOL, 3, E.LINE)
attempt(monitoring.set_local_events, TOOL, show.__code__, E.RAISE)
attempt(monitoring.register_callback, TOOL, 3, None)
attempt(monitoring.register_callback, TOOL, 1 << 17, None)
attempt(monitoring.register_callback, TOOL, E.LINE, show)
print(monitoring.register_callback(TOOL, E.LINE, None) is show)
monitoring.use_tool_id(OTHER, "other")


class Recorder:
    def __init__(self):
        self.events = []
        self.answer = None

    def callback(self, event):
        def call(code, place, *args):
            line = place - code.co_firstlineno if event == "LINE" else None
            self.events.append((event, code.co_name, line, *map(self.tell, args)))
            return self.answer
        return call

    def tell(self, arg):
        if arg is monitoring.MISSING:
            return "MISSING"
        if isinstance(arg, BaseException):
            return repr(arg)
        return getattr(arg, "__qualname__", arg if isinstance(arg, (int, str)) else type(arg).__name__)

    def show(self, names):
        for event in self.events:
            if event[1] in names:
                print("   ", *event)
        self.events.clear()


def run(names, function, *events, tool=TOOL):
    print(function.__name__, *events)
    recorder = Recorder()
    for name in events:
        monitoring.register_callback(tool, getattr(E, name), recorder.callback(name))
    wanted = 0
    for name in events:
        wanted |= getattr(E, name)
    monitoring.set_events(tool, wanted)
    try:
        function()
    except Exception as e:
        monitoring.set_events(tool, 0)
        print("  raised", repr(e))
    monitoring.set_events(tool, 0)
    for name in events:
        monitoring.register_callback(tool, getattr(E, name), None)
    recorder.show(names)


def lines():
    total = 0
    for i in range(2):
        try:
            total += i
        finally:
            pass
    if total:
        return total


class Thing:
    def method(self, n):
        return n + 1


def calls():
    Thing().method(1)
    len("abc")
    [].append(3)
    "x".upper()
    try:
        int("no")
    except ValueError:
        pass


def generate():
    x = yield 1
    try:
        yield 2
    except KeyError:
        yield 3
    return 4


def generators():
    g = generate()
    next(g)
    g.send(5)
    g.throw(KeyError("k"))
    for _ in g:
        pass


def thrower():
    raise ValueError("v")


def catcher():
    try:
        thrower()
    except ValueError:
        pass
    thrower()


def reraiser():
    try:
        thrower()
    except ValueError:
        raise


run({"lines"}, lines, "PY_START", "LINE", "PY_RETURN")
run({"calls", "method"}, calls, "CALL", "C_RETURN", "C_RAISE")
run({"generate", "generators"}, generators, "PY_START", "PY_RESUME", "PY_YIELD", "PY_RETURN", "PY_THROW")
run({"thrower", "catcher"}, catcher, "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND")
run({"thrower", "reraiser"}, reraiser, "RAISE", "RERAISE", "PY_UNWIND")


# A place that is done with is heard of again after restart_events().
def loop():
    for i in range(3):
        i + 1


counts = {}


def count(code, place):
    if code is loop.__code__:
        counts[place - code.co_firstlineno] = counts.get(place - code.co_firstlineno, 0) + 1
    return monitoring.DISABLE


monitoring.register_callback(TOOL, E.LINE, count)
monitoring.set_events(TOOL, E.LINE)
loop()
loop()
monitoring.restart_events()
loop()
monitoring.set_events(TOOL, 0)
print(counts)


# What cannot be disabled takes the callback away.
def disable(*args):
    return monitoring.DISABLE


monitoring.register_callback(TOOL, E.RAISE, disable)
monitoring.set_events(TOOL, E.RAISE)
try:
    thrower()
except ValueError as e:
    message = str(e)
monitoring.set_events(TOOL, 0)
print(message, monitoring.register_callback(TOOL, E.RAISE, None))


# Events of one code only; of two tools.
heard = []
monitoring.register_callback(TOOL, E.LINE, lambda code, line: heard.append(("test", line - code.co_firstlineno)))
monitoring.register_callback(OTHER, E.LINE, lambda code, line: heard.append(("other", line - code.co_firstlineno)))
monitoring.set_local_events(TOOL, thrower.__code__, E.LINE)
monitoring.set_local_events(OTHER, thrower.__code__, E.LINE | E.PY_START)
print(monitoring.get_local_events(OTHER, thrower.__code__), monitoring.get_local_events(OTHER, loop.__code__), monitoring._all_events())
loop()
try:
    thrower()
except ValueError:
    pass
monitoring.set_local_events(TOOL, thrower.__code__, 0)
monitoring.set_local_events(OTHER, thrower.__code__, 0)
print(heard)


# A callback that raises; all threads are heard of.
def refuse(code, offset):
    if code is loop.__code__:
        raise RuntimeError("refused")


monitoring.register_callback(TOOL, E.PY_START, refuse)
monitoring.set_events(TOOL, E.PY_START)
try:
    loop()
except RuntimeError as e:
    print(repr(e))
monitoring.set_events(TOOL, 0)

threads = set()


def note(code, offset):
    if code is loop.__code__:
        threads.add(threading.current_thread().name)


monitoring.register_callback(TOOL, E.PY_START, note)
monitoring.set_events(TOOL, E.PY_START)
worker = threading.Thread(target=loop, name="worker")
worker.start()
worker.join()
loop()
print(sorted(threads), monitoring._all_events())
monitoring.set_events(TOOL, 0)
monitoring.free_tool_id(TOOL)
print(monitoring._all_events(), monitoring.get_tool(TOOL))
