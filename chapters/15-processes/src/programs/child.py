"""Three programs are started, and each is waited for: how it ended is its status."""

import asyncio
import signal


# ANCHOR: main
async def main():
    true = await asyncio.create_subprocess_exec("true")
    print(f"true: {await true.wait()}")

    printer = await asyncio.create_subprocess_exec("sh", "-c", "exit 3")
    print(f"printer: {await printer.wait()}")

    radio = await asyncio.create_subprocess_exec("sleep", "1000")
    print(f"radio has ended: {str(radio.returncode is not None).lower()}")
    radio.terminate()
    status = await radio.wait()
    print(f"radio was ended by SIGTERM: {str(status == -signal.SIGTERM).lower()}")

    try:
        await asyncio.create_subprocess_exec("no-such-program")
    except FileNotFoundError:
        print("no-such-program: NotFound")
# ANCHOR_END: main


asyncio.run(main())
