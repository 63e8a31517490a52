# Only uses that no assignment surely precedes are checked, and each at most once on a path.
def f(flag):
    if flag:
        x = 1
    print(x)
    print(x)
    for y in flag:
        pass
    print(y)
    del x
    try:
        x = 2
    except E as e:
        print(e)
    print(x)
