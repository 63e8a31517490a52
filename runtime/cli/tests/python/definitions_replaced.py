# Functions and classes that globals name are taken for constants where code is hot. They are not.
import sys
import types


def number():
    return 1


class Thing:
    def value(self):
        return "first"


def call(n):
    total = 0
    for _ in range(n):
        total += number()
    return total


def make(n):
    for _ in range(n):
        last = Thing().value()
    return last


for _ in range(300):
    call(20)
    make(20)
print(call(10), make(10))


# By a definition in the module itself.
def number():
    return 2


print(call(10))

# By whatever reaches the dictionary.
globals()["number"] = lambda: 3
print(call(10))
this = sys.modules[__name__]
this.number = lambda: 4
print(call(10))
vars(this).update(number=lambda: 5)
print(call(10))
exec("def number(): return 6")
print(call(10))
setattr(this, "number", len)
try:
    call(1)
except TypeError as error:
    print(error)
globals().setdefault("number", None)
globals().__setitem__("number", lambda: 7)
print(call(10))
dictionary = vars(this)
dictionary |= {"number": lambda: 8}
print(call(10))


class Thing:
    def value(self):
        return "second"


print(make(10))


# While the loop that calls it is running, by what it calls.
def one():
    global step
    if len(seen) == 150:
        step = two
    return 1


def two():
    return 2


step = one
seen = []


def run(n):
    for _ in range(n):
        seen.append(step())


run(400)
print(seen.count(1), seen.count(2))


# A function becomes something else and comes back.
def flips(n):
    global current
    results = []
    for i in range(n):
        current = number if i % 3 else 10
        results.append(current() if callable(current) else current)
    return sum(results)


print(flips(300), flips(300))

# Attributes of modules.
module = types.ModuleType("module")
module.function = lambda: "old"


def ask(n):
    for _ in range(n):
        answer = module.function()
    return answer


for _ in range(300):
    ask(20)
print(ask(3))
module.function = lambda: "new"
print(ask(3))
module.__dict__["function"] = lambda: "newest"
print(ask(3))
del module.function
try:
    ask(1)
except AttributeError as error:
    print(error)
module.function = str
print(repr(ask(3)))

# Deleted, so that the builtin of that name is seen, and back.
def len(x):
    return "own"


def length(n):
    for _ in range(n):
        result = len([1, 2])
    return result


for _ in range(300):
    length(20)
print(length(3))
del len
print(length(3))
len = lambda x: "again"
print(length(3))
