# The exit method's window stays below all that the body uses; on the way out of a `return` it is copied above the value.
def f(m, x):
    with m as y:
        return x + y


# The ends of both statements cannot be reached, nor the handler of the inner one, which protects nothing.
async def leave():
    async with a as b, c:
        return
