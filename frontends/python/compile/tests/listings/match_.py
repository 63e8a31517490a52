# Captures are bound only when the whole pattern has matched; the subject is kept in a temporary.
def f(x):
    match x:
        case [1, y, *_]:
            return y
        case {"k": v} if v:
            return v
        case P(z) | Q(a=z):
            return z
        case None:
            pass
