"""Sorts, adds and prints what profilers counted.

For each function, by (file, line, name), there are its calls without recursive ones, all its calls, the time within it, the time
with what it called, and the same of each of its callers.
"""

import marshal
import os
import re
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Dict

__all__ = ["Stats", "SortKey", "FunctionProfile", "StatsProfile"]


class SortKey(StrEnum):
    """What to sort by; some have a second name."""

    CALLS = "calls", "ncalls"
    CUMULATIVE = "cumulative", "cumtime"
    FILENAME = "filename", "module"
    LINE = "line"
    NAME = "name"
    NFL = "nfl"
    PCALLS = "pcalls"
    STDNAME = "stdname"
    TIME = "time", "tottime"

    def __new__(cls, *values):
        key = str.__new__(cls, values[0])
        key._value_ = values[0]
        for other in values[1:]:
            cls._value2member_map_[other] = key
        key._all_values = values
        return key


@dataclass(unsafe_hash=True)
class FunctionProfile:
    ncalls: str
    tottime: float
    percall_tottime: float
    cumtime: float
    percall_cumtime: float
    file_name: str
    line_number: int


@dataclass(unsafe_hash=True)
class StatsProfile:
    """What was counted of all functions, by their names."""

    total_tt: float
    func_profiles: Dict[str, FunctionProfile]


# Places in the rows that are sorted.
_PRIMITIVE, _CALLS, _OWN, _WHOLE, _FILE, _LINE, _NAME, _STANDARD = range(8)


class Stats:
    """Stats(*sources, stream=None): sources are names of files, profilers, or other Stats."""

    sort_arg_dict_default = {
        "calls": (((_CALLS, -1),), "call count"),
        "ncalls": (((_CALLS, -1),), "call count"),
        "cumtime": (((_WHOLE, -1),), "cumulative time"),
        "cumulative": (((_WHOLE, -1),), "cumulative time"),
        "filename": (((_FILE, 1),), "file name"),
        "line": (((_LINE, 1),), "line number"),
        "module": (((_FILE, 1),), "file name"),
        "name": (((_NAME, 1),), "function name"),
        "nfl": (((_NAME, 1), (_FILE, 1), (_LINE, 1)), "name/file/line"),
        "pcalls": (((_PRIMITIVE, -1),), "primitive call count"),
        "stdname": (((_STANDARD, 1),), "standard name"),
        "time": (((_OWN, -1),), "internal time"),
        "tottime": (((_OWN, -1),), "internal time"),
    }

    def __init__(self, *args, stream=None):
        self.stream = stream or sys.stdout
        self.init(args[0] if args else None)
        self.add(*args[1:])

    def init(self, arg):
        self.all_callees = None
        self.files = []
        self.fcn_list = None
        self.total_tt = self.total_calls = self.prim_calls = self.max_name_len = 0
        self.top_level = set()
        self.stats = {}
        self.sort_arg_dict = {}
        self.load_stats(arg)
        try:
            self.get_top_level_stats()
        except Exception:
            print("Invalid timing data%s" % (" in file %r" % self.files[-1] if self.files else ""), file=self.stream)
            raise

    def load_stats(self, arg):
        if arg is None:
            self.stats = {}
            return
        if isinstance(arg, str):
            with open(arg, "rb") as file:
                self.stats = marshal.load(file)
            try:
                arg = time.ctime(os.stat(arg).st_mtime) + "    " + arg
            except OSError:
                pass
            self.files = [arg]
        elif hasattr(arg, "create_stats"):
            arg.create_stats()
            self.stats = arg.stats
            arg.stats = {}
        if not self.stats:
            raise TypeError("Cannot create or construct a %r object from %r" % (self.__class__, arg))

    def get_top_level_stats(self):
        for func, (primitive, calls, own, _, callers) in self.stats.items():
            self.total_calls += calls
            self.prim_calls += primitive
            self.total_tt += own
            if ("jprofile", 0, "profiler") in callers:
                self.top_level.add(func)
            self.max_name_len = max(self.max_name_len, len(func_std_string(func)))

    def add(self, *arg_list):
        """Add what others counted."""
        for item in reversed(arg_list):
            if type(self) != type(item):
                item = Stats(item)
            self.files += item.files
            self.total_calls += item.total_calls
            self.prim_calls += item.prim_calls
            self.total_tt += item.total_tt
            self.top_level |= item.top_level
            self.max_name_len = max(self.max_name_len, item.max_name_len)
            self.fcn_list = None
            for func, stat in item.stats.items():
                self.stats[func] = add_func_stats(self.stats.get(func, (0, 0, 0, 0, {})), stat)
        return self

    def dump_stats(self, filename):
        """Write all to a file."""
        with open(filename, "wb") as file:
            marshal.dump(self.stats, file)

    def get_sort_arg_defs(self):
        """What may be sorted by, unambiguous beginnings included."""
        if not self.sort_arg_dict:
            self.sort_arg_dict = found = {}
            meant = {}
            for word, definition in self.sort_arg_dict_default.items():
                for length in range(1, len(word) + 1):
                    meant.setdefault(word[:length], []).append(definition)
            for beginning, definitions in meant.items():
                if len(definitions) == 1:
                    found[beginning] = definitions[0]
            found.update(self.sort_arg_dict_default)
        return self.sort_arg_dict

    def sort_stats(self, *field):
        """Sort by keys, the first one first."""
        if not field:
            self.fcn_list = 0
            return self
        if len(field) == 1 and isinstance(field[0], int):
            field = [{-1: "stdname", 0: "calls", 1: "time", 2: "cumulative"}[field[0]]]
        elif any(type(word) != type(field[0]) for word in field):
            raise TypeError("Can't have mixed argument type")
        definitions = self.get_sort_arg_defs()
        words = [word.value if isinstance(word, SortKey) else word for word in field]
        self.sort_type = ", ".join(definitions[word][1] for word in words)
        rows = [figures[:4] + func + (func_std_string(func), func) for func, figures in self.stats.items()]
        # The last key first: sorting keeps the order of equals.
        for place, direction in reversed([key for word in words for key in definitions[word][0]]):
            rows.sort(key=lambda row: row[place], reverse=direction < 0)
        self.fcn_list = [row[-1] for row in rows]
        return self

    def reverse_order(self):
        """Turn the order round."""
        if self.fcn_list:
            self.fcn_list.reverse()
        return self

    def strip_dirs(self):
        """Leave the folders of files out; functions that are the same then are added."""
        stripped = {}
        self.max_name_len = 0
        for func, (primitive, calls, own, whole, callers) in self.stats.items():
            func = func_strip_path(func)
            new_callers = {}
            for caller, figures in callers.items():
                new_callers = add_callers(new_callers, {func_strip_path(caller): figures})
            figures = primitive, calls, own, whole, new_callers
            stripped[func] = add_func_stats(stripped[func], figures) if func in stripped else figures
            self.max_name_len = max(self.max_name_len, len(func_std_string(func)))
        self.stats = stripped
        self.top_level = {func_strip_path(func) for func in self.top_level}
        self.fcn_list = None
        self.all_callees = None
        return self

    def calc_callees(self):
        if self.all_callees:
            return
        self.all_callees = {}
        for func, figures in self.stats.items():
            self.all_callees.setdefault(func, {})
            for caller, of_caller in figures[4].items():
                self.all_callees.setdefault(caller, {})[func] = of_caller

    # What is printed.

    def eval_print_amount(self, sel, list, msg):
        kept = list
        if isinstance(sel, str):
            try:
                pattern = re.compile(sel)
            except re.error:
                return list, msg + "   <Invalid regular expression %r>\n" % sel
            kept = [func for func in list if pattern.search(func_std_string(func))]
        elif isinstance(sel, float) and 0.0 <= sel < 1.0:
            kept = list[: int(len(list) * sel + 0.5)]
        elif isinstance(sel, int) and 0 <= sel < len(list):
            kept = list[:sel]
        if len(list) != len(kept):
            msg += "   List reduced from %r to %r due to restriction <%r>\n" % (len(list), len(kept), sel)
        return kept, msg

    def get_print_list(self, sel_list):
        width = self.max_name_len
        if self.fcn_list:
            funcs, msg = self.fcn_list[:], "   Ordered by: " + self.sort_type + "\n"
        else:
            funcs, msg = list(self.stats), "   Random listing order was used\n"
        for selection in sel_list:
            funcs, msg = self.eval_print_amount(selection, funcs, msg)
        if not funcs:
            return 0, funcs
        print(msg, file=self.stream)
        if len(funcs) < len(self.stats):
            width = max(len(func_std_string(func)) for func in funcs)
        return width + 2, funcs

    def get_stats_profile(self):
        """All as a StatsProfile."""
        funcs = self.fcn_list[:] if self.fcn_list else list(self.stats)
        profiles = {}
        for func in funcs:
            primitive, calls, own, whole, _ = self.stats[func]
            file, line, name = func
            ncalls = str(calls) if calls == primitive else f"{calls}/{primitive}"
            profiles[name] = FunctionProfile(
                ncalls, float(f8(own)), -1 if calls == 0 else float(f8(own / calls)),
                float(f8(whole)), -1 if primitive == 0 else float(f8(whole / primitive)), file, line)
        return StatsProfile(float(f8(self.total_tt)), profiles)

    def print_stats(self, *amount):
        """Print a line for each function: restrictions are numbers, parts of one, or regular expressions."""
        for filename in self.files:
            print(filename, file=self.stream)
        if self.files:
            print(file=self.stream)
        for func in self.top_level:
            print(" " * 8, func[2], file=self.stream)
        primitive = f"({self.prim_calls} primitive calls) " if self.total_calls != self.prim_calls else ""
        print(" " * 8, self.total_calls, f"function calls {primitive}in {self.total_tt:.3f} seconds", file=self.stream)
        print(file=self.stream)
        _, funcs = self.get_print_list(amount)
        if funcs:
            self.print_title()
            for func in funcs:
                self.print_line(func)
            print("\n", file=self.stream)
        return self

    def print_callees(self, *amount):
        """Print whom each function called."""
        width, funcs = self.get_print_list(amount)
        if funcs:
            self.calc_callees()
            self.print_call_heading(width, "called...")
            for func in funcs:
                self.print_call_line(width, func, self.all_callees.get(func, {}))
            print("\n", file=self.stream)
        return self

    def print_callers(self, *amount):
        """Print who called each function."""
        width, funcs = self.get_print_list(amount)
        if funcs:
            self.print_call_heading(width, "was called by...")
            for func in funcs:
                self.print_call_line(width, func, self.stats[func][4], "<-")
            print("\n", file=self.stream)
        return self

    def print_call_heading(self, name_size, column_title):
        print("Function ".ljust(name_size) + column_title, file=self.stream)
        known = next((figures[4] for figures in self.stats.values() if figures[4]), {})
        if isinstance(next(iter(known.values()), None), tuple):
            print(" " * name_size + "    ncalls  tottime  cumtime", file=self.stream)

    def print_call_line(self, name_size, source, call_dict, arrow="->"):
        print(func_std_string(source).ljust(name_size) + arrow, end=" ", file=self.stream)
        if not call_dict:
            print(file=self.stream)
        indent = ""
        for func in sorted(call_dict):
            name, value = func_std_string(func), call_dict[func]
            if isinstance(value, tuple):
                calls, primitive, own, whole = value
                shown = str(calls) if calls == primitive else f"{calls}/{primitive}"
                line = f"{shown.rjust(7 + 2 * len(indent))} {f8(own)} {f8(whole)}  {name}"
                left = name_size + 1
            else:
                line = f"{name}({value!r}) {f8(self.stats[func][3])}"
                left = name_size + 3
            print(indent * left + line, file=self.stream)
            indent = " "

    def print_title(self):
        print("   ncalls  tottime  percall  cumtime  percall filename:lineno(function)", file=self.stream)

    def print_line(self, func):
        primitive, calls, own, whole, _ = self.stats[func]
        shown = str(calls) if calls == primitive else f"{calls}/{primitive}"
        percall = [f8(time / count) if count else " " * 8 for time, count in ((own, calls), (whole, primitive))]
        print(shown.rjust(9), f8(own), percall[0], f8(whole), percall[1], func_std_string(func), file=self.stream)


class TupleComp:
    """Compares tuples by some of their items: (index, direction) each."""

    def __init__(self, comp_select_list):
        self.comp_select_list = comp_select_list

    def compare(self, left, right):
        for index, direction in self.comp_select_list:
            if left[index] != right[index]:
                return -direction if left[index] < right[index] else direction
        return 0


def func_strip_path(func_name):
    file, line, name = func_name
    return os.path.basename(file), line, name


def func_get_function_name(func):
    return func[2]


def func_std_string(func_name):
    """A function as it is printed."""
    if func_name[:2] == ("~", 0):
        name = func_name[2]
        return "{%s}" % name[1:-1] if name.startswith("<") and name.endswith(">") else name
    return "%s:%d(%s)" % func_name


def add_func_stats(target, source):
    """The sums of two functions' figures."""
    return tuple(a + b for a, b in zip(target[:4], source[:4])) + (add_callers(target[4], source[4]),)


def add_callers(target, source):
    """The sums of two functions' callers."""
    added = dict(target)
    for func, figures in source.items():
        if func not in added:
            added[func] = figures
        elif isinstance(figures, tuple):
            added[func] = tuple(a + b for a, b in zip(figures, added[func]))
        else:
            added[func] += figures
    return added


def count_calls(callers):
    """How many calls callers made."""
    return sum(callers.values())


def f8(x):
    return "%8.3f" % x
