"""How long a program runs on after SIGINT, wherever it is: prints a table, worst first.

    python3 experiments/interrupts/run.py target/release/prism [--only TEXT] [--limit MS] [--least MS]

Each case is started, gets SIGINT some time after its set-up, and is timed until its process has ended with
KeyboardInterrupt. What counts is the work that the process did until then, which a busy machine does not change; the time
by the clock stands beside it. Ends with status 1 if one worked longer than the limit, or ended in another way. Linux only.
"""

import argparse
import os
import select
import subprocess
import sys
import time
from signal import SIGINT

from cases import CASES

PROGRAM = """{setup}
import sys
sys.stderr.write('ready\\n'); sys.stderr.flush()
while True:
 {statement}
"""


def worked(pid):
    """Seconds that a process has been on a processor, in steps of a clock tick."""
    with open(f"/proc/{pid}/stat") as stat:
        user, system = stat.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(command, setup, statement, delay, longest):
    """The latency in ms (by the clock, and of the processor's work), or what happened instead."""
    program = PROGRAM.format(setup=setup, statement=statement)
    process = subprocess.Popen([*command, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        if process.stderr.readline() != "ready\n":
            return "set-up: " + process.communicate()[1].strip().rpartition("\n")[2]
        try:
            process.wait(delay)
            return "ended: " + process.stderr.read().strip().rpartition("\n")[2]
        except subprocess.TimeoutExpired:
            pass
        before, start = worked(process.pid), time.perf_counter()
        process.send_signal(SIGINT)
        if not select.select([process.stderr], [], [], longest)[0]:
            return f"ran on for {longest} s"
        error = process.stderr.read()
        _, _, usage = os.wait4(process.pid, 0)
        took = (time.perf_counter() - start) * 1000
        last = error.strip().rpartition("\n")[2]
        work = (usage.ru_utime + usage.ru_stime - before) * 1000
        return (work, took) if last == "KeyboardInterrupt" else "ended: " + last
    finally:
        process.kill()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="+", help="the interpreter and its options")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--limit", type=float, default=200, help="milliseconds allowed")
    parser.add_argument("--least", type=float, default=50, help="print what took at least so many milliseconds")
    parser.add_argument("--delays", default="0.3,0.55", help="seconds after the set-up when the signal is sent, a try each")
    parser.add_argument("--longest", type=float, default=10, help="seconds after which a process is ended")
    options = parser.parse_args()
    delays = [float(delay) for delay in options.delays.split(",")]
    found = []
    for name, setup, statement in CASES:
        if options.only in name:
            tries = [measure(options.command, setup, statement, delay, options.longest) for delay in delays]
            wrong = [t for t in tries if isinstance(t, str)]
            found.append((float("inf"), 0, wrong[0], name) if wrong else (*max(tries), "", name))
            print(len(found), name, *tries, sep="\t", file=sys.stderr, flush=True)
    found.sort(reverse=True)
    shown = [case for case in found if case[0] >= options.least]
    for work, took, wrong, name in shown:
        print(f"{wrong if wrong else f'{work:7.0f} ms of work, {took:7.0f} ms':40} {name}")
    over = sum(work > options.limit for work, *_ in found)
    print(f"{len(found)} cases, {len(shown)} shown, {over} over {options.limit:.0f} ms")
    return over > 0


if __name__ == "__main__":
    sys.exit(main())
