"""An interpreter in the interpreted language: an assembler and a stack machine with `match`, which runs small programs.
"""

PRIMES = """
    push 2
    store n
next:
    load n
    load limit
    less
    jump_unless done
    push 2
    store d
try:
    load d
    load d
    mul
    load n
    more
    jump_if prime
    load n
    load d
    mod
    jump_unless composite
    load d
    push 1
    add
    store d
    jump try
prime:
    load count
    push 1
    add
    store count
    load sum
    load n
    add
    store sum
composite:
    load n
    push 1
    add
    store n
    jump next
done:
    load sum
    load count
    add
    halt
"""

COLLATZ = """
    push 1
    store n
outer:
    load n
    load limit
    less
    jump_unless end
    load n
    store x
inner:
    load x
    push 1
    equal
    jump_if after
    load sum
    push 1
    add
    store sum
    load x
    push 2
    mod
    jump_if odd
    load x
    push 2
    div
    store x
    jump inner
odd:
    load x
    push 3
    mul
    push 1
    add
    store x
    jump inner
after:
    load n
    push 1
    add
    store n
    jump outer
end:
    load sum
    halt
"""


def assemble(source):
    labels, code = {}, []
    for line in source.splitlines():
        line = line.strip()
        if not line:
            continue
        if line.endswith(":"):
            labels[line[:-1]] = len(code)
        else:
            name, _, operand = line.partition(" ")
            code.append((name, operand))
    linked = []
    for name, operand in code:
        if name.startswith("jump"):
            linked.append((name, labels[operand]))
        elif name == "push":
            linked.append((name, int(operand)))
        else:
            linked.append((name, operand))
    return linked


def execute(code, memory):
    stack, counter, steps = [], 0, 0
    while True:
        name, operand = code[counter]
        counter += 1
        steps += 1
        match name:
            case "load":
                stack.append(memory[operand])
            case "push":
                stack.append(operand)
            case "store":
                memory[operand] = stack.pop()
            case "jump":
                counter = operand
            case "jump_if":
                if stack.pop():
                    counter = operand
            case "jump_unless":
                if not stack.pop():
                    counter = operand
            case "halt":
                return stack.pop(), steps
            case _:
                right, left = stack.pop(), stack.pop()
                match name:
                    case "add":
                        stack.append(left + right)
                    case "mul":
                        stack.append(left * right)
                    case "mod":
                        stack.append(left % right)
                    case "div":
                        stack.append(left // right)
                    case "less":
                        stack.append(left < right)
                    case "more":
                        stack.append(left > right)
                    case "equal":
                        stack.append(left == right)
                    case _:
                        raise ValueError(name)


class Threaded:
    """The same machine with a method for each instruction."""

    def __init__(self, code, memory):
        self.code = [(getattr(self, "do_" + name), operand) for name, operand in code]
        self.memory = memory
        self.stack = []
        self.counter = 0

    def run(self):
        code = self.code
        try:
            while True:
                action, operand = code[self.counter]
                self.counter += 1
                action(operand)
        except StopIteration:
            return self.stack.pop()

    def do_load(self, name):
        self.stack.append(self.memory[name])

    def do_push(self, value):
        self.stack.append(value)

    def do_store(self, name):
        self.memory[name] = self.stack.pop()

    def do_jump(self, target):
        self.counter = target

    def do_jump_if(self, target):
        if self.stack.pop():
            self.counter = target

    def do_jump_unless(self, target):
        if not self.stack.pop():
            self.counter = target

    def do_halt(self, _):
        raise StopIteration

    def two(self):
        right = self.stack.pop()
        return self.stack.pop(), right

    def do_add(self, _):
        left, right = self.two()
        self.stack.append(left + right)

    def do_mul(self, _):
        left, right = self.two()
        self.stack.append(left * right)

    def do_mod(self, _):
        left, right = self.two()
        self.stack.append(left % right)

    def do_div(self, _):
        left, right = self.two()
        self.stack.append(left // right)

    def do_less(self, _):
        left, right = self.two()
        self.stack.append(left < right)

    def do_more(self, _):
        left, right = self.two()
        self.stack.append(left > right)

    def do_equal(self, _):
        left, right = self.two()
        self.stack.append(left == right)


def run(n):
    checksum = 0
    for source, limit in ((PRIMES, n), (COLLATZ, n // 5 + 2)):
        code = assemble(source)
        fresh = {"limit": limit, "count": 0, "sum": 0}
        result, steps = execute(code, dict(fresh))
        assert Threaded(code, dict(fresh)).run() == result
        checksum = checksum * 31 + result * 7 + steps
    return checksum
