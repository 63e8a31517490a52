# The events of sys.setprofile.
import sys

log = []
def profile(frame, event, arg):
    if frame.f_code.co_filename != profile.__code__.co_filename:
        return
    if event == 'call':
        arg = None
    if event.startswith('c_'):
        arg = arg.__name__
    log.append((event, frame.f_code.co_name, arg))

def run(f, *args):
    log.clear()
    sys.setprofile(profile)
    try:
        f(*args)
    except Exception as e:
        pass
    finally:
        sys.setprofile(None)
    print('---', f.__name__)
    for line in log:
        print(line)

def natives(n):
    len([n])
    [].append(n)
    ''.join(['a'])
    str.upper('a')
    int('3')
    max(*[1, 2])
    sorted([2, 1], key=abs)
    print(end='')

def python(n):
    return callee(n) + callee(n)

def callee(n):
    return n

def failing(n):
    try:
        [].pop()
    except IndexError:
        pass
    len(n)

def generators(n):
    def g():
        yield 1
        return 2
    for x in g():
        pass
    left = g()
    next(left)
    left.close()

class C:
    def __init__(self, n):
        self.n = n
    def __add__(self, other):
        return self.n

def methods(n):
    c = C(n)
    c + c
    getattr(c, 'n')

def raises(n):
    raise ValueError

for f in (natives, python, failing, generators, methods, raises):
    run(f, 3)

print(sys.getprofile())

def bad(frame, event, arg):
    raise RuntimeError(event)

sys.setprofile(bad)
try:
    callee(1)
except RuntimeError as e:
    print(e, sys.getprofile())
