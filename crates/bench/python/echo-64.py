"""The echo with this many connections."""

import echo


async def work(size):
    return await echo.serve(64, size, CALLERS)
