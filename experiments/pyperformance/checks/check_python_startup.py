"""Start of the interpreter: that it ends well and prints nothing, whether `site` is loaded, and what it is told."""


def check(benchmark, size, *options):
    import subprocess

    command = [benchmark.sys.executable] + (["-S"] if "--no-site" in options else [])
    observations = []
    for name, words in (("pass", ["-c", "pass"]),
                        ("site", ["-c", "import sys; print('site' in sys.modules, sys.flags.no_site)"]),
                        ("argv", ["-c", "import sys; print(sys.argv)", "one", "two"]),
                        ("exit", ["-c", "import os; os._exit(3)"])):
        for _ in range(1 if size == "small" else 10):
            done = subprocess.run(command + words, capture_output=True, text=True)
        observations.append((name, (done.returncode, done.stdout, done.stderr)))
    return observations
