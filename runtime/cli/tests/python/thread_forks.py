"""fork in a program with threads: the child has the one that forked."""
import os
import sys
import threading

stop = threading.Event()
threads = [threading.Thread(target=stop.wait) for _ in range(3)]
for t in threads:
    t.start()


def fork(what):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        print(what, threading.active_count(), threading.current_thread() is threading.main_thread())
        t = threading.Thread(target=lambda: print("a thread of the child", threading.active_count()))
        t.start()
        t.join()
        print([t.is_alive() for t in threads])
        sys.stdout.flush()
        os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), threading.active_count() >= 4)


import warnings

warnings.simplefilter("ignore")
fork("from the main thread")
t = threading.Thread(target=fork, args=("from another",))
t.start()
t.join()
stop.set()
for t in threads:
    t.join()
print(threading.active_count())
