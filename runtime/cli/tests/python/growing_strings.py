# Strings that are appended to again and again: each intermediate one stays what it was, whatever becomes of the others.
import gc, json, marshal, pickle, re, sys

piece = 'abc' * 50
parts, s = [], ''
for i in range(60):
    s += piece + str(i)
    parts.append(s)
whole = ''.join(piece + str(i) for i in range(60))
print(s == whole, whole == s, hash(s) == hash(whole), len(s) == len(whole), s is whole)
print(all(whole.startswith(p) and len(p) == sum(len(piece + str(j)) for j in range(i + 1)) for i, p in enumerate(parts)))

# Two that go on from the same string.
left, right = parts[30], parts[30]
for i in range(20):
    left += 'L' * i
    right += 'R' * i
tail = sum(range(20))
print(left == parts[30] + 'L' * tail, right == parts[30] + 'R' * tail, parts[31] == whole[:len(parts[31])])

# Wider units come and stay.
s, expected = 'a' * 600, ['a' * 600]
for i, more in enumerate(['b', 'c', 'd', 'e', 'f', 'g' * 10, '\xe9', 'h', '\u1234' * 3, 'i', '\U0001f600', 'j', 'k' * 700, '\xff']):
    s += more
    expected.append(more)
    assert s == ''.join(expected), i
print(len(s), s.isascii(), s[-1], s[600:620], s.count('\u1234'), max(s) == '\U0001f600')

class Sub(str):
    pass

s = 'x' * 1000
for i in range(10):
    s += 'yz'
print(type(s) is str, isinstance(s, str), s.__class__, type(Sub(s)), Sub(s) == s, s == Sub(s), Sub(s) + '!' == s + '!')
print({s: 1}['x' * 1000 + 'yz' * 10], s in {'x' * 1000 + 'yz' * 10}, ('x' * 1000 + 'yz' * 10) in {s: 2})
print(s[5], s[-1], s[998:1004], s[::-1][:4], s.find('z'), s.upper()[-3:], s.replace('x', '')[:5], s.encode()[-4:])
print(sys.intern(s) == s, sys.intern(s) is sys.intern('x' * 1000 + 'yz' * 10), len(f'{s}'), f'{s:.3}', '%.4s' % s, repr(s)[-4:], bool(s), not s)
print(pickle.loads(pickle.dumps(s)) == s, marshal.loads(marshal.dumps(s)) == s, json.loads(json.dumps(s)) == s, re.search('yz$', s).start())
print(s < s + 'a', s + 'a' > s, s != s + 'a', sorted([s + 'b', s, s + 'a']) == [s, s + 'a', s + 'b'], list(s)[-2:], int('1' + s[1000:1000] + '0'))
print(gc.get_referents(s), gc.is_tracked(s), sys.getsizeof(s) == sys.getsizeof('x' * 1020))
digits = '1' * 600
for i in range(6):
    digits += '2'
print(int(digits) == int('1' * 600 + '2' * 6), float(digits[:20] + '.5'), s.__add__('!')[-2:], (s * 2).count('yzx'))
o = type('O', (), {})()
setattr(o, s, 7)
print(getattr(o, s), getattr(o, 'x' * 1000 + 'yz' * 10), list(vars(o)) == [s])

# Linear in time: the sum of all intermediate strings is 60 GB.
s = ''
for i in range(20_000):
    s += 'a line of some three hundred letters ' * 8 + chr(97 + i % 26)
print(len(s), s[-3:], s.count('z'))
