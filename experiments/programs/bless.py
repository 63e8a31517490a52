#!/usr/bin/env python3
"""Writes checksums.txt: what the programs here compute under CPython 3.12, and at which sizes they are run.

    python3.12 bless.py [NAME ...]     all, or those named
"""

import importlib
import pathlib
import platform
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "checksums.txt"

# The arguments of `run`: some milliseconds, and some tenths of a second on CPython; and other sizes, by their name.
SIZES = {
    "calls": (20, 900),
    "attributes": (2000, 40000),
    "containers": (20, 80),
    "strings": (600, 20000),
    "exceptions": (600, 12000),
    "generators": (1500, 60000),
    "closures": (100, 6000),
    "bigints": (40, 700),
    "allocation": (20, 1200),
    "heap": (600, 6000),
    "floats": (12, 64),
    "sorting": (500, 8000),
    "bytes_buffers": (4000, 150000),
    "machine": (40, 900),
    "operators": (4, 400),
    "library": (150, 5000),
    "trees": (40, 1500),
    "live": (1, 9),
    "roots": (200, 20000),
    "window": (1, 9),
}
# What lives.
MEGABYTES = {"10M": 10, "50M": 50, "200M": 200, "500M": 500, "2G": 2000}
MORE_SIZES = {"live": MEGABYTES, "window": MEGABYTES}


def main(names):
    if platform.python_implementation() != "CPython" or sys.version_info[:2] != (3, 12):
        sys.exit("checksums are made with CPython 3.12")
    sys.path.insert(0, str(HERE))
    sys.dont_write_bytecode = True
    old = {}
    if TABLE.exists():
        rows = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
        old = {(row[0], row[1]): row[2:] for row in rows}
    lines = ["# Programs: name, size, argument of `run`, checksum.", "# Made by CPython 3.12: bless.py"]
    for name, sizes in SIZES.items():
        named = dict(zip(("small", "normal"), sizes)) | MORE_SIZES.get(name, {})
        for size, argument in named.items():
            if names and name not in names and (name, size) in old:
                lines.append(" ".join([name, size, *old[name, size]]))
                continue
            module = importlib.import_module(name)
            begin = time.perf_counter()
            checksum = module.run(argument)
            seconds = time.perf_counter() - begin
            if size in ("small", "normal") and module.run(argument) != checksum:
                sys.exit(f"{name} does not compute the same twice")
            print(f"{name:16} {size:7} {seconds:8.3f} s  {checksum}")
            lines.append(f"{name} {size} {argument} {checksum}")
    TABLE.write_text("\n".join(lines) + "\n")


main(sys.argv[1:])
