# Slices as the opcodes for them take them: guarded paths, and what leaves those.
def f(x,a,b): return x[a:b]
for x in ([1,2,3,4],(1,2,3,4),'abcd',b'abcd',range(4),bytearray(b'abcd')):
    for _ in range(3): print(f(x,1,3), f(x,None,-1), f(x,-2,None), f(x,9,1), end=' ')
    print()
class I:
    def __index__(self): return 1
print(f([1,2,3],I(),None), f('abc',I(),2))
try: f([1],'a',2)
except TypeError as e: print(e)
try: f(5,1,2)
except TypeError as e: print(e)
def s(x,a,b,v): x[a:b]=v; return x
for _ in range(3):
    print(s([1,2,3,4],1,3,[9]), s([1,2,3,4],None,2,[7,8]), s([1,2],0,0,[5]), s([1,2,3],I(),2,'ab'), s([1,2,3],0,1,range(3)))
x=[1,2,3]; print(s(x,1,2,x)); print(s(bytearray(b'abc'),0,1,b'zz'))
try: s((1,),0,1,[2])
except TypeError as e: print(e)
try: s([1],0,1,5)
except TypeError as e: print(e)
