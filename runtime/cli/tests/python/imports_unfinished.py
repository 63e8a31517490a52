# Modules that are imported while they, or what they need, are being imported; packages without a file.
import os
import sys
import tempfile
import threading
import time

with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True

    def write(name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    # A module that is not complete says so where something is missing.
    write("half.py", "import other_half\nspam = 1\n")
    write("other_half.py", "import half\ntry:\n    half.spam\nexcept AttributeError as e:\n    print(e)\n")
    write("whole/__init__.py", "")
    write("whole/part.py", "import whole, whole.piece\n")
    write("whole/piece.py", "import whole\ntry:\n    whole.part\nexcept AttributeError as e:\n    print(e)\n"
          "try:\n    whole.nothing\nexcept AttributeError as e:\n    print(e)\n")
    import half
    import whole.part

    # Threads wait for a module that another one is importing.
    write("slow.py", "import time\ntime.sleep(0.2)\nvalue = 1\n")
    seen = []

    def look():
        import slow
        seen.append(slow.value)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(seen)

    # A name that no encoding of the file system holds.
    write("odd_\udcff.py", "value = 2")
    print(__import__("odd_\udcff").value)

    os.mkdir(os.path.join(folder, "spread"))
    import spread
    print(repr(spread).replace(folder, "FOLDER"))
    del spread.__spec__
    print(hasattr(spread, "__spec__"), hasattr(spread, "nothing"))

import _imp
for data in b"N", b"?", b"":
    try:
        _imp.get_frozen_object("x", data)
    except (ImportError, TypeError) as e:
        print(e, getattr(e, "name", None))
