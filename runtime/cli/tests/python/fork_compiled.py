# A forked child and its parent compile and free code without seeing each other's.
import os


def make(n):
    scope = {}
    exec(f"def f(x):\n    s = 0\n    for i in range(x):\n        s += i * {n}\n    return s", scope)
    return scope["f"]


def work(numbers):
    return sum(make(n)(200) for n in numbers for _ in range(3))


kept = make(7)
for _ in range(30):
    kept(50)


def nested(depth):
    if depth:
        return nested(depth - 1)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        # The code that this returns to is the child's own by now, and stays while both make more.
        os.write(write, f"{work(range(20, 40))} {kept(1000)}".encode())
        os._exit(0)
    os.close(write)
    here = work(range(20))
    with open(read) as answers:
        there = answers.read()
    os.waitpid(child, 0)
    return here, there


for _ in range(3):
    print(nested(40), kept(1000))
