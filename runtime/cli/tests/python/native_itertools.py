import sys
import itertools
from itertools import *

def attempt(label, f):
    try:
        r = f()
    except Exception as e:
        r = (e.__class__.__name__, str(e))
    print(label, r)

def rest(it):
    return list(islice(it, 12))

print(rest(count()), rest(count(5, -2)), rest(count(1.5, 0.5)), rest(count(2**62 - 1, 3)))
print(repr(count(3)), repr(count(3, 2)), repr(count(1.0)), repr(count(1, 1.0)), repr(count(True)))
attempt('count', lambda: count('a'))
print(rest(cycle('abc')), rest(cycle([])), rest(cycle([1])))
print(rest(repeat(7)), list(repeat('x', 3)), list(repeat('x', -3)), repr(repeat(1)), repr(repeat(1, 2)), repr(repeat(1, times=4)))
attempt('repeat', lambda: repeat(1, 'a'))
attempt('hint', lambda: repeat(1).__length_hint__())
attempt('hint', lambda: repeat(1, 5).__length_hint__())
print(list(chain('ab', [], (1, 2))), list(chain()), list(chain.from_iterable(['ab', [3]])))
attempt('chain', lambda: list(chain([1], 5)))
print(list(compress('ABCDEF', [1, 0, 1, 0, 1, 1])), list(compress('AB', [1])))
print(list(dropwhile(lambda x: x < 5, [1, 4, 6, 4, 1])), list(takewhile(lambda x: x < 5, [1, 4, 6, 4, 1])))
print(list(filterfalse(lambda x: x % 2, range(10))), list(filterfalse(None, [0, 1, '', 'a'])))
print([(k, list(g)) for k, g in groupby('AAAABBBCCDAABBB')])
print([(k, list(g)) for k, g in groupby(range(10), lambda x: x // 3)], [k for k, g in groupby('AABBA')])
g = groupby([1, 1, 2, 2, 3])
k1, g1 = next(g)
k2, g2 = next(g)
print(k1, list(g1), k2, list(g2), list(g1))
print(list(islice('ABCDEFG', 2)), list(islice('ABCDEFG', 2, 4)), list(islice('ABCDEFG', 2, None)), list(islice('ABCDEFG', 0, None, 2)))
print(list(islice('ABCDEFG', 5, 3)), list(islice(count(), 3, 20, 4)), list(islice('abc', None)), list(islice('abc', 1, None, None)))
for bad in [(-1,), (-2,), ('a',), (1, -1), (1, -2), (1, 'a'), (-1, 2), (1, 2, 0), (1, 2, 'x'), (0, -1), (1, 2, 3, 4), ()]:
    attempt('islice', lambda: islice([1], *bad))
it = iter(range(10))
print(list(islice(it, 3)), list(it))
it = iter(range(10))
print(list(islice(it, 1, 8, 3)), list(it))
print(list(starmap(pow, [(2, 5), (3, 2), [10, 3]])), list(starmap(lambda *a: a, ['ab', ()])))
a, b, c = tee([1, 2, 3], 3)
print(next(a), next(a), list(b), list(a), list(c), tee([1], 0))
a, b = tee(range(200))
print(sum(a), sum(b), len(tee('ab')))
attempt('tee', lambda: tee([1], -1))
attempt('tee', lambda: tee(5))
print(list(zip_longest('ABCD', 'xy', fillvalue='-')), list(zip_longest('AB', [1])), list(zip_longest()))
attempt('zip_longest', lambda: zip_longest('a', fill=1))
print(list(product('AB', 'xy')), list(product(range(2), repeat=3)), list(product()), list(product([], [1])), list(product('a', repeat=0)))
attempt('product', lambda: product('a', repeat=-1))
attempt('product', lambda: product('a', rep=1))
print(list(permutations('ABC', 2)), list(permutations(range(3))), list(permutations('AB', 3)), list(permutations('AB', 0)), len(list(permutations(range(6), 4))))
attempt('permutations', lambda: permutations('AB', -1))
attempt('permutations', lambda: permutations('AB', 'x'))
print(list(combinations('ABCD', 2)), list(combinations(range(4), 3)), list(combinations('AB', 3)), list(combinations('AB', 0)))
attempt('combinations', lambda: combinations('AB', -1))
print(list(combinations_with_replacement('ABC', 2)), list(combinations_with_replacement('', 2)), list(combinations_with_replacement('', 0)), len(list(combinations_with_replacement(range(5), 4))))
print(list(accumulate([1, 2, 3, 4])), list(accumulate('abc')), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=100)), list(accumulate([])), list(accumulate([], initial=5)), list(accumulate([1, 2], func=max)))
print(list(pairwise('ABCD')), list(pairwise('A')), list(pairwise([])))
print(list(batched('ABCDEFG', 3)), list(batched([], 2)), list(batched('ab', 10)))
attempt('batched', lambda: batched('a', 0))

def taken(make, n):
    "State after n items, and what comes then from a rebuilt iterator."
    it = make()
    for _ in range(n):
        next(it)
    reduced = it.__reduce__()
    again = reduced[0](*reduced[1])
    if len(reduced) > 2 and reduced[2] is not None:
        again.__setstate__(reduced[2])
    return reduced[0].__name__, rest(again)

for n in range(3):
    print(taken(lambda: count(3), n), taken(lambda: count(3, 2), n), taken(lambda: repeat(5, 4), n))
    print(taken(lambda: cycle('abc'), n), taken(lambda: cycle('ab'), n))
    print(taken(lambda: chain('ab', 'cd'), n), taken(lambda: zip_longest('abc', 'a'), n))
    print(taken(lambda: product('ab', 'xyz'), n), taken(lambda: permutations('abc', 2), n))
    print(taken(lambda: combinations('abcd', 2), n), taken(lambda: combinations_with_replacement('abc', 2), n))
    print(taken(lambda: accumulate([1, 2, 3, 4]), n), taken(lambda: islice('abcdefgh', 1, 7, 2), n))
    print(taken(lambda: accumulate([1, 2, 3, 4], initial=10), n))
    print(taken(lambda: takewhile(lambda x: x < 4, [1, 2, 3, 5, 1]), n), taken(lambda: dropwhile(lambda x: x < 3, [1, 2, 3, 4, 1, 6]), n))
    print(taken(lambda: compress('abcdef', [1, 1, 0, 1, 1]), n), taken(lambda: filterfalse(None, [0, '', (), 1, []]), n), taken(lambda: starmap(pow, [(2, 3), (3, 2), (1, 1)]), n))
print(taken(lambda: product('ab', 'xyz'), 6), taken(lambda: permutations('abc', 2), 6), taken(lambda: cycle('ab'), 5))

class C(count):
    pass
c = C(5)
c.x = 1
print(next(c), next(c), c.x, repr(c), C.__name__, C.__mro__[1:] == (count, object))
print(count.__module__, count, chain.__name__, itertools.__name__)
attempt('iter', lambda: takewhile(bool, 5))
attempt('call', lambda: next(takewhile(5, [1])))
attempt('next', lambda: next(iter(chain())))

# Nobody has imported `warnings`.
class Lines(list):
    def write(self, text): self.append(text)
    def flush(self): pass
before, sys.stderr = sys.stderr, Lines()
count().__reduce__()
text, sys.stderr = ''.join(sys.stderr), before
print('DeprecationWarning: Pickle, copy, and deepcopy support' in text)
