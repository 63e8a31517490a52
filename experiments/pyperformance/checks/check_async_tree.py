"""Async tree: what the leaves return, in the order in which they begin, the cache, and the next random number."""

# Levels, branches, and the time that an input or output takes.
SHAPE = {"small": (3, 3, 0.001), "normal": (5, 5, 0.02)}


def check(benchmark, size, name, *options):
    asyncio = benchmark.asyncio
    benchmark.NUM_RECURSE_LEVELS, benchmark.NUM_RECURSE_BRANCHES, benchmark.IO_SLEEP_TIME = SHAPE[size]
    results, factories = [], []

    class Recorded(benchmark.BENCHMARKS[name]):
        async def workload_func(self):
            index = len(results)
            results.append("unfinished")
            results[index] = await super().workload_func()

    tree = Recorded(use_task_groups="--task-groups" in options)

    async def main():
        await tree.run()
        factory = asyncio.get_running_loop().get_task_factory()
        eager = getattr(asyncio, "eager_task_factory", None) if name.startswith("eager") else None
        factories.append(factory is eager)
        return len(asyncio.all_tasks())

    left = asyncio.run(main())
    return [("workload_func", results), ("cache", sorted(tree.cache.items())), ("task.factory", factories),
            ("tasks.left", left), ("random", benchmark.random.random())]
