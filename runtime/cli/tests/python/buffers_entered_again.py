# A buffered stream is one thread's at a time, and never the same thread's twice.
import io
import signal
import threading
import time


def refused(call, *arguments):
    try:
        print(call(*arguments))
    except Exception as e:
        print(type(e).__name__, str(e).partition("<")[0])


class Raw(io.RawIOBase):
    """Calls back whenever it is called."""
    def __init__(self):
        self.back = lambda: None

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, target):
        self.back()
        target[:2] = b"a\n"
        return 2

    def write(self, content):
        self.back()
        return len(content)

    def seek(self, offset, whence=0):
        self.back()
        return 0

    def truncate(self, size=None):
        self.back()
        return 0


for make, calls in (
    (lambda: io.BufferedReader(Raw()), ["read(1)", "read(100)", "read1(5)", "readline()", "peek()", "readinto(bytearray(9))"]),
    (lambda: io.BufferedWriter(Raw(), 4), ["write(b'123456789')", "flush()", "truncate(0)"]),
    (lambda: io.BufferedRandom(Raw(), 4), ["write(b'123456789')", "flush()", "read(2)"]),
):
    for outer in calls:
        for inner in calls:
            stream = make()
            if "rite" in calls[0] and outer != calls[0]:
                stream.write(b"12")

            def back():
                stream.raw.back = lambda: None
                try:
                    eval("stream." + inner)
                except RuntimeError as e:
                    seen.append(str(e).partition(" <")[0])

            seen = []
            stream.raw.back = back
            eval("stream." + outer)
            print(outer, inner, seen)


class Slow(io.RawIOBase):
    def __init__(self):
        self.inside = threading.Event()
        self.written = []

    def writable(self):
        return True

    def write(self, content):
        self.inside.set()
        time.sleep(0.1)
        self.written.append(bytes(content))
        return len(content)

    def flush(self):
        self.inside.set()
        time.sleep(0.1)


# The second thread waits until the first is through, and nothing is lost or mixed.
raw = Slow()
stream = io.BufferedWriter(raw, 8)
first = threading.Thread(target=stream.write, args=(b"a" * 20,))
first.start()
raw.inside.wait()
stream.write(b"b" * 20)
first.join()
stream.flush()
print(raw.written)

# Who comes while it is being closed finds it closed.
raw = Slow()
stream = io.BufferedWriter(raw, 8)
closing = threading.Thread(target=stream.close)
closing.start()
raw.inside.wait()
refused(stream.write, b"late")
print(stream.closed)
closing.join()


# A handler runs in the middle of a call, and may not use the stream; the call fails with what the handler raises.
class Waiting(io.RawIOBase):
    def writable(self):
        return True

    def write(self, content):
        signal.raise_signal(signal.SIGUSR1)
        return len(content)


stream = io.BufferedWriter(Waiting(), 8)
signal.signal(signal.SIGUSR1, lambda *_: stream.write(b"again"))
refused(stream.write, b"0123456789")
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
refused(stream.write, b"x")
refused(stream.close)
refused(stream.write, b"x")
refused(stream.flush)
