"""Richards: the result of `run`, the scheduler's counters, and the state of every task and its packets."""

ITERATIONS = {"small": 1, "normal": 16}


def packets(first):
    chain = []
    while first is not None:
        chain.append((first.ident, first.kind, first.datum, first.data))
        first = first.link
    return chain


def state(record):
    return {name: packets(value) if name in ("pending", "work_in", "device_in") else value
            for name, value in record.__dict__.items()}


def check(benchmark, size):
    if size == "small":
        # The idle task counts from 10,000 otherwise, and the counters that `run` expects are for that.
        class ShortIdleTaskRec(benchmark.IdleTaskRec):
            def __init__(self):
                super().__init__()
                self.count = 1000

        benchmark.IdleTaskRec = ShortIdleTaskRec
    result = benchmark.Richards().run(ITERATIONS[size])
    area = benchmark.taskWorkArea
    tasks = [None if task is None else
             (task.ident, task.priority, packets(task.input), task.packet_pending, task.task_waiting,
              task.task_holding, type(task.handle).__name__.replace("Short", ""), state(task.handle))
             for task in area.taskTab]
    length, task = 0, area.taskList
    while task is not None:
        length, task = length + 1, task.link
    return [("run", result), ("holdCount", area.holdCount), ("qpktCount", area.qpktCount), ("taskTab", tasks),
            ("taskList.length", length)]
