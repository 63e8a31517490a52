# Frames that have caught exceptions end in every way, in recursion and in threads: each keeps its own last variables.
import random
import sys
import threading
random.seed(5)


def boom(k):
    raise KeyError(k)


def f(n, mode, keep):
    own = (n, mode)
    e = None
    try:
        boom(n)
    except KeyError as x:
        e = x
    keep.append((e, own))
    if mode == 1:
        g = sys._getframe()
        assert e.__traceback__.tb_frame is g
    if mode == 2 and n > 0:
        f(n - 1, random.randrange(6), keep)
    if mode == 3:
        own = [own, "x" if n % 2 else 1.5]
        keep[-1] = (e, own)
        raise ValueError(own)
    if mode == 4:
        for i in range(20):
            try:
                if i % 7 == 3:
                    boom(i)
            except KeyError as y:
                assert y.__traceback__.tb_frame is e.__traceback__.tb_frame
        del i
    if mode == 5:
        own = own[0] + (0.5 if n == 3 else 1)
        keep[-1] = (e, own)
    return n


def g(k, keep):
    try:
        return f(k % 5, random.randrange(6), keep)
    except ValueError as v:
        t = v.__traceback__
        while t.tb_next:
            t = t.tb_next
        fr = t.tb_frame
        assert fr.f_locals["own"] is v.args[0], (fr.f_locals, v.args)
        return -1


def gen(k, keep):
    for i in range(3):
        try:
            yield i
            boom(i)
        except KeyError as x:
            keep2 = x
            fr = x.__traceback__.tb_frame
            assert fr is sys._getframe(), i
    try:
        g(k, keep)
    finally:
        z = k


def work(count):
    bad = 0
    for k in range(count):
        keep = []
        g(k, keep)
        list(gen(k, keep))
        seen = set()
        for e, own in keep:
            fr = e.__traceback__.tb_frame
            if fr.f_locals.get("own") is not own and fr.f_locals.get("own") != own:
                bad += 1
                if bad < 5:
                    print("bad", k, fr.f_locals, own)
            assert id(fr) not in seen
            seen.add(id(fr))
            fr2 = e.__traceback__.tb_next.tb_frame
            assert fr2.f_locals == {"k": own[0] if isinstance(own, tuple) else fr2.f_locals["k"]}, fr2.f_locals
    return bad


print(work(800))
found = []
ts = [threading.Thread(target=lambda: found.append(work(200))) for _ in range(3)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print(found)
