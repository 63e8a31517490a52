# `await` is a loop of send and delegated yield; a StopIteration must not leave the body.
async def f(a):
    async for x in a:
        await x
    yield 1
