# Lists: methods, slices, operators, errors.
def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
l = [1,2,3]
l.append(4); l.extend((5,6)); l.insert(0, 0); l.insert(-1, 9); l.insert(100, 7); print(l)
print(l.pop(), l.pop(0), l.pop(-2), l)
l[1:3] = [10,20,30,40]; print(l)
l[::2] = [0]*len(l[::2]); print(l)
del l[::3]; print(l)
del l[-1]; print(l)
l[:] = range(5); print(l)
l[2:2] = 'ab'; print(l)
l[1:1] = l; print(l)
l[5:2:-1] = 'xyz'; print(l)
del l[9:2:-2]; print(l)
l *= 2; print(l); l += (1,); print(l)
l = [1,2]; l += l; print(l); l.extend(l); print(l)
print([1]*3, 3*[1,2], [] * 5, [1] * -1, [1]*True)
l = list(range(20)); print(l[3:9:2], l[::-3], l[-3:], l[100:], l[5:2])
print(l.index(5), l.count(3), 5 in l, 50 in l)
l = [1,2,3]; l.reverse(); print(l, l.copy(), list(reversed(l)))
l.remove(2); print(l); l.clear(); print(l, len(l))
for c in [
    lambda: [1]+(2,),
    lambda: [].pop(),
    lambda: [1].pop(3),
    lambda: [1].remove(3),
    lambda: [1].index(3),
    lambda: [][0],
    lambda: [].__setitem__(0,1),
    lambda: [1].__delitem__(4),
    lambda: []*'a',
    lambda: list(5),
    lambda: list(1,2),
    lambda: list(a=1),
    lambda: [1,2].__setitem__(slice(0,2,2), [1,2,3]),
    lambda: [1].__setitem__(slice(0,1), 5),
    lambda: [1].__setitem__(slice(0,5,2), 5),
    lambda: [][10**30],
    lambda: [].insert(10**30,1),
    lambda: hash([]),
    lambda: list.append(1,2),
    lambda: list.__len__(3),
    lambda: [1] < 5,
    lambda: [].append(),
    lambda: [].insert(1),
    lambda: [1].index(1,5),
    lambda: [1,2,1].index(1,1),
    lambda: [1].index(1,'a'),
    lambda: [1][slice('a')],
    lambda: [1][::0],
    lambda: [0]*10**30,
    lambda: list.__new__(int),
    lambda: list.__new__(3),
    lambda:[].sort(3),
    lambda: [1,'a'].sort(),
    lambda: [1].sort(key=5),
    lambda: [2,1].sort(foo=1),
    lambda:[1,2]<[1,3],
    lambda:[1,2]<=[1],
    lambda:[1,2]==[1,2],
    lambda:[1]!=[1],
    lambda: list[int],
    lambda: [].__class_getitem__(int),
    lambda: [].__sizeof__(),
]:
    t(c)
l = []; l.append(l); print(l)
class L(list):
    def __init__(self, a, b=0, **k): self.b = b
x = L(1, b=3, c=4); x.append(4); print(x, x.b, len(x), x+[1], type(x+[1]).__name__, type(x[:]).__name__, type(x.copy()).__name__, L(2) == [], x == [4])
class E:
    def __eq__(self, o): global m; m.clear(); return False
m = [E(), E(), E()]
print(m.count(3), m); m = [E(), E()]; t(lambda: m.remove(3)); m=[E(),1]; t(lambda: m.index(4)); m=[E(),1]; print(3 in m)
class It:
    def __init__(s): s.n = 0
    def __iter__(s): return s
    def __next__(s):
        s.n += 1
        if s.n > 3: raise StopIteration
        return s.n
print(list(It()), [*It()], tuple(It()))
a, *b = It(); print(a, b)
nan = float('nan'); print(nan in [nan], [nan] == [nan], [nan].count(nan), [nan].index(nan))
