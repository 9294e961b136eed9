"""The requests through aiohttp: as many tasks as there are URLs, a limit on connections, gathered."""
import asyncio
import sys
import time

import aiohttp


async def fetch(session, url):
    async with session.get(url) as response:
        response.raise_for_status()
        return await response.text()


async def main(address, count, limit):
    urls = [f"{address}/pages/{i % 1000}.txt" for i in range(count)]
    connector = aiohttp.TCPConnector(limit=limit)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(fetch(session, url) for url in urls))
        start = time.perf_counter()
        results = await asyncio.gather(*(fetch(session, url) for url in urls))
        seconds = time.perf_counter() - start

    for i, text in enumerate(results):
        if len(text) != 1024 or not text.startswith(f"{i % 1000} "):
            raise SystemExit(f"result {i} is not that of {urls[i]}")
    print(f"{count / seconds:.1f}")


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
