# subprocess: programs in child processes, with pipes, timeouts, environments and folders.
import os
import signal
import subprocess
import sys
import tempfile


def t(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def sh(command, **options):
    return subprocess.run(['/bin/sh', '-c', command], **options)


print(sh('echo out; echo err >&2; exit 3', capture_output=True))
print(sh('cat; echo $A', input='text\n', text=True, stdout=subprocess.PIPE, env={'A': 'variable'}).stdout)
print(sh('echo both; echo err >&2', stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout)
print(sh('pwd', cwd='/', stdout=subprocess.PIPE).stdout, sh('exit 1', stderr=subprocess.DEVNULL).returncode)
print(subprocess.check_output('echo shell $0', shell=True), subprocess.call(['true']), subprocess.getoutput('echo x'))
t(lambda: subprocess.check_call(['false']))
t(lambda: subprocess.run(['/nonexistent/program']))
t(lambda: subprocess.run(['no-such-program-in-path']))
t(lambda: subprocess.run(['true'], cwd='/nonexistent'))
t(lambda: subprocess.run(['/']))
t(lambda: sh('kill -9 $$').returncode)
for options in ({'stdout': subprocess.DEVNULL}, {'capture_output': True}):
    try:
        sh('echo early; exec sleep 10', timeout=0.5, **options)
    except subprocess.TimeoutExpired as e:
        print(type(e), e.cmd, e.stdout)


def fail():
    raise ValueError


t(lambda: subprocess.run(['true'], preexec_fn=fail))
print(sh('umask; test $$ = $(ps -o pgid= $$) 2>/dev/null; echo done', capture_output=True, umask=0o27).stdout)
print(sh('echo $X', capture_output=True, preexec_fn=lambda: os.putenv('X', 'set in the child')).stdout)
with subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
    print(p.stdin.write('line\n'), p.poll())
    print(p.communicate('more')[0], p.returncode)
p = subprocess.Popen(['sleep', '100'], start_new_session=True)
print(os.getsid(p.pid) == p.pid)
p.send_signal(signal.SIGTERM)
print(p.wait(), p)
p = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
data = b'0123456789' * 20000
out, _ = p.communicate(data)
print(out == data)
first = subprocess.Popen(['echo', 'piped'], stdout=subprocess.PIPE)
second = subprocess.Popen(['cat'], stdin=first.stdout, stdout=subprocess.PIPE)
first.stdout.close()
print(second.communicate(), first.wait())
r, w = os.pipe()
print(sh(f'echo kept >&{w}', pass_fds=[w]).returncode, os.read(r, 100), os.get_inheritable(w))
print(sh(f'echo lost >&{w}', stderr=subprocess.DEVNULL).returncode != 0)
with tempfile.TemporaryFile() as file:
    sh('echo to a file', stdout=file)
    file.seek(0)
    print(file.read())
for restore in (True, False):
    ignored = sh('grep SigIgn /proc/self/status', capture_output=True, text=True, restore_signals=restore).stdout
    print(bool(int(ignored.split()[1], 16) & 1 << signal.SIGPIPE - 1))
# The interpreter itself.
print(subprocess.run([sys.executable, '-c', 'import sys; print(sys.argv[1:]); sys.exit(4)', 'a', 'b c'], stdout=subprocess.PIPE).stdout)
print(subprocess.run([sys.executable, '-c', 'import os; os.kill(os.getpid(), 15)']).returncode)
print(os.popen('echo popen').read(), os.popen('exit 3').close())
