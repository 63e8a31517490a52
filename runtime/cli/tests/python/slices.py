# Slices of the built-in sequences with bounds of every kind.
def f(s, a, b): return s[a:b]
class L(list):
    def __getitem__(self, k): return ('L', k)
for s in ([1, 2, 3], (1, 2, 3), "abc", "é€😀", b"abc", [], (), "", L([1, 2])):
    for a in (None, 0, 1, -1, -5, 5, 2**70, True):
        print([f(s, a, b) for b in (None, 0, 1, 2, -1, -5, 9, -2**70)])
