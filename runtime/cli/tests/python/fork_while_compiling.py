"""A process forks while its code becomes hot: what compiles beside the program is not there in the child, which goes on all the same."""
import os


def functions(round, count=12):
    made = {}
    for index in range(count):
        source = (
            f"def f{index}(n):\n"
            f"    total = {round}\n"
            f"    for i in range(n):\n"
            f"        total = (total * {index + 3} + i) % 65521\n"
            f"        if i % 7 == {index % 7}:\n"
            f"            total += len(str(total))\n"
            f"    return total\n"
        )
        exec(source, made)
    return [made[f"f{index}"] for index in range(count)]


def expected(round, index, n):
    total = round
    for i in range(n):
        total = (total * (index + 3) + i) % 65521
        if i % 7 == index % 7:
            total += len(str(total))
    return total


for round in range(6):
    known = [expected(round, index, 3000) for index in range(12)]
    fs = functions(round)
    children = []
    for index, f in enumerate(fs):
        assert f(3000) == known[index]
        if index % 3 == 2:
            pid = os.fork()
            if pid == 0:
                # The child's own child finds nothing of its grandparent's either.
                right = all(g(3000) == known[at] for at, g in enumerate(fs))
                inner = os.fork()
                if inner == 0:
                    os._exit(0 if all(g(3000) == known[at] for at, g in enumerate(fs)) else 2)
                right = right and os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) == 0
                os._exit(0 if right else 1)
            children.append(pid)
    print(round, [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children], sum(f(3000) for f in fs) == sum(known))
