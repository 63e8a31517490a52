# select, poll, epoll, fcntl, termios, pwd, grp, resource.
import array
import fcntl
import grp
import os
import pwd
import resource
import select
import signal
import struct
import syslog
import termios
import time


def t(f):
    try:
        print(f())
    except (Exception, termios.error) as e:
        print(type(e).__name__, e)


for m in (select, fcntl, termios, pwd, grp, resource, syslog):
    print(m.__name__, sorted((n, getattr(m, n) if isinstance(getattr(m, n), int) else type(getattr(m, n)).__name__)
                             for n in dir(m) if not n.startswith('__')))

r, w = os.pipe()
print((r, w))
t(lambda: select.select(1, 2, 3))
t(lambda: select.select([r], [w], [], 'a'))
t(lambda: select.select([r], [w], [], -1))
t(lambda: select.select([2000], [], []))
t(lambda: select.select(['a'], [], []))
t(lambda: select.select([-1], [], [], 0))
t(lambda: select.select([r], [w], [], 0))
t(lambda: select.select([r], [], [], 0.01))
p = select.poll()
t(lambda: p.register('a'))
t(lambda: p.register(-1))
t(lambda: p.modify(3000, 1))
t(lambda: p.unregister(3000))
t(lambda: p.register(w, 2**16))
t(lambda: p.register(w, -1))
t(lambda: p.poll('a'))
t(lambda: p.poll(2**40))
t(lambda: p.register(w))
t(lambda: p.poll(0))
t(lambda: p.poll(-5.5))
t(lambda: p.register(r, select.POLLIN))
os.write(w, b'x')
t(lambda: sorted(p.poll(None)))
t(lambda: p.modify(w, 0))
t(lambda: p.poll(1.5))
os.read(r, 1)
t(lambda: p.poll(1.5))
t(lambda: p.unregister(r))

e = select.epoll()
t(lambda: e.register(w))
t(lambda: e.register(w))
t(lambda: e.modify(r, 1))
t(lambda: e.unregister(r))
t(lambda: e.poll(0))
t(lambda: e.poll(0, 0))
t(lambda: e.poll(0, -2))
t(lambda: e.poll('a'))
t(lambda: e.modify(w, select.EPOLLOUT | select.EPOLLONESHOT))
t(lambda: (e.poll(1), e.poll(0.01)))
f = select.epoll.fromfd(os.dup(e.fileno()))
t(lambda: f.modify(w, select.EPOLLIN))
with f:
    print(f.closed, f.poll(timeout=0, maxevents=3))
print(f.closed)
e.close()
e.close()
t(lambda: e.poll())
t(lambda: e.fileno())
t(lambda: e.closed)
t(lambda: e.register(w))
t(lambda: select.epoll(0))
t(lambda: select.epoll(-2))
t(lambda: select.epoll(flags=5))
t(lambda: select.epoll.fromfd('a'))

# Signals run their handlers while it waits, and it goes on.
came = []
signal.signal(signal.SIGALRM, lambda *_: came.append(1))
for wait in (lambda: select.select([r], [], [], 0.2), lambda: p.poll(200), lambda: select.epoll().poll(0.2)):
    p.modify(w, 0)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    start = time.monotonic()
    result = wait()
    took = time.monotonic() - start
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(result, took >= 0.19, bool(came))
    came.clear()

t(lambda: fcntl.fcntl('a', 1))
t(lambda: fcntl.fcntl(w, fcntl.F_GETFD, 'x' * 2000))
t(lambda: fcntl.fcntl(w, fcntl.F_GETFL))
t(lambda: fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK))
t(lambda: fcntl.fcntl(w, fcntl.F_GETFL) & os.O_NONBLOCK != 0)
t(lambda: fcntl.fcntl(w, fcntl.F_GETFL, []))
t(lambda: fcntl.ioctl(w, termios.TIOCGWINSZ, b'12345678'))
os.set_blocking(w, True)
os.write(w, b'abc')
buffer = bytearray(4)
t(lambda: (fcntl.ioctl(r, termios.FIONREAD, buffer), struct.unpack('i', buffer)))
t(lambda: fcntl.ioctl(r, termios.FIONREAD, b'1234'))
t(lambda: (fcntl.ioctl(r, termios.FIONREAD, bytearray(4), False)))
t(lambda: fcntl.flock(w, 99))
t(lambda: fcntl.lockf(w, 0))
t(lambda: fcntl.ioctl(w, 'a'))
t(lambda: fcntl.ioctl(w, 1, []))
t(lambda: fcntl.flock(-1, 1))
with open('/dev/null') as file:
    t(lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB))
    t(lambda: fcntl.flock(file, fcntl.LOCK_UN))
m = os.memfd_create('locked')
t(lambda: fcntl.lockf(m, fcntl.LOCK_EX, 10, 5, 0))
lock = fcntl.fcntl(m, fcntl.F_GETLK, struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0))
t(lambda: struct.unpack('hhqqi', lock)[0] == fcntl.F_UNLCK)
t(lambda: fcntl.lockf(m, fcntl.LOCK_UN))

t(lambda: pwd.getpwnam('no such user'))
t(lambda: pwd.getpwuid(99999))
t(lambda: pwd.getpwuid('a'))
t(lambda: pwd.getpwnam(3))
t(lambda: pwd.getpwnam(pwd.getpwuid(0).pw_name))
t(lambda: pwd.getpwuid(0) in pwd.getpwall())
t(lambda: pwd.getpwuid(-1))
t(lambda: pwd.getpwuid(2**40))
t(lambda: pwd.getpwnam('a\0'))
t(lambda: grp.getgrnam('no such group'))
t(lambda: grp.getgrgid(99999))
t(lambda: grp.getgrgid(0) in grp.getgrall())
t(lambda: grp.getgrnam(grp.getgrgid(0).gr_name).gr_gid)
t(lambda: grp.getgrgid(1.5))
t(lambda: grp.getgrnam(b'a'))

t(lambda: termios.tcgetattr(w))
t(lambda: termios.tcgetattr('a'))
t(lambda: termios.tcsetattr(w, 0, 3))
t(lambda: termios.tcsetattr(w, 0, [1, 2, 3, 4, 5, 6, 7]))
t(lambda: termios.tcsendbreak(w, 0))
t(lambda: termios.tcgetwinsize(w))
t(lambda: termios.tcsetwinsize(w, 3))
t(lambda: termios.tcsetwinsize(w, (1, 2, 3)))
own, other = os.openpty()
modes = termios.tcgetattr(other)
print(modes)
t(lambda: termios.tcsetattr(other, termios.TCSANOW, modes))
modes[6][0] = 'ab'
t(lambda: termios.tcsetattr(other, termios.TCSANOW, modes))
t(lambda: termios.tcgetwinsize(other))
t(lambda: termios.tcsetwinsize(other, (3, 4)))
t(lambda: (termios.tcgetwinsize(other), os.get_terminal_size(other)))
t(lambda: termios.tcsetattr(other, 99, termios.tcgetattr(other)))
modes = termios.tcgetattr(other)
modes[3] &= ~termios.ICANON
termios.tcsetattr(other, termios.TCSADRAIN, modes)
print(termios.tcgetattr(other)[6][4:7], termios.tcdrain(other), termios.tcflush(other, termios.TCIFLUSH))

print(len(resource.getrusage(resource.RUSAGE_SELF)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
t(lambda: resource.getrusage(99))
t(lambda: resource.getrlimit(99))
soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
t(lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, hard)))
t(lambda: resource.getrlimit(resource.RLIMIT_CORE) == (0, hard) == resource.prlimit(0, resource.RLIMIT_CORE))
t(lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 0)))
t(lambda: resource.setrlimit(resource.RLIMIT_CORE, (1,)))
t(lambda: resource.getpagesize() == os.sysconf('SC_PAGESIZE'))
t(lambda: (syslog.LOG_MASK(3), syslog.LOG_UPTO(3)))
