# aiter and anext, with and without a default.
async def agen():
    yield 1
    yield 2
class AI:
    def __init__(s): s.n = 0
    def __aiter__(s): return s
    async def __anext__(s):
        s.n += 1
        if s.n > 2: raise StopAsyncIteration
        return s.n
class AK:
    def __anext__(s): return 5
def run(co):
    sent = None
    while True:
        try: v = co.send(sent); print('yielded', v); sent = 'sent'
        except StopIteration as e: return e.value
async def main():
    for a in (agen(), AI()):
        it = aiter(a)
        print(await anext(it), await anext(it, 'd'), await anext(it, 'default'), await anext(it, None))
        try: await anext(it)
        except StopAsyncIteration: print('stopped')
    try: await anext(AK(), 3)
    except TypeError as e: print(e)
    try: await anext(5)
    except TypeError as e: print(e)
    a = anext(AI(), 4); print(type(a).__name__); print(await a)
    return 'end'
print(run(main()))
