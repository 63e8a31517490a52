"""SQLite: the rows that come back, the aggregate's value, and the kind of an error."""

ROWS = {"small": 100, "normal": 60000}


def check(benchmark, size):
    finalized = []

    class AvgLength(benchmark.AvgLength):
        def finalize(self):
            value = super().finalize()
            finalized.append((self.count, value))
            return value

    benchmark.AvgLength = AvgLength
    benchmark.bench_sqlite(ROWS[size])
    connection = benchmark.sqlite3.connect(":memory:")
    connection.execute("create table numbers (x, y, z)")
    for i in range(50):
        connection.execute("insert into numbers values (?, ?, ?)", [i, i / 4, None if i % 5 else str(i)])
    connection.create_function("twice", 1, lambda x: x + x)
    rows = connection.execute("select x, y, z, twice(x), typeof(z) from numbers order by x desc").fetchall()
    try:
        connection.execute("select nothing from numbers")
    except benchmark.sqlite3.OperationalError as error:
        refused = type(error).__name__
    connection.close()
    return [("AvgLength", finalized), ("rows", rows), ("error", refused)]
