# A debugger over bdb that is told what to do.
import bdb
import sys

class Debugger(bdb.Bdb):
    def __init__(self, commands):
        super().__init__()
        self.commands = iter(commands)
        self.start = None
    def interact(self, what, frame):
        if frame.f_code.co_filename != __file__:
            return self.set_step()
        name, line = frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno
        command = next(self.commands, 'continue')
        print(what, name, line, sorted(k for k in frame.f_locals if len(k) == 1), command)
        match command:
            case 'step': self.set_step()
            case 'next': self.set_next(frame)
            case 'return': self.set_return(frame)
            case 'continue': self.set_continue()
            case 'quit': self.set_quit()
            case ('until', n): self.set_until(frame, frame.f_code.co_firstlineno + n)
            case ('break', n):
                print(self.set_break(__file__, frame.f_code.co_firstlineno + n))
                self.set_continue()
            case ('set', k, v):
                frame.f_locals[k] = v
                self.set_step()
    def user_call(self, frame, args):
        self.interact('call', frame)
    def user_line(self, frame):
        self.interact('line', frame)
    def user_return(self, frame, value):
        self.interact('return', frame)
    def user_exception(self, frame, info):
        self.interact('exception ' + info[0].__name__, frame)

def helper(n):
    a = n * 2
    return a

def target(n):
    a = helper(n)
    for i in range(3):
        b = helper(i)
        a += b
    try:
        a / 0
    except ZeroDivisionError:
        c = 1
    return a, c

def session(*commands):
    print('---')
    d = Debugger(commands)
    try:
        print(d.runcall(target, 4))
    except bdb.BdbQuit:
        print('quit')
    print(sys.gettrace())

session(*['step'] * 40)
session(*['next'] * 40)
session('step', 'step', 'return', 'next', 'next')
session('next', ('break', 6), 'next', 'next', 'continue')
session('next', 'next', ('until', 5), 'next')
session('next', 'next', ('set', 'a', 100), 'next', 'continue')
session('next', 'next', 'quit')
