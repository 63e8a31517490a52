# posix on files, descriptors and processes: what works.
import os
import posix
import stat
import sys
import tempfile

print(sorted(n for n in dir(posix) if not n.startswith('_')))
print(sorted(posix._have_functions))
print(sorted(f.__name__ for f in os.supports_dir_fd))
print(sorted(f.__name__ for f in os.supports_fd))
print(sorted(f.__name__ for f in os.supports_follow_symlinks))
print(sorted(os.sysconf_names.items()), sorted(os.confstr_names.items()), sorted(os.pathconf_names.items()))

folder = tempfile.mkdtemp()
os.chdir(folder)
here = os.open('.', os.O_RDONLY)

# Files, by path, by descriptor, relative to a folder.
fd = os.open('file', os.O_RDWR | os.O_CREAT, 0o640, dir_fd=here)
print(os.write(fd, b'0123456789'), os.pread(fd, 4, 3), os.pwrite(fd, b'abc', 2), os.lseek(fd, 0, os.SEEK_SET))
first, second = bytearray(3), bytearray(20)
print(os.readv(fd, [first, memoryview(second)[1:]]), first, second)
print(os.writev(fd, [b'XY', bytearray(b'Z'), memoryview(b'more')[1:]]), os.preadv(fd, [first], 9), first)
print(os.pwritev(fd, [b'!'], 0), os.pread(fd, 99, 0))
s = os.stat('file')
print(s == os.stat(fd), s == os.stat('file', dir_fd=here), os.fstat(fd) == os.lstat(b'file'), s.st_size, s.st_nlink)
print(stat.filemode(s.st_mode), s.st_mtime_ns // 10**9 == int(s.st_mtime) == s[8], s.st_uid == os.getuid())
os.utime('file', (1.5, 2))
print(os.stat('file').st_atime, os.stat('file').st_mtime_ns)
os.utime(fd, ns=(10**9 + 1, -1))
print(os.stat('file').st_atime_ns, os.stat('file').st_mtime_ns)
os.utime('file', dir_fd=here, ns=(5, 6))
print(os.stat('file').st_atime_ns, os.stat('file').st_mtime_ns)
os.chmod('file', 0o600)
os.chmod(fd, 0o604)
os.fchmod(fd, 0o644)
print(oct(os.stat('file').st_mode), os.access('file', os.R_OK), os.access('none', os.F_OK), os.access('file', os.X_OK, dir_fd=here))
os.truncate('file', 5)
os.truncate(fd, 4)
os.ftruncate(fd, 3)
print(os.stat(fd).st_size)
os.chown('file', -1, -1)
os.lchown('file', os.getuid(), os.getgid())
os.posix_fallocate(fd, 0, 10)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)
os.fsync(fd), os.fdatasync(fd)
print(os.stat(fd).st_size, os.get_inheritable(fd), os.get_blocking(fd))

# Links.
os.link('file', 'hard', src_dir_fd=here)
os.symlink('file', 'soft')
os.symlink(b'nowhere', b'dangling', dir_fd=here)
print(os.readlink('soft'), os.readlink(b'dangling'), os.stat('soft').st_nlink, os.lstat('soft').st_size)
print(os.stat('dangling', follow_symlinks=False).st_size, os.path.exists('dangling'), os.path.lexists('dangling'))
os.link('soft', 'second', follow_symlinks=False)
os.utime('soft', ns=(7, 8), follow_symlinks=False)
print(os.lstat('soft').st_mtime_ns, os.stat('soft').st_mtime_ns != 8)
try:
    os.mkdir('sub', 0o700)
    os.mkdir('sub')
except FileExistsError as e:
    print(e)
os.mkfifo('fifo', 0o600)
print(stat.filemode(os.stat('fifo').st_mode))

# Directories.
print(sorted(os.listdir()), sorted(os.listdir(b'.'))[0], sorted(os.listdir(here)) == sorted(os.listdir(folder)))
with os.scandir(folder) as entries:
    for e in sorted(entries, key=lambda e: e.name):
        print(e, e.is_dir(), e.is_file(), e.is_symlink(), e.is_file(follow_symlinks=False), e.path == os.path.join(folder, e.name))
        print(e.inode() == e.stat(follow_symlinks=False).st_ino, os.fspath(e) == e.path, e.is_junction())
print([e.path for e in os.scandir() if e.name == 'sub'], [e.path for e in os.scandir(b'sub/..') if e.name == b'sub'])
print([(e.path, e.is_dir(), e.stat().st_mode == os.stat('sub').st_mode) for e in os.scandir(here) if e.name == 'sub'])
for e in os.scandir():
    if e.name == 'dangling':
        print(e.is_file(), e.is_dir())
        try:
            e.stat()
        except FileNotFoundError as error:
            print(error)
os.rename('second', 'third', src_dir_fd=here, dst_dir_fd=here)
os.replace('third', 'hard')
for name in ('file', 'hard', 'soft', 'dangling', 'fifo'):
    os.unlink(name, dir_fd=here)
os.rmdir('sub', dir_fd=here)
odd = os.fsdecode(b'\xff\xe9.txt')
os.close(os.open(odd, os.O_CREAT | os.O_WRONLY))
print(ascii(os.listdir()), os.listdir(b'.'), os.path.exists(odd))
os.remove(odd)

# Descriptors.
r, w = os.pipe()
print(os.get_inheritable(r), os.set_inheritable(r, True), os.get_inheritable(r), os.isatty(r))
copy = os.dup(w)
print(os.write(copy, b'pipe'), os.read(r, 10), os.dup2(r, copy) == copy, os.get_inheritable(copy))
os.close(copy)
r2, w2 = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
try:
    os.read(r2, 1)
except BlockingIOError as e:
    print(e)
os.pwrite(fd, b'content here', 0)
print(os.sendfile(w, fd, 0, 7), os.read(r, 100), os.splice(fd, w, 3, offset_src=2), os.read(r, 100))
m = os.memfd_create('memory')
o = os.open('copy', os.O_RDWR | os.O_CREAT)
print(os.copy_file_range(fd, o, 7, 0, 0), os.pread(o, 99, 0), os.write(m, b'memory'))
e = os.eventfd(3)
os.eventfd_write(e, 4)
print(os.eventfd_read(e))
os.lockf(fd, os.F_LOCK, 4), os.lockf(fd, os.F_ULOCK, 4)
own, other = os.openpty()
print(os.isatty(own), os.ttyname(other).startswith('/dev/'), os.get_terminal_size(own), os.get_inheritable(own))
print(os.statvfs('/').f_bsize == os.fstatvfs(fd).f_bsize or True, len(os.statvfs('/')), os.statvfs('/').f_namemax)
os.closerange(e, e + 1)
try:
    os.eventfd_read(e)
except OSError as error:
    print(error)


# Processes.
def child(f):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            code = f()
        except BaseException as e:
            print(type(e), e, flush=True)
            code = 99
        os._exit(code or 0)
    return pid


print(os.waitstatus_to_exitcode(os.waitpid(child(lambda: 7), 0)[1]))
print(os.waitstatus_to_exitcode(os.wait4(child(lambda: os.kill(os.getpid(), 9)), 0)[1]))
pid = child(lambda: 5)
result = os.waitid(os.P_PID, pid, os.WEXITED)
print(result.si_pid == pid, result.si_status, result.si_code == os.CLD_EXITED)
print(os.waitpid(child(lambda: os.execv('/bin/sh', ['sh', '-c', 'exit 3'])), 0)[1])
env = {'A': 'b', b'C': 'd'}
print(os.waitpid(child(lambda: os.execve('/bin/sh', ['sh', '-c', 'test "$A$C" = bd'], env)), 0)[1])
shell = os.open('/bin/sh', os.O_RDONLY)
print(os.waitpid(child(lambda: os.execve(shell, ['sh', '-c', 'exit 4'], {})), 0)[1])
print(os.spawnv(os.P_WAIT, '/bin/sh', ['sh', '-c', 'exit 6']), os.spawnlp(os.P_WAIT, 'sh', 'sh', '-c', 'exit 8'))
out = os.open('out', os.O_RDWR | os.O_CREAT)
pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'echo $A; echo $0 >&3'], {'A': 'spawned'},
                     file_actions=[(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_OPEN, 3, 'out3', os.O_WRONLY | os.O_CREAT, 0o600)],
                     setsigmask=[10], setsigdef=[13], setpgroup=0, resetids=True)
print(os.waitpid(pid, 0)[1], os.pread(out, 99, 0), open('out3').read())
print(os.waitpid(os.posix_spawnp('true', ['true'], os.environ), 0)[1])
print(os.system('exit 5'))


def say(text):
    return lambda: print(text, flush=True)


os.register_at_fork(before=say('before 1'), after_in_child=say('child 1'), after_in_parent=lambda: seen.append('parent'))
seen = []
os.register_at_fork(before=say('before 2'), after_in_child=lambda: 1 / 1)
os.waitpid(child(lambda: os.read(r2, 0)), 0)
print(seen)
print(os.getpgid(0) == os.getpgrp(), os.getsid(0) == os.getsid(os.getpid()), os.getpid() != os.getppid(), len(os.getresuid()), os.getresgid()[0] == os.getgid())
print(os.getpriority(os.PRIO_PROCESS, 0) == os.nice(0), len(os.getloadavg()), os.cpu_count() >= len(os.sched_getaffinity(0)))
print(os.sched_get_priority_max(os.SCHED_FIFO), os.sched_getparam(0), len(os.urandom(5)), len(os.getrandom(3, os.GRND_NONBLOCK)))
os.sched_setaffinity(0, os.sched_getaffinity(0))
os.environ['PUT'] = 'value'
print(os.system('test "$PUT" = value'))
del os.environ['PUT']
print(os.system('test -z "$PUT"'), os.umask(0o22) is not None, len(os.times()), os.uname().sysname)
os.chdir('/')
for name in os.listdir(folder):
    os.unlink(os.path.join(folder, name))
os.rmdir(folder)
