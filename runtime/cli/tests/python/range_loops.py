# Loops over ranges, those at the ends of the small integers among them.
def it(r): return list(r)[:5]
for i in range(3):
    for r in (range(3), range(0), range(5, 2), range(5, 2, -1), range(-3, 9, 4), range(2**48, 2**48 + 3), range(2**49 - 3, 2**49 - 1, 2**48),
              range(-2**49, 2**49 - 1, 2**48), range(2**49 - 1, -2**49, -2**48 - 7), range(2**60, 2**60 + 2), range(0, 10**30, 10**29)):
        out = []
        for x in r: out.append(x)
        j = iter(r)
        for x in j: pass
        print(out, it(r), list(j))
