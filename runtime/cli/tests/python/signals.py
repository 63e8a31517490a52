# Signals: handlers run in the main thread at the next poll, calls that wait go on after them.
import _signal
import signal
import os
import time

print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM))
print(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGXFSZ), signal.getsignal(signal.SIGSEGV))
print(sorted(n for n in dir(_signal) if not n.startswith('_')))

came = []


def handler(number, frame):
    came.append((signal.Signals(number).name, frame.f_code.co_name if frame is not None else None))


print(signal.signal(signal.SIGUSR1, handler))
print(signal.getsignal(signal.SIGUSR1) is handler)


def send(number):
    os.kill(os.getpid(), number)
    for _ in range(10):
        pass


send(signal.SIGUSR1)
print([name for name, _ in came], 'send' in [where for _, where in came])
came.clear()
signal.raise_signal(signal.SIGUSR1)
print([name for name, _ in came])
print(signal.signal(signal.SIGUSR1, signal.SIG_IGN) is handler)
send(signal.SIGUSR1)
print(signal.signal(signal.SIGUSR1, signal.SIG_DFL))

# SIGINT.
try:
    send(signal.SIGINT)
except KeyboardInterrupt as e:
    print('KeyboardInterrupt', e.args)
try:
    signal.default_int_handler(signal.SIGINT, None)
except KeyboardInterrupt:
    print('again')


# An error of a handler comes out where the program was; other signals are not lost.
def failing(number, frame):
    raise ValueError(number == signal.SIGUSR1)


signal.signal(signal.SIGUSR1, failing)
signal.signal(signal.SIGUSR2, handler)
came.clear()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2])
os.kill(os.getpid(), signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGUSR2)
print(sorted(signal.sigpending()))
try:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1, signal.SIGUSR2])
except ValueError as e:
    print('ValueError', e)
for _ in range(10):
    pass
print([name for name, _ in came])

# Waiting for blocked signals.
print(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGRTMIN}))
signal.raise_signal(signal.SIGUSR1)
print(repr(signal.sigwait([signal.SIGUSR1, signal.SIGUSR2])))
os.kill(os.getpid(), signal.SIGUSR1)
info = signal.sigwaitinfo({signal.SIGUSR1})
print(info.si_signo == signal.SIGUSR1, info.si_pid == os.getpid(), info.si_uid == os.getuid(), info.si_errno)
print(signal.sigtimedwait([signal.SIGUSR1], 0), signal.sigtimedwait([signal.SIGUSR1], 0.01))
try:
    signal.sigtimedwait([signal.SIGUSR1], -1)
except ValueError as e:
    print(e)
print(sorted(signal.pthread_sigmask(signal.SIG_SETMASK, []))[0])

# Timers.
came.clear()
signal.signal(signal.SIGALRM, handler)
print(signal.setitimer(signal.ITIMER_REAL, 0.02))
start = time.monotonic()
time.sleep(0.1)
print([name for name, _ in came], time.monotonic() - start >= 0.1)
print(signal.getitimer(signal.ITIMER_REAL))
print(signal.setitimer(signal.ITIMER_REAL, 100, 50), [round(t) for t in signal.setitimer(signal.ITIMER_REAL, 0)])
print(signal.alarm(10), signal.alarm(0) in (9, 10))
try:
    signal.setitimer(99, 1)
except signal.ItimerError as e:
    print(type(e), issubclass(signal.ItimerError, OSError), e.errno)
came.clear()
# Again and again, in case one comes before the call that waits.
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0)
print(came[0][0])

# A read goes on after the handler ran.
r, w = os.pipe()
signal.signal(signal.SIGALRM, lambda number, frame: os.write(w, b'from the handler'))
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(os.read(r, 100))


def stop(number, frame):
    raise ZeroDivisionError


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.2)
try:
    os.read(r, 100)
except ZeroDivisionError:
    signal.setitimer(signal.ITIMER_REAL, 0)
    print('ZeroDivisionError')

# The descriptor that wakes an event loop.
try:
    signal.set_wakeup_fd(w)
except ValueError as e:
    print(str(e).replace(str(w), 'W'))
os.set_blocking(w, False)
print(signal.set_wakeup_fd(w))
signal.signal(signal.SIGUSR1, handler)
signal.raise_signal(signal.SIGUSR1)
print(os.read(r, 100), signal.set_wakeup_fd(-1) == w)

# Errors.
for call in (
    lambda: signal.signal(0, handler),
    lambda: signal.signal(65, handler),
    lambda: signal.signal(signal.SIGKILL, handler),
    lambda: signal.signal(signal.SIGUSR1, None),
    lambda: signal.signal(signal.SIGUSR1, 7),
    lambda: signal.getsignal(-1),
    lambda: signal.sigwait([99]),
    lambda: signal.strsignal(0),
    lambda: signal.siginterrupt(0, True),
    lambda: signal.raise_signal(99),
    lambda: signal.set_wakeup_fd(1000),
    lambda: signal.pthread_sigmask(99, []),
):
    try:
        print(call())
    except (OSError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(signal.strsignal(signal.SIGINT), signal.strsignal(signal.SIGCHLD))
valid = signal.valid_signals()
print(len(valid), signal.SIGINT in valid, 32 in valid, 64 in valid)
print(signal.Handlers.SIG_DFL, signal.Sigmasks.SIG_BLOCK, signal.NSIG, signal.SIGRTMAX)
signal.siginterrupt(signal.SIGUSR1, False)
print(signal.struct_siginfo(range(7)))
