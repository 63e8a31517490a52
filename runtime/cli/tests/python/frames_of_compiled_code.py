import sys
def f(a):
    b = a + 1
    fr = sys._getframe()
    return fr
def g(i):
    fr = f(i)
    x = i * 2
    return fr
def k(i):
    fr = sys._getframe()
    y = i * 3
    return fr
def main(n):
    bad = 0
    for i in range(n):
        fr = g(i)
        l = dict(fr.f_locals)
        if l.get('a') != i or l.get('b') != i + 1 or fr.f_back is not None and fr.f_back.f_code.co_name != 'g':
            bad += 1
            if bad < 3: print(i, {k: v for k, v in l.items() if k != 'fr'}, fr.f_lineno, fr.f_back)
        h = k(i)
        l = dict(h.f_locals)
        if l.get('i') != i or l.get('y') != i*3: 
            bad += 1
            if bad < 5: print('k', i, {k: v for k, v in l.items() if k != 'fr'})
    return bad
print(main(50))
print(main(300))


class Stepper:
    """An iterator whose steps look at the frame that iterates."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        global seen
        if not self.n:
            raise StopIteration
        self.n -= 1
        seen = sys._getframe(1)
        return self.n


def total(n):
    s = 0
    for x in Stepper(n):
        s += x
    return s


def raising(n):
    own = sys._getframe()
    keep = n + 1
    if n % 3 == 0:
        raise ValueError(own)
    return own


def catching(n):
    try:
        return raising(n)
    except ValueError as e:
        return e.args[0]


def more(n):
    for i in range(n):
        if total(4) != 6 or seen.f_locals.get("s") != 6:
            print("iterated", i, seen.f_locals)
        f = catching(i)
        if f.f_locals.get("keep") != i + 1 or f.f_lineno < raising.__code__.co_firstlineno:
            print("raised", i, f.f_locals)
    print("done", n)


more(40)
more(400)
