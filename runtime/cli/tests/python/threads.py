"""Threads, locks, data of each thread, and what threading makes of them."""
import _thread
import io
import sys
import threading
import time

sys.setswitchinterval(1e-4)
print(sys.getswitchinterval())


def text(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


# _thread
lock = _thread.allocate_lock()
print(type(lock), lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
print(lock.release(), text(lock.release))
print(text(lock.acquire, False, 1), text(lock.acquire, True, -2), text(lock.acquire, True, 1e11))
print(text(_thread.start_new_thread, 1, ()), text(_thread.start_new_thread, print, []))
print(text(_thread.start_new_thread, print, (), 1))
print(_thread.stack_size(), _thread.stack_size(1 << 20), _thread.stack_size(0), _thread.stack_size())
print(text(_thread.stack_size, -1), text(_thread.stack_size, 4096))
print(text(_thread.exit), _thread.TIMEOUT_MAX, _thread.error)
print(repr(lock)[:31], "unlocked" in repr(lock))

done = _thread.allocate_lock()
done.acquire()
got = []


def body(*args, **kwargs):
    got.append((args, kwargs, _thread.get_ident() != threading.main_thread().ident))
    done.release()


ident = _thread.start_new_thread(body, (1, 2), {"x": 3})
done.acquire()
print(got, type(ident))

# RLock
rlock = threading.RLock()
with rlock, rlock:
    print(rlock._is_owned(), rlock._recursion_count(), repr(rlock).startswith("<locked _thread.RLock"))
print(rlock._is_owned(), text(rlock.release))


def not_mine():
    print(rlock.acquire(False), rlock.acquire(timeout=0.01), text(rlock.release))


with rlock:
    t = threading.Thread(target=not_mine)
    t.start()
    t.join()

# Turns under one lock: nothing is lost.
counter = 0
guard = threading.Lock()


def count():
    global counter
    for _ in range(300):
        with guard:
            seen = counter
            counter = seen + 1


threads = [threading.Thread(target=count, name=f"count-{i}") for i in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter, [t.name for t in threads], any(t.is_alive() for t in threads))

# Objects that threads share, and that die in others than made them.
shared, lines = {}, []


class Node:
    def __init__(self, n):
        self.n = n
        self.next = None
        self.data = [n] * 5


def build(k):
    head = None
    for i in range(120):
        node = Node((k, i))
        node.next = head
        head = node
        shared[k, i % 10] = node
        lines.append(f"{k}-{i}")
        try:
            if i % 7 == 0:
                raise ValueError(node)
        except ValueError as e:
            assert e.args[0] is node
            assert sys.exc_info()[1] is e
    n = 0
    while head:
        n += 1
        assert head.n == (k, 120 - n), (head.n, k, n)
        head = head.next
    assert n == 120


threads = [threading.Thread(target=build, args=(k,)) for k in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(shared), len(lines), len(set(lines)))
print(sorted(node.n for node in shared.values())[:3])


# Data of each thread
class Own(threading.local):
    kind = "class"

    def __init__(self, start, *, step=1):
        self.n = start
        self.step = step

    def up(self):
        self.n += self.step
        return self.n


own = Own(10, step=5)
plain = threading.local()
plain.x = "main"
print(own.up(), own.__dict__, own.kind)


def look():
    print(own.up(), own.up(), sorted(own.__dict__.items()))
    print(hasattr(plain, "x"), text(getattr, plain, "x"))
    plain.x = "thread"
    print(plain.x, plain.__dict__)
    del plain.x
    print(text(getattr, plain, "x"), text(setattr, plain, "__dict__", {}))


t = threading.Thread(target=look)
t.start()
t.join()
print(own.n, plain.x, text(threading.local, 1))

# Events, conditions, semaphores, barriers, timers
event, order = threading.Event(), []


def wait():
    order.append(event.wait())


t = threading.Thread(target=wait)
t.start()
print(event.is_set(), event.wait(0.01))
event.set()
t.join()
print(order, event.wait())

condition, items = threading.Condition(), []


def consume(results):
    for _ in range(20):
        with condition:
            condition.wait_for(lambda: items)
            results.append(items.pop(0))


results = [[], []]
threads = [threading.Thread(target=consume, args=(r,)) for r in results]
for t in threads:
    t.start()
for i in range(40):
    with condition:
        items.append(i)
        condition.notify()
for t in threads:
    t.join()
print(sorted(results[0] + results[1]) == list(range(40)), len(results[0]), len(results[1]))

semaphore, most, inside = threading.BoundedSemaphore(2), 0, 0


def enter():
    global most, inside
    with semaphore:
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.002)
        with guard:
            inside -= 1


threads = [threading.Thread(target=enter) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(most <= 2, text(semaphore.release))

barrier, met = threading.Barrier(3, action=lambda: met.append("action")), []


def meet():
    met.append(barrier.wait())


threads = [threading.Thread(target=meet) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(met[0], sorted(met[1:]), barrier.broken)

timer = threading.Timer(0.01, lambda *a: order.append(a), args=("late",))
timer.start()
timer.join()
cancelled = threading.Timer(60, order.append)
cancelled.start()
cancelled.cancel()
cancelled.join()
print(order)

# Hooks and errors
threading.excepthook = lambda args: print("hook:", args.exc_type.__name__, args.exc_value, args.thread.name)
t = threading.Thread(target=lambda: 1 / 0, name="divider")
t.start()
t.join()
threading.excepthook = threading.__excepthook__
sys.stderr = io.StringIO()


def fails():
    raise KeyError("in a thread")


t = threading.Thread(target=fails, name="failing")
t.start()
t.join()
said = sys.stderr.getvalue().splitlines()
print(said[0], said[1], said[-2].strip(), said[-1], sep="\n")
print(text(t.start), text(threading.current_thread().join))


def leaves():
    sys.exit(3)


t = threading.Thread(target=leaves)
t.start()
t.join()
print(sys.stderr.getvalue().splitlines() == said)
_thread.start_new_thread(fails, ())
while "Exception ignored" not in sys.stderr.getvalue() or "KeyError" not in sys.stderr.getvalue().splitlines()[-1]:
    time.sleep(0.001)
print(sys.stderr.getvalue().splitlines()[len(said)][:57])
sys.stderr = sys.__stderr__


# Depth is each thread's own.
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


def too_deep():
    try:
        deep(10**6)
    except RecursionError as e:
        print("RecursionError", deep(500))


t = threading.Thread(target=too_deep)
t.start()
t.join()
print(deep(500))


class Nested:
    def __repr__(self):
        return repr([self])


def nested():
    print(text(repr, Nested())[:50])


t = threading.Thread(target=nested)
t.start()
t.join()


# A generator may go on in another thread, with what it handles.
def generator():
    try:
        raise ValueError("kept")
    except ValueError:
        while True:
            yield sys.exc_info()[1]


g = generator()
print(repr(next(g)), sys.exc_info()[1])


def go_on():
    try:
        raise KeyError("mine")
    except KeyError:
        print(repr(next(g)), repr(sys.exc_info()[1]))


t = threading.Thread(target=go_on)
t.start()
t.join()

# A daemon that never ends does not keep the program.
def forever():
    while True:
        shared.clear()


threading.Thread(target=forever, daemon=True).start()
threading.Thread(target=lambda: threading.Event().wait(), daemon=True).start()


def last():
    time.sleep(0.02)
    print("the last thread is waited for")


threading.Thread(target=last).start()
print("main ends")
