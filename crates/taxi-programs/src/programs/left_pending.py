"""A loop is closed, and a task is not over."""

import asyncio
import gc


async def meter():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("the meter prints its receipt")
        raise


async def ride():
    asyncio.create_task(meter(), name="meter")
    await asyncio.sleep(1)
    print("the ride is over")


def tell(loop, context):
    print(f"{context['message']} {context['task'].get_name()}")


loop = asyncio.new_event_loop()
loop.set_exception_handler(tell)
loop.run_until_complete(ride())
loop.close()
gc.collect()
# asyncio.run cancels what is left.
asyncio.run(ride())
