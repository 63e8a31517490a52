from array import array
import array as module
def attempt(*labels):
    f = labels[-1]
    try: print(*labels[:-1], repr(f()))
    except Exception as e: print(*labels[:-1], e.__class__.__name__, e)
for c in 'bBhHiIlLqQfd':
    for v in ('x', 1.5, -1, -2**7-1, 2**8, -2**15-1, 2**16, -2**31-1, 2**31, 2**32, -2**63-1, 2**63, 2**64, 2**70, -2**70, None):
        attempt(c, v, lambda: array(c,[v]))
for f in [lambda: array('u','x'), lambda: array('u',[1]), lambda: array('u',['ab']), lambda: array('u', 'a\U0001F600'), lambda: array('i','abc'), lambda: array('x'), lambda: array(), lambda: array('i',[1])+[2], lambda: array('i',[1])+array('b'), lambda: array('i')*'a', lambda: array('ii'), lambda: array(5), lambda: array('i', 5), lambda: array('i',[1])['a'], lambda: array('i',[1])[5], lambda: array('i').pop(), lambda: array('i',[1]).pop(5), lambda: array('i').remove(4), lambda: array('i').index(4), lambda: array('i').frombytes(b'abc'), lambda: array('i').frombytes('abc'), lambda: array('i').fromlist((1,)), lambda: array('i').fromlist([1,'a']), lambda: array('i').fromunicode('a'), lambda: array('i').tounicode(), lambda: array('i',[1]).extend(array('b',[1])), lambda: array('i',[1]).__setitem__(slice(0,1),[1]), lambda: array('i',[1]).__setitem__(slice(0,1),array('b')),lambda: array('i',[1,2,3]).__setitem__(slice(0,3,2),array('i',[1])), lambda: array('i',[1])<5, lambda: hash(array('i')), lambda: array('i',[1]).__reduce__(), lambda: array('u','ab').__reduce__(), lambda: array('i',[1,2]).__reduce_ex__(2), lambda: array('i',[1,2]).__reduce_ex__(3)[1:], lambda: array('i',[1])[5:2], lambda: repr(array('u','ab')), lambda: repr(array('u')), lambda: array('i', b'\1\0\0\0'), lambda: array('i', array('d',[1.5])), lambda: array('d', array('i',[1])),lambda: array('u', array('i',[1])), lambda: array('i', typecode='x'), lambda: array('u').typecode, lambda:iter(array('i',[1])).__reduce__()[1:], lambda:array('i',[1]).__setitem__('a',1), lambda:array('i',[1]).__delitem__(7), lambda:array('i',[1]).__setitem__(7,1), lambda:array('i',[1]).insert('a',1), lambda: array('i',[1]).append('a'), lambda: array('i').byteswap(), lambda: array('i').tofile(5), lambda: array('i',[1]).index(1,5,6), lambda: array('i',[1]).__iadd__([1]), lambda: array('i').extend(5)]:
    attempt(f)

a = array('h', range(10))
print(a, len(a), a[3], a[-1], a[2:5], a[::3], a[::-1], a[8:2:-2], a.typecode, a.itemsize, 3 in a, 99 in a, a.count(3), a.index(7), a.index(3, -8))
a.append(100); a.extend([7, 8]); a.extend(array('h', [9])); a.insert(1, -5); a.insert(-100, -6); a.insert(100, -7)
print(a, a.pop(), a.pop(0), a.pop(3), a)
a.remove(100); a.reverse(); print(a)
a[1:3] = array('h', [70, 71, 72, 73]); print(a)
a[::2] = array('h', [0] * len(a[::2])); print(a)
del a[1]; del a[-1]; del a[2:4]; print(a)
del a[::2]; print(a)
a[5:5] = array('h', [1]); a[0] = 12; print(a)
b = array('d', [1.5, -2.25, float('inf'), float('nan'), -0.0]); print(b, b.tobytes(), b.tolist())
b.byteswap(); print(b.tobytes())
b.byteswap(); print(b[0] == 1.5)
f = array('f', [0.1, 3e38, 1e-45]); print(f, f.tobytes())
u = array('u', 'h\xe9\U0001F600'); u.fromunicode('!'); print(u, u.tounicode(), u.tobytes(), u[2])
c = array('i'); c.frombytes(b'\1\0\0\0\2\0\0\0'); c.fromlist([3, 4]); print(c, c + c, c * 2, 2 * c, c * 0, c * -1)
c += array('i', [5]); c *= 2; print(c)
print(array('i', [1, 2]) == array('d', [1, 2]), array('i', [1]) < array('i', [1, 0]), array('i', [2]) > array('b', [1]), array('i') == [], array('i', [1]) != array('i', [2]), array('i', [1]) >= array('i', [1]))
class Sub(array):
    pass
s = Sub('b', [1, 2]); s.x = 1; print(s, s.x, s[:1], s.__reduce_ex__(2)[1:], s.__copy__().__class__.__name__)
print(array('B', b'abc'), array('B', bytearray(b'xy')), array('l', (x * x for x in range(4))), array('Q', [2**64 - 1]), array('q', [-2**63]))
import array as A
for code, data in ((0, b'\1\2'), (1, b'\xff'), (3, b'\1\2'), (9, b'\0\0\0\7'), (13, b'\xff' * 8), (14, b'\0\0\xc0\x3f'), (17, b'\x3f\xf8' + bytes(6))):
    attempt('reconstruct', code, lambda: A._array_reconstructor(array, 'd', code, data))
attempt('reconstruct', lambda: A._array_reconstructor(array, 'u', 18, 'a\U0001F600'.encode('utf-16-le')))
attempt('reconstruct', lambda: A._array_reconstructor(array, 'u', 21, 'a'.encode('utf-32-be')))
attempt('reconstruct', lambda: A._array_reconstructor(array, 'i', 99, b''))
attempt('reconstruct', lambda: A._array_reconstructor(list, 'i', 0, b''))
attempt('reconstruct', lambda: A._array_reconstructor(array, 'i', 8, b'abc'))
it = iter(array('i', [1, 2, 3])); next(it); print(it.__reduce__()[1:], list(it), it.__reduce__()[1:])
class File:
    def __init__(self): self.data = b''
    def write(self, b): self.data += b
    def read(self, n):
        r, self.data = self.data[:n], self.data[n:]
        return r
w = File(); array('i', [1, 2, 3]).tofile(w); print(w.data)
r = array('i'); r.fromfile(w, 2); print(r)
attempt('eof', lambda: r.fromfile(w, 5))
print(r, bytes(r), A.typecodes, A.ArrayType is array, array.__module__)
