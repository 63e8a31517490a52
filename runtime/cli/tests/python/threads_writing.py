"""Threads that write to one stream: each line comes once."""
import os
import _thread

path = os.path.join(os.environ.get("TMPDIR", "/tmp"), "threads-writing-%d" % os.getpid())
ready, done = _thread.allocate_lock(), []


def run(stream, n):
    with ready:
        pass
    stream.write("Thread%03d\n" % n)
    done.append(n)


for repetition in range(3):
    with open(path, "w", buffering=1) as stream:
        done.clear()
        ready.acquire()
        for n in range(10):
            _thread.start_new_thread(run, (stream, n))
        ready.release()
        while len(done) < 10:
            pass
    with open(path) as stream:
        print(sorted(stream.read().split()) == ["Thread%03d" % n for n in range(10)])
os.remove(path)
