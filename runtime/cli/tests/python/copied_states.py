# What copies and pickles keep of small types, and what weak proxies pass on.
import copy, io, pickle, time, weakref
from collections import OrderedDict

def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)

epoch = time.gmtime(0)
for other in copy.copy(epoch), copy.deepcopy(epoch), pickle.loads(pickle.dumps(epoch)):
    print(other == epoch, other.tm_zone, other.tm_gmtoff)
print(epoch.__reduce__())
show(lambda: time.struct_time(5))
show(lambda: time.struct_time((1, 2)))

s = io.StringIO('abc\ndef', newline=None)
s.read(2)
s.label = 'mine'
print(s.__getstate__())
t = pickle.loads(pickle.dumps(s))
print(t.read(), t.label, t.getvalue() == s.getvalue())
t = io.StringIO()
t.__setstate__(('x\r\ny', '\r\n', 3, None))
print(repr(t.read()), repr(t.getvalue()))
for state in [1, ('a', '\n', 0), (1, '\n', 0, None), ('a', '\n', -1, None), ('a', '\n', 'b', None), ('a', '\n', 0, 1)]:
    show(lambda: io.StringIO().__setstate__(state))

class Link:
    pass

link = Link()
proxy = weakref.proxy(link)
proxy.itself = proxy
print(proxy.itself is proxy, link.itself is proxy, weakref.proxy(link) is proxy)

class Bag:
    def __init__(self):
        self.seen = []
    def __setitem__(self, key, value):
        self.seen += [key, value]
    def __contains__(self, key):
        return any(key is k for k in self.seen)

bag = Bag()
p = weakref.proxy(bag)
p[proxy] = proxy
print([type(v).__name__ for v in bag.seen], proxy in p, link in p)

d = OrderedDict.fromkeys('ab', value=1)
print(d, d.setdefault(key='c', default=3), d.pop(key='a'), d.pop(key='z', default=None), d)
show(lambda: d.pop('z'))

class Counted(OrderedDict):
    def __getitem__(self, key):
        print('get', key)
        return super().__getitem__(key)
    def __missing__(self, key):
        return 'missing'

c = Counted(x=1)
print(c.pop('x'), c.setdefault('y', 2), c.setdefault('y', 5), c.pop('q', 'default'))
c.tag = ['t']
e = copy.copy(c)
print(type(e).__name__, e.tag is c.tag, copy.deepcopy(c).tag, e.copy() == c)
