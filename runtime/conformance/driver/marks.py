"""What CPython's authors mark as their implementation's own, and which cases use its C API. Only CPython runs this.

The implementation gets another name before tests are loaded, so that what they guard by it is skipped or absent. Modules that
exist to test the C API are watched: a case uses it if it calls one of their functions, reads one of their attributes that is no
plain constant, or names them in its code (which may be the text of a program that it starts).
"""

import importlib
import sys
import types

MODULES = (
    "_testbuffer",
    "_testcapi",
    "_testclinic",
    "_testimportmultiple",
    "_testinternalcapi",
    "_testmultiphase",
    "_testsinglephase",
    "_xxtestfuzz",
    "pythonapi",
)
# What needs no C API: constants, and what `test.support` asks before it lets a case recurse.
CONSTANTS = (int, float, str, bytes, tuple)
PLAIN = ("get_recursion_depth",)

touched = False


def touch():
    global touched
    touched = True


def take():
    """Whether something was touched since the last time."""
    global touched
    was, touched = touched, False
    return was


class Watched(types.ModuleType):
    def __init__(self, module):
        super().__init__(module.__name__, module.__doc__)
        self.__dict__["__watched__"] = module
        self.__dict__["__file__"] = getattr(module, "__file__", None)
        self.__dict__["__spec__"] = module.__spec__

    def __getattr__(self, name):
        value = getattr(self.__watched__, name)
        if isinstance(value, CONSTANTS) or name in PLAIN or name.startswith("__"):
            return value
        touch()
        return WatchedFunction(value) if isinstance(value, types.BuiltinFunctionType) else value

    def __dir__(self):
        return dir(self.__watched__)


class WatchedFunction:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        touch()
        return self.function(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.function, name)


def install():
    sys.implementation.name = "another"
    for name in MODULES:
        try:
            sys.modules[name] = Watched(importlib.import_module(name))
        except ImportError:
            pass


def is_theirs(value):
    if isinstance(value, (Watched, WatchedFunction)):
        return True
    return isinstance(value, type) and value.__module__ in MODULES


def contents(function):
    """What the cells of a function hold: a decorated function, perhaps."""
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:
            pass


def constants_of(code):
    """Names and strings of a code and those within it."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from constants_of(constant)
        elif isinstance(constant, str):
            yield constant, False
    for name in code.co_names:
        yield name, True


def names_them(case):
    """Whether the code of a case, or of methods of its class that it calls, names one of the modules or what is theirs."""
    waiting, seen = [getattr(case, getattr(case, "_testMethodName", ""), None)], set()
    while waiting:
        function = waiting.pop()
        function = getattr(function, "__func__", function)
        if not isinstance(function, types.FunctionType) or function in seen:
            continue
        seen.add(function)
        waiting.extend(contents(function))
        for text, is_name in constants_of(function.__code__):
            if any(module in text for module in MODULES):
                return True
            if is_name:
                if is_theirs(function.__globals__.get(text)):
                    return True
                waiting.append(getattr(type(case), text, None))
    return False
