"""asyncio over TCP: how many bytes arrive, and a sample of them, with and without TLS."""

CHUNK = {"small": 1000, "normal": 1000000}


def check(benchmark, size, *options):
    benchmark.CHUNK_SIZE = CHUNK[size]
    received = []

    class Recorded:
        """What the benchmark uses of the module, with a reader that counts."""

        def __getattr__(self, name):
            return getattr(asyncio, name)

        async def open_connection(self, *args, **keywords):
            reader, writer = await asyncio.open_connection(*args, **keywords)
            read = reader.read

            async def recorded(count):
                data = await read(count)
                received.append((len(data), data.count(b"x")))
                return data

            reader.read = recorded
            return reader, writer

    asyncio = benchmark.asyncio
    benchmark.asyncio = Recorded()
    result = asyncio.run(benchmark.main("--ssl" in options))
    return [("main", result), ("bytes", sum([length for length, _ in received])),
            ("content", sum([count for _, count in received])), ("end", received[-1])]
