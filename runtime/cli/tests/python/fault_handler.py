# `faulthandler`: where a program stands, told to descriptors.
import faulthandler
import io
import os
import re
import signal
import sys
import threading


def tried(f, *arguments, **keywords):
    try:
        print(f.__name__, f(*arguments, **keywords))
    except Exception as e:
        print(f.__name__, type(e).__name__, e)


def written(reader, times=1):
    # CPython writes line by line, another thread even while this one reads.
    text = ''
    while text.count('in <module>') < times:
        text += os.read(reader, 100000).decode()
    return re.sub('0x[0-9a-f]{16}', '0x...', text).replace(os.path.dirname(os.path.abspath(__file__)), '')


class Numbered:
    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd


tried(faulthandler.is_enabled)
tried(faulthandler.disable)
tried(faulthandler.enable)
tried(faulthandler.is_enabled)
tried(faulthandler.enable, 2, False)
tried(faulthandler.disable)
tried(faulthandler.is_enabled)
tried(faulthandler.dump_traceback, -1)
tried(faulthandler.dump_traceback, 'x')
tried(faulthandler.dump_traceback, io.StringIO())
tried(faulthandler.dump_traceback, Numbered('x'))
tried(faulthandler.dump_traceback, Numbered(-1))

reader, writer = os.pipe()


def inner(all_threads):
    faulthandler.dump_traceback(writer, all_threads=all_threads)


def generator():
    yield inner(False)


class C:
    def method(self):
        [inner(True) for _ in range(1)]
        next(generator())


C().method()
print(written(reader))


def deep(n):
    if n:
        deep(n - 1)
    else:
        faulthandler.dump_traceback(Numbered(writer), False)


deep(150)
text = written(reader, 0) or os.read(reader, 100000).decode()
print(text.count('\n'), text[-36:])
exec(compile('def f\xe9(): faulthandler.dump_traceback(writer, False)', 'na\xefve \u20ac.py', 'exec'))
globals()['f\xe9']()
print(written(reader))

ready, done = threading.Event(), threading.Event()


def waiting():
    ready.set()
    done.wait()


thread = threading.Thread(target=waiting)
thread.start()
ready.wait()
faulthandler.dump_traceback(writer)
text = written(reader)
print(text.count('most recent call first'), re.findall(r'^Thread.*|^Current.*|line \d+ in waiting', text, re.M))
done.set()
thread.join()

tried(faulthandler.dump_traceback_later, 0)
tried(faulthandler.dump_traceback_later, -1)
tried(faulthandler.dump_traceback_later, 'x')
tried(faulthandler.dump_traceback_later, 3600, file=Numbered('x'))
tried(faulthandler.dump_traceback_later, 3600, file=writer)
tried(faulthandler.cancel_dump_traceback_later)
tried(faulthandler.cancel_dump_traceback_later)


def waits_for_timeout():
    faulthandler.dump_traceback_later(0.01, file=writer)
    return written(reader)


print(threading.active_count(), waits_for_timeout())
faulthandler.dump_traceback_later(0.01, repeat=True, file=writer)
print(written(reader, 3).count('Timeout (0:00:00.010000)!\n') >= 3)
faulthandler.cancel_dump_traceback_later()
reader, writer = os.pipe()

tried(faulthandler.register, 0)
tried(faulthandler.register, 999)
tried(faulthandler.register, signal.SIGSEGV)
tried(faulthandler.register, signal.SIGKILL)
tried(faulthandler.unregister, signal.SIGUSR1)
tried(faulthandler.unregister, signal.SIGSEGV)
tried(faulthandler.register, signal.SIGUSR1, writer, False)


def sends(number):
    signal.raise_signal(number)


os.set_blocking(reader, False)
sends(signal.SIGUSR1)
print(written(reader))
tried(faulthandler.unregister, signal.SIGUSR1)
print(signal.getsignal(signal.SIGUSR1))
signal.signal(signal.SIGUSR2, lambda number, frame: print('handled', number == signal.SIGUSR2))
for chain in False, True:
    faulthandler.register(signal.SIGUSR2, writer, False, chain)
    sends(signal.SIGUSR2)
    print(written(reader).count('in sends'))
    tried(faulthandler.unregister, signal.SIGUSR2)
sends(signal.SIGUSR2)
try:
    written(reader)
except BlockingIOError:
    print('nothing')
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
faulthandler.register(signal.SIGUSR2, writer, False, True)
sends(signal.SIGUSR2)
print(written(reader).count('in sends'))

sys.stderr = None
tried(faulthandler.enable)
del sys.stderr
tried(faulthandler.enable)
