def g(a, b, c):
    p = a; q = b; r = c
    return p + q + r
def f(x):
    if x:
        y = 1
    try:
        return y
    except UnboundLocalError as e:
        return str(e)
def main():
    s = 0
    for i in range(200):
        s += g(i, 1, 2)
        t = f(i % 3 == 0)
        if i % 3 and t == 1: print("BAD", i, t)
    return t
for k in range(20): r = main()
print(r)
