# Loops of codes that need no register, which only a signal ends.
import signal


class Stop(Exception):
    pass


def stop(*_):
    raise Stop


signal.signal(signal.SIGALRM, stop)
for source in ["while True: pass", "while 1:\n  while 1:\n    pass"]:
    for _ in range(2):
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        try:
            exec(source)
        except Stop as e:
            print("stopped", e.__traceback__.tb_next.tb_frame.f_code.co_name)
