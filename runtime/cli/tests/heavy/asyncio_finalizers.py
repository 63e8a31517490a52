# What is told of futures and tasks that are garbage, and of which nothing is: done ones, and those that were asked. When it is
# told is the collector's affair.
import asyncio
import gc

said = []


class Task(asyncio.Task):
    def __del__(self):
        said.append(f"del {self.get_name()} {self.done()}")
        super().__del__()


async def result():
    return 1


async def failure():
    raise KeyError("task")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(f"{context['message']}: {context.get('exception')!r}"))
    await Task(result(), loop=loop, name="own")
    gc.collect()

    f = loop.create_future()
    f.set_exception(ValueError("unseen"))
    del f
    gc.collect()

    f = loop.create_future()
    f.set_exception(ValueError("seen"))
    print(repr(f.exception()))
    del f
    gc.collect()

    f = loop.create_future()
    f.set_result(1)
    gc.collect()
    f.__init__(loop=loop)
    gc.collect()
    f.set_exception(ValueError("after a second __init__"))
    del f
    gc.collect()

    f = loop.create_future()
    f.cancel()
    del f
    gc.collect()

    t = asyncio.create_task(failure())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(t.done(), gc.is_finalized(t))
    del t
    gc.collect()

    tasks = [asyncio.create_task(result()) for _ in range(100)]
    print(sum(await asyncio.gather(*tasks)), gc.is_finalized(tasks[0]))
    del tasks
    gc.collect()


asyncio.run(main())
gc.collect()
for line in sorted(said):
    print(line)
