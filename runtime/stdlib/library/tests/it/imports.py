"""imports.py LIBRARY NATIVE MODULE...: imports the modules from LIBRARY, and native ones from NATIVE.

Prints a line for each module that cannot be imported: its name and the error.
"""

import sys

NATIVE_AT_START = {"_abc", "_codecs", "_frozen_importlib", "_frozen_importlib_external", "_imp", "_io", "_signal",
                   "_thread", "_warnings", "_weakref", "builtins", "marshal", "posix", "sys", "time", "__main__"}

library, native, *wanted = sys.argv[1:]
sys.path[:] = [library, native]
for name in list(sys.modules):
    if name not in NATIVE_AT_START:
        del sys.modules[name]

for name in wanted:
    try:
        __import__(name)
    except BaseException as error:
        text = " ".join(str(error).split())
        sys.__stdout__.write(f"{name} {type(error).__name__}: {text}\n")
    else:
        module = sys.modules[name]
        file = getattr(module, "__file__", None)
        # CPython starts with its own zipimport, whatever it is told.
        if name not in {"zipimport", *NATIVE_AT_START} and file is not None and not file.startswith(library):
            sys.__stdout__.write(f"{name} was found in {file}\n")
