"""Waits, each time, for another thread to wake the loop."""

import asyncio
import queue
import threading


async def work(size):
    loop = asyncio.get_running_loop()
    to_call = queue.SimpleQueue()
    answered = 0

    def calls():
        nonlocal answered
        while (future := to_call.get()) is not None:
            answered += 1
            loop.call_soon_threadsafe(future.set_result, None)

    thread = threading.Thread(target=calls)
    thread.start()
    for _ in range(size):
        future = loop.create_future()
        to_call.put(future)
        await future
    to_call.put(None)
    thread.join()
    return answered
