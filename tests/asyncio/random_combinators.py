"""Runs the random programs of tests/contracts/random/program.rs on asyncio, and prints what they log.

Each line of the file that $PROGRAMS names is a program in JSON. Where asyncio decides otherwise than the runtime
does, which has chosen so, the log ends with the line `choice`:

- A request reaches a task that could go on, within what could answer, or that can go on before it hears of it: asyncio
  throws all the same, the runtime lets the value through and keeps the request.
- A task asks itself, and suspends within what could answer: in asyncio it hears of it at its next turn, in the runtime
  at once.
- A task asks itself, and ends without a suspension: in asyncio it was cancelled, in the runtime its value is kept.
- A further request comes before the first is answered: in asyncio they are one.
- Whoever cancels its children asks one that has just answered: asyncio asks once more, the runtime lets it clean up.
- A child's failure reaches the body of its group in something that could answer: asyncio asks there, the runtime drops
  the body.
- A lock or a semaphore is free, and whoever waits for it was cancelled, but does not know yet: asyncio lets a newcomer
  pass, the runtime lets it queue up.
- A permit is given on, and somebody in the line was cancelled, but does not know yet: asyncio passes over them, in the
  runtime they pass it on at their turn.
- A permit is free, and somebody was given another one, but has not had its turn yet: asyncio lets a newcomer queue up,
  the runtime lets it pass.
"""

import asyncio
import collections.abc
import json
import os

EVENTS = 2
LOCKS = 1
SEMAPHORES = [1, 2]
LIMIT = 40
LAST_MOMENT = 30
WHENS = [asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.ALL_COMPLETED]


class Failure(Exception):
    """How a task fails."""


class Seen:
    """Awaits a future that is not cancelled if the awaiting task is: as with a handle of the runtime."""

    def __init__(self, future):
        self.future, self.cancelled, self.wakeup = future, False, None
        self._asyncio_future_blocking = False

    def __await__(self):
        if not self.future.done():
            self._asyncio_future_blocking = True
            try:
                yield self
            except asyncio.CancelledError:
                asyncio.current_task().missed(self.future.done())
                raise
        return self.result()

    def get_loop(self):
        return self.future.get_loop()

    def done(self):
        return self.cancelled or self.future.done()

    def add_done_callback(self, wakeup, *, context=None):
        self.wakeup, self.context = wakeup, context
        self.future.add_done_callback(self.wake, context=context)

    def wake(self, future):
        self.wakeup(self)

    def cancel(self, msg=None):
        if self.done():
            return False
        self.cancelled = True
        self.future.remove_done_callback(self.wake)
        self.get_loop().call_soon(self.wakeup, self, context=self.context)
        return True

    def result(self):
        if self.cancelled:
            raise asyncio.CancelledError
        if self.future.cancelled():
            return "lost"
        match self.future.exception():
            case Failure():
                return "failed"
            # A gather whose child was cancelled.
            case asyncio.CancelledError():
                return "lost"
        return self.future.result()


class Task(asyncio.Task):
    """A task that knows how many could answer a request, and whether one is under way."""

    def __init__(self, coro, **options):
        super().__init__(coro, **options)
        self.scopes, self.asked, self.begun, self.world = 0, False, False, None
        # It has heard in its last turn.
        self.heard = False
        self.groups = []

    def cancel(self, msg=None):
        if self.done():
            return False
        me = asyncio.current_task() is self
        waiter = self._fut_waiter
        goes_on = not me and self.begun and (waiter is None or waiter.done())
        group = next((group for group in self.groups if group.fails), None)
        if group is not None:
            # Those within the body.
            if self.scopes > group.scopes:
                self.world.choose()
        else:
            if self.scopes > 0 and (self.asked or me or goes_on):
                self.world.choose()
            if self.heard and not self.world.asks:
                self.world.choose()
            self.asked = True
        super().cancel()
        return True

    def missed(self, ready):
        """What it awaited was ready or not, when it heard the request."""
        if ready and self.scopes > 0:
            self.world.choose()

    def enter(self):
        """There is one more scope that could answer."""
        if self.asked:
            self.world.choose()
        self.scopes += 1

    def check_yield(self):
        if self.asked and self.scopes > 0:
            self.world.choose()


class Turns(collections.abc.Coroutine):
    """The body of a task, which notes when a turn begins."""

    def __init__(self, coro):
        self.coro = coro

    def send(self, value):
        self.task.heard = False
        return self.coro.send(value)

    def throw(self, *error):
        self.task.heard = False
        return self.coro.throw(*error)

    def close(self):
        self.coro.close()

    def __await__(self):
        return (yield from self.coro.__await__())


class Ordered(dict):
    """A set that keeps the order."""

    def add(self, it):
        self[it] = None

    def discard(self, it):
        self.pop(it, None)


class Group(asyncio.TaskGroup):
    """A group that says when it asks its owner to leave the body, and cancels its children in their order."""

    def __init__(self):
        super().__init__()
        self.fails, self._tasks = False, Ordered()

    async def __aenter__(self):
        self.owner = asyncio.current_task()
        self.owner.enter()
        self.scopes = self.owner.scopes
        self.owner.groups.append(self)
        return await super().__aenter__()

    def _on_task_done(self, task):
        self.fails = True
        try:
            super()._on_task_done(task)
        finally:
            self.fails = False
        if not self._tasks and self.owner.asked:
            self.owner.missed(True)

    def _abort(self):
        # The children are asked, and not the owner.
        was, self.fails = self.fails, False
        super()._abort()
        self.fails = was

    async def __aexit__(self, *how):
        try:
            return await super().__aexit__(*how)
        finally:
            self.owner.groups.remove(self)
            self.owner.scopes -= 1


class World:
    def __init__(self, loop, program):
        self.loop, self.program = loop, program
        self.events = [asyncio.Event() for _ in range(EVENTS)]
        self.locks = [asyncio.Lock() for _ in range(LOCKS)]
        self.semaphores = [asyncio.Semaphore(permits) for permits in SEMAPHORES]
        self.sets = [0] * EVENTS
        self.tasks, self.begun, self.log = [], 0, []
        self.chosen = False
        # A request comes from a step, and not from a gather, a group or a wait_for.
        self.asks = False

    def choose(self):
        if not self.chosen:
            self.chosen = True
            self.log.append("choice")

    def say(self, who, what):
        if not self.chosen:
            self.log.append(f"{self.loop.time():.0f} {who} {what}")

    async def main(self):
        self.spawn(0)
        self.spawn(1)
        await asyncio.sleep(LAST_MOMENT)
        while not all(task.done() for task in self.tasks) and not self.chosen:
            for task in list(self.tasks):
                self.ask(task)
            await asyncio.sleep(1)

    def begin(self):
        self.begun += 1
        return self.begun - 1 if self.begun <= LIMIT else None

    def spawn(self, body, create=None):
        if (me := self.begin()) is None:
            return None
        turns = Turns(self.task(body, me))
        turns.task = task = (create or self.loop.create_task)(turns)
        task.world = self
        self.tasks.append(task)
        return task

    def spawn_all(self, bodies):
        tasks = [self.spawn(body) for body in bodies]
        return [task for task in tasks if task is not None]

    async def task(self, body, me):
        asyncio.current_task().begun = True
        self.say(me, "starts")
        try:
            await self.body(body, me)
        except (asyncio.CancelledError, Failure):
            raise
        except Exception as error:
            self.say(me, f"has a mistake: {error!r}")
            raise
        self.say(me, "ends")
        if asyncio.current_task().asked:
            self.choose()
        return me

    async def body(self, body, me):
        handles = []
        for name, *args in self.program[body]:
            told = await getattr(self, f"do_{name}")(me, handles, *args)
            if told is not None:
                self.say(me, told)

    async def do_sleep(self, me, handles, delay):
        await (asyncio.sleep(delay) if delay > 0 else self.yields())
        return "goes on"

    async def do_spawn(self, me, handles, body):
        if (task := self.spawn(body)) is not None:
            handles.append(task)

    async def do_join(self, me, handles, place):
        if handles:
            return f"joins {await Seen(handles.pop(place))}"

    async def do_cancel(self, me, handles, task):
        if task < len(self.tasks):
            return f"cancels: {int(self.ask(self.tasks[task]))}"

    def ask(self, task):
        self.asks = True
        try:
            return task.cancel()
        finally:
            self.asks = False

    async def do_fail(self, me, handles):
        raise Failure

    async def do_catch(self, me, handles, body, resumes):
        task = asyncio.current_task()
        scopes = task.scopes
        task.enter()
        try:
            await self.body(body, me)
        except asyncio.CancelledError:
            if any(group._aborting and group.scopes <= scopes for group in task.groups):
                # It was the group.
                raise
            task.asked, task.heard = False, True
            task.scopes = scopes
            self.say(me, "hears")
            if resumes:
                task.asked = True
                raise
        finally:
            task.scopes = scopes

    async def do_set(self, me, handles, event, clears):
        self.events[event].set()
        self.sets[event] += 1
        if clears:
            self.events[event].clear()

    async def do_wait_event(self, me, handles, event):
        sets = self.sets[event]
        try:
            await self.events[event].wait()
        except asyncio.CancelledError:
            asyncio.current_task().missed(self.sets[event] > sets)
            raise
        return "goes on"

    async def hold(self, it, free, me, told, body):
        passes = asyncio.Future.done if it in self.semaphores else asyncio.Future.cancelled
        if free() and any(map(passes, it._waiters or ())):
            self.choose()
        try:
            await it.acquire()
        except asyncio.CancelledError:
            asyncio.current_task().missed(free())
            self.check_line(it)
            raise
        try:
            self.say(me, told)
            await self.body(body, me)
        finally:
            self.check_line(it)
            it.release()

    def check_line(self, it):
        """A permit is given on while somebody in the line was cancelled."""
        if it in self.semaphores and any(waiter.cancelled() for waiter in it._waiters or ()):
            self.choose()

    async def do_lock(self, me, handles, lock, body):
        it = self.locks[lock]
        await self.hold(it, lambda: not it._locked, me, f"locks {lock}", body)

    async def do_acquire(self, me, handles, semaphore, body):
        it = self.semaphores[semaphore]
        await self.hold(it, lambda: it._value > 0, me, f"acquires {semaphore}", body)

    async def do_gather(self, me, handles, bodies):
        return f"gathers {await self.gathered(self.spawn_all(bodies))}"

    async def do_gather_all(self, me, handles, bodies):
        tasks = self.spawn_all(bodies)
        await self.gathered(tasks, return_exceptions=True)
        ends = [str(Seen(task).result()) for task in tasks]
        return f"gathers all: {' '.join(ends)}"

    async def gathered(self, tasks, **options):
        """Awaits a gather, but that the awaiting task cancels the children when it hears the request, and not before, and
        awaits all of them, and not until one was cancelled: choices of the runtime."""
        me = asyncio.current_task()
        gathered = asyncio.gather(*tasks, **options)
        me.enter()
        try:
            return await Seen(gathered)
        except asyncio.CancelledError:
            gathered.cancel()
            await asyncio.wait(tasks)
            raise
        finally:
            me.scopes -= 1

    async def do_wait(self, me, handles, when, limit):
        if not handles:
            return None
        over = sum(task.done() for task in handles)
        try:
            done, pending = await asyncio.wait(handles, timeout=limit, return_when=WHENS[when])
        except asyncio.CancelledError:
            asyncio.current_task().missed(sum(task.done() for task in handles) > over)
            raise
        handles[:] = [task for task in handles if task in pending]
        return f"waited: {len(done)} done, {len(pending)} pending"

    async def do_wait_for(self, me, handles, limit, body):
        if (task := self.spawn(body)) is None:
            return None
        return f"waited for {await self.limited(task, limit)}"

    async def limited(self, task, limit):
        """asyncio.wait_for, but that the task has one more turn at the limit: a choice of the runtime."""
        owner = asyncio.current_task()
        owner.enter()
        asked = False
        try:
            await asyncio.wait([task], timeout=limit)
            if not task.done():
                await self.yields()
            if not task.done():
                asked = task.cancel()
                await asyncio.wait([task])
        except asyncio.CancelledError:
            owner.missed(task.done())
            if not task.done():
                if not asked:
                    task.cancel()
                await asyncio.wait([task])
            raise
        finally:
            owner.scopes -= 1
        end = Seen(task).result()
        return "elapsed" if asked and end == "lost" else end

    async def yields(self):
        asyncio.current_task().check_yield()
        await asyncio.sleep(0)

    async def do_shield(self, me, handles, body):
        if (task := self.spawn(body)) is not None:
            return f"shielded {await Seen(asyncio.shield(task))}"

    async def do_group(self, me, handles, children, body):
        failed = False
        try:
            async with Group() as group:
                for child in children:
                    self.spawn(child, group.create_task)
                try:
                    await self.body(body, me)
                except Failure:
                    failed = True
                    raise
        except BaseExceptionGroup as failures:
            if failed:
                raise Failure from None
            return f"group fails {len(failures.exceptions)}"
        return "group ends"


def run(program):
    loop = asyncio.new_event_loop()
    # Tasks that fail are no error here.
    loop.set_exception_handler(lambda loop, context: None)
    loop.set_task_factory(lambda loop, coro, **options: Task(coro, loop=loop, **options))
    asyncio.set_event_loop(loop)
    world = World(loop, program)
    main = loop.create_task(world.main())
    main.world = world
    loop.run_until_complete(main)
    print("\n".join(world.log))
    asyncio.set_event_loop(None)


with open(os.environ["PROGRAMS"], encoding="utf-8") as programs:
    for number, line in enumerate(programs):
        print(f"program {number}")
        run(json.loads(line))
