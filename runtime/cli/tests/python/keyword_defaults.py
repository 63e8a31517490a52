# Defaults of keyword-only parameters: in the order of the parameters, and after programs have changed the dictionary.


def f(a, *, x=1, y, z=3, w=4):
    return a, x, y, z, w


def show(*args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as e:
        print(e)


show(0, y=5)
show(0, y=5, w=9)
show(0, z=1, y=2)
show(0)
f.__kwdefaults__ = {"w": 40, "x": 10}
show(0, y=1, z=2)
show(0, y=1)
f.__kwdefaults__["y"] = 7
f.__kwdefaults__["z"] = 8
show(0)
show(0, w=1)
del f.__kwdefaults__["w"]
show(0)
f.__kwdefaults__["w"] = "new"
show(0)


class S(str):
    pass


f.__kwdefaults__ = {S("x"): 1, "y": 2, 3: 4, "z": 5, "w": 6}
show(0)
show(0, x=0)
f.__kwdefaults__ = None
show(0, x=1, y=2, z=3)
