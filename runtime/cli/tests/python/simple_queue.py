# `_queue`: the queue without bound, alone and between threads.
import _queue
import queue
import threading
import weakref

print(queue.SimpleQueue is _queue.SimpleQueue, queue.Empty is _queue.Empty, _queue.Empty.__module__, _queue.SimpleQueue)
q = _queue.SimpleQueue()
print(q.empty(), q.qsize(), q.put(1), q.put_nowait(2), q.put(3, False), q.put(item=4, block=True, timeout=-1), q.qsize(), q.empty())
print(q.get(), q.get(False), q.get(timeout=0), q.get_nowait(), q.empty())


def shown(f, *args, **keywords):
    try:
        print(repr(f(*args, **keywords)))
    except Exception as e:
        print(type(e).__qualname__, e)


shown(q.get_nowait)
shown(q.get, False)
shown(q.get, True, 0.01)
shown(q.get, timeout=-1)
shown(q.get, timeout="x")
shown(q.get, timeout=1e300)
shown(q.get, False, -1)
print(_queue.SimpleQueue[int])

# Many items, in their order, while some are taken.
out = []
for i in range(200):
    q.put([i])
    if i % 3 == 0:
        out.append(q.get())
while not q.empty():
    out.append(q.get())
print(out == [[i] for i in range(200)], q.qsize())


class Sub(_queue.SimpleQueue):
    pass


s = Sub()
s.name = "n"
print(s.name, weakref.ref(s)() is s, isinstance(s, _queue.SimpleQueue))

# Threads wait for items.
results, q = [], _queue.SimpleQueue()


def work():
    while (item := q.get()) is not None:
        results.append(item * item)


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for i in range(100):
    q.put(i)
for t in threads:
    q.put(None)
for t in threads:
    t.join()
print(sorted(results) == [i * i for i in range(100)], q.empty())
late = threading.Timer(0.02, q.put, ["late"])
late.start()
print(q.get(timeout=60))
