# asyncio's side of the costs: a line "name=microseconds" for each kind of work.
import asyncio
import gc
import sys
import time
import tracemalloc

COUNT = int(sys.argv[1])


async def sleep_and_return():
    await asyncio.sleep(0)
    return 1


async def await_it(future):
    return await future


async def add_one(number, future):
    await future
    return number + 1


async def each(name, count, work):
    gc.collect()
    start = time.perf_counter()
    await work(count)
    print(f"{name}={(time.perf_counter() - start) * 1e6 / count}")


async def main():
    done = asyncio.get_running_loop().create_future()
    done.set_result(1)

    async def start(count):
        await asyncio.gather(*[asyncio.create_task(sleep_and_return()) for _ in range(count)])

    async def task_in_task(count):
        for _ in range(count):
            await asyncio.create_task(await_it(done))

    async def function(count):
        for number in range(count):
            await add_one(number, done)

    async def await_done(count):
        for _ in range(count):
            await done

    async def sleep(count):
        for _ in range(count):
            await asyncio.sleep(0)

    async def queue(count):
        items = asyncio.Queue(100)

        async def put():
            for number in range(count):
                await items.put(number)

        async def get():
            for _ in range(count):
                await items.get()

        await asyncio.gather(put(), get())

    await each("start", COUNT, start)
    await each("task", COUNT, task_in_task)
    await each("function", COUNT, function)
    await each("await", COUNT, await_done)
    await each("sleep", COUNT, sleep)
    await each("queue", COUNT, queue)

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tasks = [asyncio.create_task(asyncio.sleep(1000)) for _ in range(10000)]
    await asyncio.sleep(0)
    print(f"asleep={(tracemalloc.get_traced_memory()[0] - before) / len(tasks)}")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


asyncio.run(main())
