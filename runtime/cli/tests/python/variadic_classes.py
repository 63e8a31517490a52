# Classes, functions and aliases with a type parameter that stands for several (PEP 695 with PEP 646).
class Only[*Ts]:
    pass

class Mixed[X, *Ts, **P]:
    def method(self, *args: *Ts) -> X:
        pass

class Below[*Ts](Only[int, *Ts]):
    pass

for c in Only, Mixed, Below:
    print(c.__type_params__, c.__parameters__, c.__orig_bases__, [b.__name__ for b in c.__mro__])
print(Only[int, str].__args__, Only[()].__args__, Mixed[int, str, bytes, [int]].__args__)
print(Below[str], Below[str].__origin__.__orig_bases__, Mixed.method.__annotations__)
try:
    Mixed[int]
except TypeError as e:
    print(e)

def function[*Ts](*args: *Ts) -> tuple[*Ts]:
    return args

print(function.__type_params__, function.__annotations__, function(1, 2))
type Alias[X, *Ts] = dict[X, tuple[*Ts]]
print(Alias.__parameters__, Alias.__value__, Alias[int, str, bytes].__args__)
