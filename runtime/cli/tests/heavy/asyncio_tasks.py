# _asyncio: futures and tasks, with a loop of ten lines, so that all happens in a known order.
import _asyncio
import contextvars
import gc


def attempt(f, *args, **keywords):
    try:
        return f(*args, **keywords)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


class Loop:
    def __init__(self, debug=False):
        self.ready, self.debug, self.running = [], debug, False

    def get_debug(self):
        return self.debug

    def is_running(self):
        return self.running

    def call_soon(self, callback, *args, context=None):
        self.ready.append((callback, args, context))

    def call_exception_handler(self, context):
        print("handler:", {k: type(v).__name__ if k in ("future", "task", "source_traceback") else v for k, v in context.items()})

    def run(self):
        self.running = True
        _asyncio._set_running_loop(self)
        while self.ready:
            callback, args, context = self.ready.pop(0)
            context.run(callback, *args)
        self.running = False
        _asyncio._set_running_loop(None)

    def __repr__(self):
        return "<Loop>"


loop = Loop()
print(attempt(_asyncio.get_running_loop), _asyncio._get_running_loop(), attempt(_asyncio.current_task))

# futures
future = _asyncio.Future(loop=loop)
print(future, future._state, future._loop, future.done(), future.cancelled(), future._callbacks, future._log_traceback)
print(attempt(future.result), attempt(future.exception), attempt(future.set_exception, 5), attempt(future.set_exception, StopIteration))
print(attempt(setattr, future, "_log_traceback", True), attempt(delattr, future, "_log_traceback"), attempt(_asyncio.Future, loop))
log = []
future.add_done_callback(log.append)
future.add_done_callback(print)
future.add_done_callback(log.append, context=contextvars.Context())
print([c for c, _ in future._callbacks] == [log.append, print, log.append], future.remove_done_callback(print), future.remove_done_callback(print))
print(future.set_result("r"), future.result(), future.exception(), future._callbacks, attempt(future.set_result, 1), future.cancel())
loop.run()
print(log == [future, future], future)
log.clear()
future.add_done_callback(log.append)
loop.run()
print(len(log), attempt(_asyncio.Future.__new__(_asyncio.Future).result), attempt(_asyncio.Future.__new__(_asyncio.Future).get_loop))
future = _asyncio.Future(loop=loop)
print(future.cancel("why"), future.cancel(), future, attempt(future.result), attempt(future.exception), future._cancel_message)
future = _asyncio.Future(loop=loop)
future.set_exception(KeyError("k"))
print(attempt(future.result), future._log_traceback, type(future.exception()).__name__)
del future
future = _asyncio.Future(loop=Loop(True))
future.set_exception(ValueError("unseen"))
del future
gc.collect()

# awaiting by hand
future = _asyncio.Future(loop=loop)
i = iter(future)
print(next(i) is future, future._asyncio_future_blocking, attempt(next, i), attempt(i.send, 1))
future.set_result(3)
print(attempt(next, i), attempt(i.throw, KeyError("x")), attempt(next, i), i.close())


# tasks
async def ends(v):
    return v


async def waits(future, result="done"):
    print("current:", _asyncio.current_task().get_name(), _asyncio.current_task(loop) in _asyncio._scheduled_tasks)
    got = await future
    return got, result


async def catches(future):
    try:
        await future
    except BaseException as e:
        print("caught", type(e).__name__, e.args)
        raise


future = _asyncio.Future(loop=loop)
first, second = _asyncio.Task(waits(future), loop=loop, name="first"), _asyncio.Task(waits(future, 2), loop=loop, name=2)
print(first._fut_waiter, first._must_cancel, first.cancelling(), first.get_name(), second.get_name(), attempt(first.set_result, 1))
loop.run()
print(first._fut_waiter is future, first in _asyncio._scheduled_tasks, type(future._callbacks[0][0]).__name__, _asyncio._current_tasks)
future.set_result("got")
loop.run()
print(first.result(), second.result(), first._state, second.get_coro().cr_frame)

tasks = [_asyncio.Task(catches(_asyncio.Future(loop=loop)), loop=loop) for _ in range(3)]
print(tasks[0].cancel("early"), tasks[0]._must_cancel, tasks[0].cancelling())
loop.run()
print(tasks[1].cancel(msg="late"), tasks[1].cancelling(), tasks[1].cancel(), tasks[1].cancelling(), tasks[1].uncancel(), tasks[1].uncancel(), tasks[1].uncancel())
tasks[2]._fut_waiter.set_exception(OSError(1, "no"))
loop.run()
print([t._state for t in tasks], [attempt(t.result) for t in tasks])


class Yields:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        yield self.v


async def yields(v):
    try:
        await Yields(v)
    except RuntimeError as e:
        return str(e).split(" object")[0].split("<")[0]


async def own():
    await Yields(_asyncio.current_task())


for v in (None, 5, _asyncio.Future(loop=loop), _asyncio.Future(loop=Loop()), (x for x in ())):
    task = _asyncio.Task(yields(v), loop=loop)
    loop.run()
    print(task.result())
task = _asyncio.Task(own(), loop=loop)
loop.run()
print(str(task.exception()).split("<")[0])


class Foreign:
    _asyncio_future_blocking = True

    def get_loop(self):
        return loop

    def add_done_callback(self, callback, *, context):
        print("added", callback.__name__, type(context).__name__)
        loop.call_soon(callback, self, context=context)

    def result(self):
        return 1

    def __await__(self):
        yield self
        return "foreign"


async def await_foreign():
    return await Foreign()


task = _asyncio.Task(await_foreign(), loop=loop)
loop.run()
print(task.result())

# contexts
variable = contextvars.ContextVar("variable", default=0)


async def counts(future):
    variable.set(variable.get() + 1)
    await future
    return variable.get()


context = contextvars.copy_context()
context.run(variable.set, 10)
future = _asyncio.Future(loop=loop)
tasks = [_asyncio.Task(counts(future), loop=loop), _asyncio.Task(counts(future), loop=loop, context=context)]
loop.run()
future.set_result(None)
loop.run()
print([t.result() for t in tasks], variable.get(), context[variable], tasks[1].get_context() is context)


# eager tasks
async def starts():
    async def eager(v):
        print("eager:", _asyncio.current_task().get_name(), len(_asyncio._eager_tasks), v)
        return await v if isinstance(v, _asyncio.Future) else v

    done = _asyncio.Task(eager(1), loop=loop, name="done", eager_start=True)
    print(done, done._coro, _asyncio.current_task().get_name())
    later = _asyncio.Task(eager(_asyncio.Future(loop=loop)), loop=loop, name="later", eager_start=True)
    print(later._state, later in _asyncio._scheduled_tasks, len(_asyncio._eager_tasks))
    later._fut_waiter.set_result("later")
    return await later


task = _asyncio.Task(starts(), loop=loop, name="starts")
loop.run()
print(task.result())


# endings
async def exits():
    raise SystemExit(3)


task = _asyncio.Task(exits(), loop=loop)
print(attempt(loop.run), attempt(task.result))
_asyncio._set_running_loop(None)
wrapped = []
coroutine = ends(1)
task = _asyncio.Task(coroutine, loop=loop, name="one")
step = loop.ready[0][0]
print(type(step).__name__, step.__self__ is task, attempt(step, 1), attempt(step, a=1))
loop.run()
print(attempt(step).split(": <")[0])
print(attempt(_asyncio.Task, 1, loop=loop), _asyncio._enter_task(loop, 1), attempt(_asyncio._enter_task, loop, 2), attempt(_asyncio._leave_task, loop, 2))
print(_asyncio._swap_current_task(loop, 3), _asyncio._swap_current_task(loop, None), attempt(_asyncio._leave_task, loop, 3))


def abandon():
    lost = Loop()
    task = _asyncio.Task(waits(_asyncio.Future(loop=lost)), loop=lost, name="lost")
    lost.ready.clear()
    return task._coro


coroutine = abandon()
gc.collect()
coroutine.close()


class Own(_asyncio.Task):
    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.extra = 1

    def cancel(self, msg=None):
        print("own cancel", msg)
        return super().cancel(msg)


task = Own(ends(5), loop=loop)
print(task.cancel("m"), task.extra, _asyncio.Task[int])
loop.run()
print(attempt(task.result), task.cancelled())
