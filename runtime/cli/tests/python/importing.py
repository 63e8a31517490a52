# Imports: packages, relative names, errors, hooks.
import os, sys

folder = "/tmp/prism-importing-%d" % os.getpid()
made = []
def put(name, text):
    path = folder + "/" + name
    parts = name.split("/")
    for i in range(len(parts)):
        d = "/".join([folder] + parts[:i])
        if not os.path.isdir(d):
            os.mkdir(d)
            made.append(d)
    with open(path, "w") as f:
        f.write(text)
    made.append(path)

put("pack/__init__.py", "print('pack', __name__, __package__)\nfrom . import sub\nfrom .sub import value as v\n")
put("pack/sub.py", "value = 1\n")
put("pack/deep/__init__.py", "__all__ = ['leaf', 'x']\nx = 5\n")
put("pack/deep/leaf.py", "from ..sub import value\nfrom ... import top\n")
put("pack/rel.py", "from .sub import value\nimport pack.deep as pd\n")
put("circa.py", "import circb\nx = 1\n")
put("circb.py", "from circa import x\n")
put("broken.py", "def f(:\n")
put("raising.py", "import sys\nsys.seen = True\n1/0\n")
put("replaced.py", "import sys\nsys.modules[__name__] = 'other'\n")
put("space/part.py", "here = __name__\n")
put("lazy.py", "def __getattr__(name):\n    if name == 'magic': return 42\n    raise AttributeError(name)\n")
put("noall/__init__.py", "a = 1\n_b = 2\n")
sys.path.insert(0, folder)

def failing(text):
    try:
        exec(text, {"__name__": "tester", "__package__": ""})
        print("no error:", text)
    except Exception as e:
        print(type(e).__name__, str(e).replace(folder, "FOLDER"), getattr(e, "name", None))

import pack
print(pack.v, pack.__path__ == [folder + "/pack"], pack.__file__.endswith("pack/__init__.py"), pack.__spec__.name)
import pack.deep
print(sorted(n for n in vars(pack) if not n.startswith("__")))
from pack import rel
print(rel.pd is pack.deep, rel.value, rel.__package__, rel.__spec__.parent)
failing("import pack.deep.leaf")
failing("import pack.none")
failing("import pack.sub.more")
failing("import none.more")
failing("from pack import none")
failing("from . import x")
failing("import circa")
print("circa" in sys.modules, "circb" in sys.modules)
failing("import broken")
failing("import raising")
print(sys.seen, "raising" in sys.modules)
import replaced
print(replaced)
import space.part
print(space.part.here, space.__file__ if hasattr(space, "__file__") else "no file", len(list(space.__path__)))
from lazy import magic
print(magic)
failing("from lazy import more")
names = {}
exec("from noall import *", names)
print("a" in names, "_b" in names)
sys.modules["halted"] = None
failing("import halted")
failing("__import__('')")
failing("__import__(3)")
failing("__import__('os', level=-1)")
print(__import__("os.path").__name__, __import__("os.path", fromlist=["join"]).__name__)

class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name == "invented":
            return importlib.util.spec_from_loader(name, Loader(), origin="nowhere")
class Loader:
    def create_module(self, spec): return None
    def exec_module(self, module): module.answer = 42
import importlib, importlib.util
sys.meta_path.append(Finder)
import invented
print(invented.answer, invented.__spec__.origin, type(invented.__loader__).__name__)
print(importlib.import_module(".sub", "pack") is pack.sub, importlib.util.find_spec("nothing_here"))
spec = importlib.util.spec_from_file_location("byhand", folder + "/pack/sub.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.value, module.__name__)
put("pack/sub.py", "value = 2\n")
print(importlib.reload(pack.sub).value)
for path in reversed(made):
    if os.path.isdir(path):
        if os.path.isdir(path + "/__pycache__"):
            for n in os.listdir(path + "/__pycache__"):
                os.remove(path + "/__pycache__/" + n)
            os.rmdir(path + "/__pycache__")
        os.rmdir(path)
    elif os.path.exists(path):
        os.remove(path)
