"""Connects to many targets, and prints how many answered and how many seconds that took: targets, ports, limit, time-out."""
import asyncio
import sys
import time

targets, ports = open(sys.argv[1]).read().split(), [int(port) for port in sys.argv[2].split(",")]
limit, timeout = asyncio.Semaphore(int(sys.argv[3])), float(sys.argv[4])


async def test(target, port):
    async with limit:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(target, port), timeout)
        except (OSError, asyncio.TimeoutError):
            return False
        writer.close()
        return True


async def main():
    started = time.perf_counter()
    answers = await asyncio.gather(*(test(target, ports[i % len(ports)]) for i, target in enumerate(targets)))
    print(sum(answers), time.perf_counter() - started)


asyncio.run(main())
