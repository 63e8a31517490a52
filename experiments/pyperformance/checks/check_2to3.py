"""2to3: the differences that the tool prints for sources of the benchmark, and its exit status."""

SOURCES = {"small": 1, "normal": 8}


def check(benchmark, size):
    data = benchmark.os.path.join(benchmark.os.path.dirname(benchmark.__file__), "data", "2to3")
    sources = sorted(benchmark.glob.glob(benchmark.os.path.join(data, "*.py.txt")), key=benchmark.os.path.getsize)
    observations = []
    for source in sources[:SOURCES[size]]:
        command = [benchmark.sys.executable, "-m", "lib2to3", "-f", "all", source]
        done = benchmark.subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if done.returncode != 0:
            raise RuntimeError("lib2to3 failed: " + done.stderr.strip().rpartition("\n")[2])
        # The head of the differences names the file by its path.
        changes = [line for line in done.stdout.splitlines() if not line.startswith(("---", "+++"))]
        observations.append((benchmark.os.path.basename(source), changes))
    return observations
