# Every way out of the `try` runs the `finally` clause, outside of the region it guards; what is returned was evaluated
# before.
def f(x):
    for i in x:
        try:
            if i:
                return x
            continue
        finally:
            x = None
