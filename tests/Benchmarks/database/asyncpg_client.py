"""The same through asyncpg: a pool of twenty, as many tasks as there are queries, gathered."""
import asyncio
import os
import sys
import time

import asyncpg

QUERY = "select $1::int as id, 'name ' || $1::int as name"
ALL = "select i as id, 'name ' || i as name from generate_series(1, $1) i"


async def run(pool, work, count):
    if work == "queries":
        return await asyncio.gather(*(pool.fetchrow(QUERY, i + 1) for i in range(count)))
    return await pool.fetch(ALL, count)


async def main(work, count):
    settings = dict(pair.split("=", 1) for pair in os.environ["ASYNCJOBS_DATABASE"].split(";"))
    async with asyncpg.create_pool(
        host=settings["Host"], port=int(settings["Port"]), user=settings["Username"],
        password=settings["Password"], database=settings["Database"], max_size=20,
    ) as pool:
        await run(pool, work, count // 10)
        start = time.perf_counter()
        results = await run(pool, work, count)
        seconds = time.perf_counter() - start

    for i, row in enumerate(results):
        if (row["id"], row["name"]) != (i + 1, f"name {i + 1}"):
            raise SystemExit(f"result {i} is {row}")
    print(f"{count / seconds:.1f}")


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
