# What posix says about arguments and files that are not as they should be.
import os
import posix


def t(f):
    try:
        print(f())
    except (Exception, SystemExit) as e:
        print(type(e).__name__, e)


t(lambda: os.stat('a\0b'))
t(lambda: os.stat([]))
t(lambda: os.listdir(1.5))
t(lambda: os.unlink(3))
t(lambda: os.stat('a', dir_fd='x'))
t(lambda: os.stat(0, dir_fd=3))
t(lambda: os.stat(1, follow_symlinks=False))
t(lambda: os.stat(2**40))
t(lambda: os.stat('a', dir_fd=2**40))
t(lambda: os.chown('a', 'b', 1))
t(lambda: os.chown('a', -2, 1))
t(lambda: os.open('/nonexistent\0', 0))
t(lambda: os.mkdir(b'x\0'))
for f in (
    lambda: os.sysconf('foo'),
    lambda: os.sysconf(1.5),
    lambda: os.sysconf(9999),
    lambda: os.sysconf('SC_PAGE_SIZE') == os.sysconf(30),
    lambda: os.pathconf('.', 'foo'),
    lambda: os.pathconf('/nonexistent', 'PC_NAME_MAX'),
    lambda: os.pathconf('/', 'PC_NAME_MAX'),
    lambda: os.confstr('x'),
    lambda: os.confstr([]),
    lambda: os.confstr('CS_PATH'),
):
    t(f)
for f in (
    lambda: os.execv('a', 'b'),
    lambda: os.execv('a', []),
    lambda: os.execv('a', ['']),
    lambda: os.execv('a', ['x', 3]),
    lambda: os.execv('/nonexistent', ['x']),
    lambda: os.execve('a', [], {}),
    lambda: os.execve('a', ['x'], 3),
    lambda: os.execve('a', ['x'], {'a=b': 'c'}),
    lambda: os.execve('a', 'x', {}),
    lambda: os.execve('a', ['x'], {'a': 3}),
    lambda: os.execve('/nonexistent', ['x'], {'a': 'b'}),
):
    t(f)
for status in (256, 9, 0x137F, 1.5, 0xFFFF):
    t(lambda: os.waitstatus_to_exitcode(status))
t(lambda: os.WIFEXITED('a'))
t(lambda: (os.WEXITSTATUS(256), os.WIFEXITED(256), os.WIFSIGNALED(9), os.WTERMSIG(9), os.WIFSTOPPED(0x137F)))
t(lambda: (os.WSTOPSIG(0x137F), os.WCOREDUMP(0x80 | 11), os.WIFCONTINUED(0xFFFF)))
t(lambda: os.readv(0, 3))
t(lambda: os.readv(0, [b'x']))
t(lambda: os.writev(1, 3))
t(lambda: os.writev(1, [3]))
for options in (
    {'file_actions': [(5,)]},
    {'file_actions': [3]},
    {'file_actions': [(0,)]},
    {'file_actions': 3},
    {'file_actions': [(posix.POSIX_SPAWN_CLOSE,)]},
    {'file_actions': [(posix.POSIX_SPAWN_CLOSE, 'a')]},
    {'file_actions': [(posix.POSIX_SPAWN_DUP2, 1)]},
    {'setsigmask': [99]},
    {},
):
    t(lambda: os.posix_spawn('/nonexistent', ['b'], {}, **options))
t(lambda: os.posix_spawn('a', [], {}))
t(lambda: os.posix_spawn('a', 'b', {}))
t(lambda: os.posix_spawn('a', ['b'], 3))
t(lambda: os.register_at_fork())
t(lambda: os.register_at_fork(before=3))
t(lambda: os.register_at_fork(3))
t(lambda: os.sched_param())
t(lambda: os.sched_param(1))
t(lambda: os.sched_param(sched_priority=1))
t(lambda: os.sched_setaffinity(0, [-1]))
t(lambda: os.sched_setaffinity(0, 3))
t(lambda: os.sched_setaffinity(0, []))
t(lambda: os.sched_setscheduler(0, 0, 3))
t(lambda: os.sched_getscheduler(0) == os.SCHED_OTHER)
for times in ((1,), 3, ('a', 2), (float('nan'), 2)):
    t(lambda: os.utime('/', times))
t(lambda: os.utime('/', ns=3))
t(lambda: os.utime('/', (1, 2), ns=(3, 4)))
t(lambda: os.utime('/', ns=(1.5, 2)))
t(lambda: os.stat_result(range(10)))
t(lambda: os.stat_result(range(19)).st_atime_ns)
t(lambda: os.setgroups(3))
t(lambda: (os.major(2049), os.minor(2049), os.makedev(8, 1)))
t(lambda: os.major(2**70))
t(lambda: os.ctermid())
r, w = os.pipe()
t(lambda: os.ttyname(r))
t(lambda: os.fsync('a'))
t(lambda: os.fsync(r))
t(lambda: os.fsync(2**40))
t(lambda: os.fdatasync(-1))
t(lambda: os.fchdir('a'))
t(lambda: os.close('a'))
t(lambda: os.dup2(1, -1))
t(lambda: os.read(r, -1))
t(lambda: os.getrandom(-1))
t(lambda: os.urandom(-1))
t(lambda: os.fstat('a'))
t(lambda: os.fstat(1000))
t(lambda: os.lseek(r, 'a', 0))
t(lambda: os.lseek(r, 0, 0))
t(lambda: os.kill('a', 1))
t(lambda: os.chmod('/tmp', 'a'))
t(lambda: os.putenv('a\0', 'b'))
t(lambda: os.putenv(3, 'b'))
t(lambda: os.putenv('a=', 'b'))
t(lambda: os.unsetenv('a='))
t(lambda: os.getxattr('/nonexistent', 'user.x'))
t(lambda: os.mkfifo('/tmp'))
t(lambda: os.lockf(r, 0, 0))
t(lambda: os.posix_fadvise(r, 0, 0, 99))
t(lambda: os.pipe2('a'))
t(lambda: os.symlink('/tmp', '/tmp'))
t(lambda: os.link('/nonexistent/x', '/nonexistent/y'))
t(lambda: os.rename('/nonexistent/x', '/nonexistent/y'))
t(lambda: os.replace(3, 'y'))
t(lambda: os.scandir('/nonexistent'))
t(lambda: os.DirEntry())
t(lambda: next(os.scandir('/proc/self/task')).stat(3))
t(lambda: os.readlink('/proc/self/exe', dir_fd=1.5))
t(lambda: os.readlink('/'))
t(lambda: os.truncate('/nonexistent', -1))
t(lambda: os.umask('a'))
t(lambda: os.waitid(1, 2**40, 0))
t(lambda: os.waitpid(-1, 0))
t(lambda: os.wait())
t(lambda: os.wait3(0))
t(lambda: os.system(b'exit 3'))
t(lambda: os.strerror(9999))
t(lambda: os.eventfd(-1))
t(lambda: os.copy_file_range(0, 1, -1))
t(lambda: os.sendfile(w, r, None, 3))
t(lambda: os.splice(0, 1, -1))
t(lambda: os.memfd_create('a\0'))
t(lambda: os.chdir('/nonexistent'))
t(lambda: os.chdir(r))
t(lambda: os.statvfs('/nonexistent'))
