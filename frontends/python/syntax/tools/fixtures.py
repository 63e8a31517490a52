"""Writes what CPython 3.12 says about the fixtures beside them. Run from the crate's folder:

    python3.12 tools/fixtures.py

For each tests/fixtures/NAME.py, NAME.dump with `ast.dump(tree, include_attributes=True)`. In tests/fixtures/errors.txt,
behind each source (which a line `### mode` begins), a line `### => class | message | lineno | offset | end_lineno |
end_offset`.
"""

import ast
import pathlib
import warnings

warnings.simplefilter("ignore")
folder = pathlib.Path("tests/fixtures")
for path in sorted(folder.glob("*.py")):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    path.with_suffix(".dump").write_text(ast.dump(tree, include_attributes=True) + "\n", encoding="utf-8")

cases = []
for line in (folder / "errors.txt").read_text(encoding="utf-8").splitlines(keepends=True):
    if line.startswith("### =>"):
        continue
    if line.startswith("### "):
        cases.append((line.split()[1], []))
    else:
        cases[-1][1].append(line)
with open(folder / "errors.txt", "w", encoding="utf-8") as file:
    for mode, lines in cases:
        source = "".join(lines)
        try:
            compile(source, "<string>", mode, ast.PyCF_ONLY_AST)
        except SyntaxError as e:
            said = [type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset]
        else:
            raise SystemExit(f"accepted: {source!r}")
        print(f"### {mode}\n{source}### => {' | '.join(map(str, said))}", file=file)

lines = (folder / "unparse.txt").read_text(encoding="utf-8").splitlines()
with open(folder / "unparse.txt", "w", encoding="utf-8") as file:
    for line in lines:
        source = line.split("\t")[0]
        namespace = {}
        # Annotations are collected by the running code; its text is all that is run.
        exec(f"from __future__ import annotations\nv: ({source})\n", namespace)
        print(source, namespace["__annotations__"]["v"], sep="\t", file=file)
