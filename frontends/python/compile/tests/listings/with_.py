# The exit method's window stays below all that the body uses; on the way out of a `return` it is copied above the value.
def f(m, x):
    with m as y:
        return x + y
