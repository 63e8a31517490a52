"""What is interrupted: (name, set-up, statement). The statement is run again and again until the signal arrives.

Sizes are such that a statement that does not look for signals runs for longer than the limit.
"""

T = "s='a'*10**8"
W = "s='\\u20ac'*10**8"
B = "s=b'a'*10**8"
A = "s=bytearray(b'a')*10**8"
L = "l=[0]*10**7"
M = "l=list(range(4*10**6))"
D = "d=dict.fromkeys(range(3*10**6))"
S = "s=set(range(3*10**6)); t=set(range(10**6,4*10**6))"
I = "i=(1<<(10**8))//3"
J = "i=(1<<(2*10**7))//3; j=(1<<(10**7))//7"
IT = "import itertools as it, collections, functools, operator"
SYS = "import sys; sys.set_int_max_str_digits(0)"


def table(group, setup, statements):
    return [(f"{group}: {statement}", setup, statement) for statement in statements]


TEXT_METHODS = (
    "find(X*999+Y); rfind(Y+X*999); count(X); count(X*3); replace(X,Y); replace(X,Y*2); replace(X*3,Y); replace(E,X); "
    "split(X); split(Y); split(); rsplit(X); splitlines(); partition(Y); rpartition(Y); upper(); lower(); title(); "
    "swapcase(); capitalize(); isalpha(); isupper(); islower(); istitle(); isalnum(); isspace(); strip(X); lstrip(X); "
    "rstrip(X+Y); expandtabs(); zfill(2*10**8); center(2*10**8); startswith(s); endswith(s); __contains__(X*99+Y); "
    "removeprefix(s); removesuffix(s)"
)
TEXT = TEXT_METHODS + "; casefold(); isprintable(); isidentifier(); isdecimal(); encode(); encode('utf-16'); encode('utf-32')"
BYTES = TEXT_METHODS + "; hex(); hex(':'); translate(bytes(256)); translate(None,X); decode(); decode('latin-1'); decode('utf-16')"


def texts(name, setup, x, y, e):
    methods_text = TEXT if e == "''" else BYTES
    cases = []
    for m in methods_text.split("; "):
        m = m.replace("X", x).replace("Y", y).replace("E", e)
        cases.append((f"{name}.{m}", setup, f"s.{m}"))
    more = ["s+s", "s*3", "s[1:]", "s[::2]", "s[::-1]", "hash(s+%s)" % x, "s==s[:-1]+%s" % y, "s<s[:-1]+%s" % y,
            "repr(s)", "list(s[:10**7])", "%s.join([s]*4)" % x, "%s.join([%s]*10**7)" % (x, x), "max(s)", "tuple(s[:10**7])"]
    if e == "''":
        more += ["ascii(s)", "s.translate({1:2})", "'%s' % s", "f'{s:>200000000}'", "'{}{}'.format(s,s)",                  "s.isascii()", "print(s[:0],end='')", "''.join(reversed(s[:10**7]))"]
    else:
        more += ["bytes(s)", "bytearray(s)", "bytes(list(s[:10**7]))", "bytes.fromhex(s.hex())", "bytes(2*10**8)", "b'%s' % s",
                 "memoryview(s)[::2].tobytes()", "memoryview(s).tolist()", "memoryview(s)==s[:-1]+b'c'", "int.from_bytes(s[:10**7],'big')",
                 "sum(s)", "str(s)"]
    cases += [(f"{name}: {m}", setup, m) for m in more]
    return cases


CASES = (
    texts("str", T, "'a'", "'b'", "''")
    + texts("wide str", W, "'\\u20ac'", "'b'", "''")
    + texts("bytes", B, "b'a'", "b'b'", "b''")
    + table("bytearray", A, ["s.reverse()", "s[::2]=s[1::2]", "s.extend(s[:10**6])", "s.copy()", "s.find(b'ab')", "s.replace(b'a',b'b')",
                             "s+s", "s*2", "s.pop(0);s.insert(0,1)", "del s[::2]", "s.remove(97)", "bytes(s)"])
    + table("list", L, ["[0]*10**8", "[1,2,3]*10**8", "l+l", "l*4", "l[1:]", "l[::-1]", "l.copy()", "list(l)", "tuple(l)", "l.index(1)",
                        "l.count(0)", "l.reverse()", "l.sort()", "sorted(l)", "l==l[:-1]+[1]", "l<l[:-1]+[1]", "sum(l)", "min(l)", "max(l)",
                        "any(l)", "all(x==0 for x in l)", "repr(l)", "hash(tuple(l))", "l[::2]=l[1::2]", "l.extend(l[:10**6])", "l.insert(0,1);l.pop(0)",
                        "l.remove(1) if 1 in l else 0", "set(l)", "dict.fromkeys(l)", "list(reversed(l))", "list(map(abs,l))", "list(filter(None,l))",
                        "list(zip(l,l))", "list(enumerate(l))", "[*l]", "(*l,)", "{*l}", "print(*l[:0])", "bytes(l)", "''.join(map(str,l))",
                        "del l[::2]; l*=2", "l[1:2]=l[:1]", "a,*b=l", "str(l)", "f'{l}'", "'%s' % (l,)", "2.5 in range(10**9)",
                        "iter(l).__reduce__()", "max(l,key=abs)", "sum(l,0.0)", "sum(range(10**10))", "list(range(10**8))", "tuple(range(10**8))",
                        "all(range(1,10**10))", "max(range(10**10))", "sorted(range(10**7))", "10**9 in iter(range(10**9))"])
    + table("list of objects", M, ["sorted(l,key=str)", "l.sort(reverse=True);l.sort()", "import random; random.shuffle(l)", "l.index(-1) if -1 in l else 0",
                                   "l.count(-1)", "list(map(str,l))", "dict(zip(l,l))", "set(l)", "dict.fromkeys(l)", "frozenset(l)", "import heapq; heapq.heapify(l[:])",
                                   "import heapq; heapq.nlargest(10**6,l)", "__import__('collections').Counter(l)", "__import__('collections').deque(l)"])
    + table("tuple", "t=(0,)*10**7", ["t+t", "t*4", "t[1:]", "t[::-1]", "1 in t", "t.count(0)", "hash(t)", "repr(t)", "t==t[:-1]+(1,)", "t<t[:-1]+(1,)", "list(t)"])
    + table("dict", D, ["d.copy()", "dict(d)", "{**d}", "d|d", "e={};e.update(d)", "list(d)", "list(d.items())", "d==dict(d)", "repr(d)", "sorted(d)",
                        "set(d)", "d.keys()&d.keys()", "d.keys()|d.keys()", "d.items()==dict(d).items()", "None in d.values()", "5 in d.values()",
                        "list(reversed(d))", "sum(d)", "d.keys()-d.keys()", "d.keys()^d.keys()", "d.keys().isdisjoint(range(-10**7,0))", "dict(d.items())", "d.items()<=d.items()"])
    + table("set", S, ["s|t", "s&t", "s-t", "s^t", "s.copy()", "s<=t", "s==t", "s<=s", "s.isdisjoint(t)", "set(s)", "frozenset(s)", "hash(frozenset(s))", "repr(s)",
                       "s.union(t)", "u=set(s);u.update(t)", "u=set(s);u-=t", "u=set(s);u&=t", "u=set(s);u^=t", "list(s)", "sorted(s)", "sum(s)", "u=set(s)\n while u: u.pop()"])
    + table("int", I, ["i+i", "i-1", "i*i", "i*3", "i//3", "i%12345", "i//(i>>5000000)", "i>>1", "i<<1", "i&i", "i|1", "i^i", "~i", "-i", "abs(i)", "hash(i)", "i==i+1", "i<i+1", "i.bit_count()",
                       "i.bit_length()", "i.to_bytes(10**8,'big')", "bin(i)", "hex(i)", "oct(i)", "float(i>>10**8-10)", "i**2", "pow(i,3,12345)", "divmod(i,i>>1000)", "f'{i:x}'",
                       "int(i)", "bool(i)", "i/i", "round(i,-5)", "~i&i>>3"])
    + table("int", J + ";" + SYS, ["10**(10**7)", "3**(10**7)", "str(i)", "repr(j)", "'%d' % i", "f'{i:,}'", "int('7'*10**7)", "int('6'*10**7, 7)", "int('f'*10**8,16)", "i*j", "i//j", "i%j", "divmod(i,j)", "pow(i,j,i-2)",
                                   "__import__('math').factorial(10**6)", "__import__('math').comb(10**7,5*10**6)", "__import__('math').perm(10**7,10**6)", "__import__('math').isqrt(i)", "__import__('math').gcd(i,j)", "__import__('math').lcm(i,j)",
                                   "pow(3,-1,i)", "1<<10**9", "__import__('math').prod(range(1,10**6))", "i**3", "float(i>>2*10**7-100)", "print(i)", "int.from_bytes(b'a'*10**8,'big')",
                                   "__import__('math').log(i)", "hash(i)"])
    + table("itertools", IT, ["list(it.repeat(0,10**8))", "list(it.chain(range(10**8)))", "collections.deque(it.count(),0)", "sum(it.repeat(1))", "list(it.islice(it.count(),10**8,None))", "next(it.dropwhile(lambda x:1,it.count()))",
                              "list(it.combinations(range(60),30))", "list(it.permutations(range(12)))", "list(it.product(range(100),repeat=5))", "next(it.filterfalse(lambda x:1,it.count()))",
                              "collections.deque(zip(it.count()),0)", "max(it.cycle([1]))", "functools.reduce(operator.add,it.repeat(1))", "any(it.repeat(0))", "all(it.repeat(1))", "collections.deque(it.accumulate(it.repeat(1)),0)",
                              "5 in it.repeat(1)", "list(it.compress(it.count(),it.repeat(0)))", "collections.deque(it.pairwise(it.count()),0)", "collections.deque(it.batched(it.count(),9),0)", "collections.deque(it.groupby(it.count()),0)",
                              "next(it.groupby(it.repeat(1)));[*it.groupby(it.repeat(1))]", "next(it.islice(it.repeat(0),10**15,None))", "operator.countOf(it.repeat(1),2)", "operator.indexOf(it.repeat(1),2)", "min(it.count())", "tuple(it.repeat(0,10**8))",
                              "set(it.repeat(1))", "dict(it.repeat((1,2)))", "''.join(it.repeat(''))", "dict.fromkeys(it.repeat(1))", "sorted(it.repeat(1))", "bytes(it.repeat(1))", "next(it.filterfalse(None,it.repeat(1)))", "next(filter(None,it.repeat(0)))",
                              "{}.update(it.repeat((1,2)))", "frozenset(it.repeat(1))", "set().union(it.repeat(1))", "set().intersection(it.repeat(1))", "{1}.isdisjoint(it.repeat(2))", "{1}.issuperset(it.repeat(1))", "{1}.difference(it.repeat(1))",
                              "collections.Counter(it.repeat(1))", "list(zip(*[it.repeat(1)]))", "bytearray().extend(it.repeat(1))", "[].extend(it.repeat(1))", "*a,b=it.repeat(1)", "print(*it.repeat(1))",
                              "isinstance(1,tuple(it.repeat(str,10**7)))", "'a'.startswith(('b',)*10**7)", "sum([[1]]*10**5,[])", "(lambda *a,**k:0)(*it.repeat(1))", "max(it.repeat(1),key=abs)"])
    + table("array", "import array; a=array.array('d',[1.5])*3*10**7", ["a+a", "a*3", "a.tolist()", "a.count(2)", "2 in a", "a.reverse()", "a==a[:-1]+a[:1]", "a[::2]", "a.byteswap()", "a.tobytes()", "array.array('d',a.tobytes())", "array.array('i',range(10**8))",
                                                                  "repr(a)", "sum(a)", "list(a)", "array.array('i',a.tobytes())", "array.array('q',[1])*10**8", "a.index(2) if 2 in a else 0"])
    + table("deque", "import collections; d=collections.deque(range(5*10**6))", ["d.copy()", "d.reverse()", "d.rotate(1000000)", "d.count(-1)", "-1 in d", "d==d.copy()", "repr(d)", "d.extend(range(10**6))", "d+d", "d*3", "d.index(-1) if -1 in d else 0", "d.remove(5*10**6-1);d.append(5*10**6-1)"])
    + table("random", "import random", ["random.getrandbits(10**9)", "random.randbytes(10**8)", "random.choices(range(10),k=10**7)", "random.seed(1<<10**8)", "random.shuffle(list(range(10**6)))", "random.sample(range(10**8),10**6)"])
    + table("math", "import math;l=[1.5]*10**7", ["math.fsum(l)", "math.prod(l)", "math.sumprod(l,l)", "math.dist(l,l)", "math.hypot(*l)", "sum(l)", "math.fsum(iter(l))"])
    + table("hashlib", "import hashlib;s=b'a'*10**9", ["hashlib.%s(s)" % h for h in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s")])
    + table("re", "import re;s='a'*10**8;w='ab '*10**6", ["re.match('(a*)*b','a'*40)", "re.match('(a|a)*b','a'*40)", "re.match('(a|aa)+$','a'*60+'b')", "re.findall('a',s)", "re.sub('a','b',s)", "re.search('b',s)", "re.search('a*b',s)", "re.split('b',s)",
                                                           "re.match('.*'*20+'b','a'*100)", "re.fullmatch('[a-z]*',s)", "re.sub('(.)',r'\\1',s)", "re.match('(?:a?){50}a{50}b','a'*50)", "re.search('x+x+y','x'*10**5)", "re.search('(?i)ab',s)", "re.findall('\\\\w+',w)", "re.compile('a'*10**6)",
                                                           "re.search('(?<=b)c',s)", "re.escape(s)", "list(re.finditer('a',s))", "re.search('a{1,5000}b','a'*10**6)"])
    + table("nested", "x=[]\nfor _ in range(10**6): x=[x]\ny=[]\nfor _ in range(10**6): y=[y]\nz=()\nfor _ in range(30): z=(z,z)",
            ["hash(z)", "z==((z[0][0],z[0][1]),(z[1][0],z[1][1]))", "repr(z)", "isinstance(1,z)", "issubclass(int,z)", "'a'.startswith(('b',)*10**7)"])
    + table("types", "import types", ["t=int|str\nfor _ in range(1): t=list[t]", "isinstance(1, int|str)", "type('A',tuple(type('B%d'%i,(),{}) for i in range(300)),{})"])
    + table("io", "import io;s='a\\n'*10**7;b=s.encode()", ["io.StringIO(s).read()", "io.StringIO(s).readlines()", "io.BytesIO(b).readlines()", "list(io.StringIO(s))", "io.TextIOWrapper(io.BytesIO(b)).read()", "io.StringIO().writelines(iter(['a']*10**7))", "io.StringIO(s,newline=None).read()", "print(s,file=io.StringIO())"])
    + table("source", "s='x=1\\n'*10**5;t='x='+'+'.join(['1']*10)+'\\n'", ["compile(s,'f','exec')", "eval('['+'1,'*10**6+']')", "exec(s)", "compile('#'*10**8,'f','exec')", "compile('x=\"'+'a'*10**8+'\"','f','exec')"])
    + table("gc", "x=[[] for i in range(5*10**6)]", ["__import__('gc').collect()", "[[] for i in range(10**6)]", "x.copy()", "list(map(id,x))", "repr(x)", "x==[[] for i in x]"])
    + table("struct-like", "l=list(range(10**6))", ["str.join(',',map(str,l))", "'%s'*10**6 % tuple(l)", "'{}'.__mul__(10**6).format(*l)", "'{:>10}'.__mul__(10**6).format(*l)", "str(l)", "eval(str(l))", "'%(a)s'*10**6 % {'a':1}", "(lambda *a: a)(*l)", "max(*l)", "{}.__class__(zip(l,l))"])
)
