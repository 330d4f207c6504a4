"""Runs the random programs of tests/contracts/tasks/program.rs on asyncio, and prints what they log.

Each line of the file that $PROGRAMS names is a program in JSON.
"""

import asyncio
import json
import os

PROMISES = 3
LIMIT = 60
LAST_MOMENT = 40


class World:
    def __init__(self, loop, program):
        self.loop, self.program = loop, program
        self.promises = [loop.create_future() for _ in range(PROMISES)]
        self.started = 0

    def log(self, who, what):
        print(f"{self.loop.time():.0f} {who} {what}")

    def begin(self):
        self.started += 1
        return self.started - 1 if self.started <= LIMIT else None

    def call(self, body, told):
        if (me := self.begin()) is None:
            return
        self.log(me, f"called {told}")
        for step in self.program[body]:
            self.at_once(*step)

    def keep(self, promise):
        if not self.promises[promise].done():
            self.promises[promise].set_result(promise)

    def keep_all(self):
        for promise in range(PROMISES):
            self.keep(promise)

    def at_once(self, name, *args):
        match name, *args:
            case "spawn", body:
                if (me := self.begin()) is not None:
                    return self.loop.create_task(self.task(body, me))
            case "soon", body:
                self.loop.call_soon(self.call, body, 0)
            case "later", delay, body:
                self.loop.call_later(delay, self.call, body, 0)
            case "keep", promise:
                self.keep(promise)
            case "kept", promise, body:
                self.add_done_callback(self.promises[promise], body)

    def add_done_callback(self, future, body):
        future.add_done_callback(lambda future: self.call(body, future.result()))

    async def task(self, body, me):
        self.log(me, "starts")
        handles = []
        for name, *args in self.program[body]:
            told = 0
            if name == "sleep":
                await asyncio.sleep(args[0])
            elif name in ("join_oldest", "join_newest") and handles:
                told = await handles.pop(0 if name == "join_oldest" else -1)
            elif name == "await":
                told = await self.promises[args[0]]
            elif name == "done":
                if handles:
                    self.add_done_callback(handles[-1], args[0])
                continue
            else:
                spawned = self.at_once(name, *args)
                handles += [spawned] if spawned else []
                continue
            self.log(me, f"goes on {told}")
        self.log(me, "ends")
        return me


def run(program):
    loop = asyncio.new_event_loop()
    # Tasks that are left behind are no error here.
    loop.set_exception_handler(lambda loop, context: None)
    world = World(loop, program)
    loop.call_later(LAST_MOMENT, world.keep_all)
    for root in range(2):
        me = world.begin()
        result = loop.run_until_complete(world.task(root, LIMIT if me is None else me))
        print(f"root {result} is over")
    loop.close()


with open(os.environ["PROGRAMS"], encoding="utf-8") as programs:
    for number, line in enumerate(programs):
        print(f"program {number}")
        run(json.loads(line))
