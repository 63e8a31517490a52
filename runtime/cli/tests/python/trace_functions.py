# What trace functions do: local ones, their exceptions, beginning halfway, lines jumped to, variables set.
import sys
import threading

def here(frame):
    return frame.f_lineno - frame.f_code.co_firstlineno

def lines_of(f, *args):
    seen = []
    def local(frame, event, arg):
        seen.append((event, here(frame)))
        return local
    def begin(frame, event, arg):
        return local if frame.f_code is f.__code__ else None
    sys.settrace(begin)
    try:
        f(*args)
    finally:
        sys.settrace(None)
    return seen

def work(n):
    for i in range(n):
        n += i
    return n

print(lines_of(work, 2))
print(sys.gettrace())

# From the middle of a frame, as a debugger does that the program calls.
def set_trace(seen):
    def local(frame, event, arg):
        seen.append((event, frame.f_code.co_name, here(frame)))
        return local
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != '<module>':
        frame.f_trace = local
        frame = frame.f_back
    sys.settrace(local)

def inner(seen):
    x = 1
    set_trace(seen)
    y = 2
    return x + y

def outer():
    seen = []
    z = inner(seen)
    z += 1
    sys.settrace(None)
    return seen

print(outer())

# What a trace function raises is raised where it was called, and ends the tracing.
def victim(log):
    try:
        log.append('in try')
        log.append('still')
    except ValueError as e:
        log.append(('caught', str(e)))
    return log

for when in ('call', 'line', 'return'):
    for at in (0, 2, 3, 6):
        def raising(frame, event, arg):
            if frame.f_code is victim.__code__ and event == when and here(frame) == at:
                raise ValueError(f'{event} {at}')
            return raising
        log = []
        sys.settrace(raising)
        try:
            victim(log)
        except ValueError as e:
            log.append(('out', str(e)))
        print(when, at, log, sys.gettrace() is None)
        sys.settrace(None)

# Lines on request.
def quiet():
    a = 1
    b = 2
    return a + b

def only(kind):
    seen = set()
    def local(frame, event, arg):
        frame.f_trace_lines = kind == 'lines'
        seen.add(event)
        return local
    def begin(frame, event, arg):
        return local(frame, event, arg) if frame.f_code is quiet.__code__ else None
    sys.settrace(begin)
    quiet()
    sys.settrace(None)
    return sorted(seen)

print(only('lines'), only('none'))

# Jumps.
def jump(f, at, to, *args):
    def local(frame, event, arg):
        if event == 'line' and here(frame) == at:
            frame.f_trace = None
            frame.f_lineno = frame.f_code.co_firstlineno + to
        return local
    def begin(frame, event, arg):
        return local if frame.f_code is f.__code__ else None
    sys.settrace(begin)
    try:
        return f(*args)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    finally:
        sys.settrace(None)

def straight(log):
    log.append(1)
    log.append(2)
    log.append(3)
    return log

def loops(log):
    for i in range(3):
        log.append(i)
        log.append(-i)
    log.append('end')
    return log

def guarded(log):
    try:
        log.append(2)
        1 / 0
    except ZeroDivisionError:
        log.append(5)
        log.append(sys.exc_info()[0])
    log.append(sys.exc_info()[0])
    return log

print(jump(straight, 2, 4, []))
print(jump(straight, 2, 3, []))
print(jump(loops, 2, 4, []))
print(jump(loops, 3, 5, []))
print(jump(loops, 4, 2, []))
print(jump(guarded, 5, 7, []))
print(jump(guarded, 2, 5, []))
print(jump(guarded, 3, 7, []))
print(jump(straight, 1, 40, []))
print(jump(straight, 1, -40, []))
frame = sys._getframe()
try:
    frame.f_lineno = 3
except ValueError as e:
    print(e)

# Variables.
def variables(a):
    b = a
    def c():
        return b
    return a, b, c()

def setter(frame, event, arg):
    if frame.f_code is variables.__code__:
        if event == 'line' and here(frame) == 2:
            frame.f_locals['a'] = 'new a'
            frame.f_locals['b'] = 'new b'
        return setter

sys.settrace(setter)
print(variables('a'))
sys.settrace(None)

# Generators that delegate, left and resumed halfway.
def leaf():
    got = yield 1
    yield got

def middle():
    yield from leaf()

def root():
    yield from middle()

g = root()
print(next(g))
print(lines_of(lambda: (g.send(5), list(g))))

# Threads.
seen = []
def in_thread(frame, event, arg):
    if frame.f_code is work.__code__:
        seen.append((event, here(frame)))
        return in_thread

threading.settrace(in_thread)
t = threading.Thread(target=work, args=(1,))
t.start()
t.join()
threading.settrace(None)
print(seen, sys.gettrace())

# Deep recursion, and an end by exception.
def deep(n):
    if n:
        return deep(n - 1) + 1
    raise KeyError(n)

counts = {}
def counting(frame, event, arg):
    counts[event] = counts.get(event, 0) + 1
    return counting

sys.settrace(counting)
try:
    deep(50)
except KeyError:
    pass
sys.settrace(None)
print(sorted(counts.items()))
