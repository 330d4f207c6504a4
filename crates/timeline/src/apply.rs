//! What each kind of event does to the state, and when it cannot.

use crate::mail::is_unasked;
use crate::state::{CallbackState, Move, State, TimerState};
use crate::{By, ClockKind, End, Event, Runnable, Task, What};

pub(crate) fn ensure(is: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if is { Ok(()) } else { Err(why()) }
}

/// The index of what has the number `number`, counted from 1.
pub(crate) fn index(number: u32, count: usize, what: &str) -> Result<usize, String> {
    let index = (number as usize)
        .checked_sub(1)
        .filter(|index| *index < count);
    index.ok_or_else(|| format!("there is no {what} {number}"))
}

/// The numbers have no holes.
pub(crate) fn is_next(number: u32, count: usize, what: &str) -> Result<(), String> {
    ensure(number as usize == count + 1, || {
        format!("{what} {number} is new, although {count} were there")
    })
}

impl<'t> State<'t> {
    /// Changes the state as `event` says, or says why it cannot have happened.
    pub(crate) fn apply(&mut self, event: &'t Event) -> Result<(), String> {
        self.moves.clear();
        self.tell_time(event)?;
        let unasked = is_unasked(self.delivered.take(), &event.what);
        ensure(!unasked, || "no mail that was just read asks for it".into())?;
        match &event.what {
            What::Mailed { .. } | What::MailRead { .. } | What::MailRefused { .. } => {
                self.apply_to_mail(&event.what)
            }
            What::LoopStarted { .. }
            | What::LoopEnded
            | What::Jumped { .. }
            | What::Parked { .. }
            | What::Unparked => self.apply_to_loop(&event.what),
            What::CallbackQueued { .. }
            | What::CallbackCalled { .. }
            | What::CallbackReturned { .. } => self.apply_to_callback(&event.what),
            What::TimerSet { .. }
            | What::TimerFired { .. }
            | What::TimerCancelled { .. } => self.apply_to_timer(&event.what),
            What::SocketOpened { .. }
            | What::Tried { .. }
            | What::Ready { .. }
            | What::SocketClosed { .. } => self.apply_to_socket(&event.what),
            What::Printed { text, host } => {
                self.output.push(text);
                host.map_or(Ok(()), |host| self.network.host(host).map(|_| ()))
            }
            What::HostStarted { .. }
            | What::HostStopped { .. }
            | What::HostEnded { .. }
            | What::HostIs { .. }
            | What::Sent { .. }
            | What::Arrived { .. }
            | What::Lost { .. }
            | What::FaultBegan { .. }
            | What::FaultOver { .. } => self.network.apply(&event.what, event.at),
            _ => self.apply_to_task(&event.what),
        }
    }

    /// Time never goes back; and where it is virtual, it stands still between two jumps.
    fn tell_time(&mut self, event: &Event) -> Result<(), String> {
        let (now, at) = (self.now, event.at);
        let unseen = self.cut && matches!(event.what, What::Printed { .. });
        if !unseen && !matches!(event.what, What::LoopStarted { .. }) {
            let time = |nanos| crate::says::time(nanos);
            ensure(at >= now, || {
                format!("it happens at {}, after {}", time(at), time(now))
            })?;
            // Between simulated hosts it passes as it does on a wall.
            let simulated = self.depth() == 0 && !self.network.hosts().is_empty();
            let passes = simulated || self.clock == Some(ClockKind::Real);
            ensure(at == now || passes, || {
                format!(
                    "it is {} all at once: the clock stood at {}",
                    time(at),
                    time(now)
                )
            })?;
        }
        self.now = at;
        Ok(())
    }

    fn apply_to_loop(&mut self, what: &What) -> Result<(), String> {
        match *what {
            What::LoopStarted { clock, .. } => {
                self.clock = Some(clock);
                self.loops.push(self.running.len());
                self.parked = None;
            }
            What::LoopEnded => {
                let depth = self.loops.pop().ok_or("no loop runs")?;
                // After a panic, those it went through run no more.
                for left in self.running.split_off(depth.min(self.running.len())) {
                    self.stop(left);
                }
                self.parked = None;
            }
            What::Jumped { to } => {
                ensure(to > self.now, || "the clock jumps, but not forward".into())?;
                ensure(self.clock != Some(ClockKind::Real), || {
                    "the wall clock jumps".into()
                })?;
                self.now = to;
            }
            What::Parked { until } => {
                ensure(self.parked.is_none(), || "the loop waits already".into())?;
                self.parked = Some(until);
            }
            _ => {
                ensure(self.parked.is_some(), || "the loop did not wait".into())?;
                self.parked = None;
            }
        }
        Ok(())
    }

    fn stop(&mut self, runnable: Runnable) {
        match runnable {
            Runnable::Task(task) => {
                let step = self.step;
                self.moves.push(Move::Touched(task));
                if let Some(task) = self.tasks.get_mut(task as usize - 1) {
                    task.running = false;
                    task.since = step;
                }
            }
            Runnable::Callback(callback) => {
                self.callbacks[callback as usize - 1] = CallbackState::Returned;
            }
        }
    }

    /// A new entry at the end of the queue.
    fn enqueue(&mut self, runnable: Runnable) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.moves.push(Move::Queued(self.queue.len(), runnable));
        self.queue.insert(ticket, runnable);
        ticket
    }

    /// Takes `ticket` from wherever it is in the queue.
    fn unqueue(&mut self, ticket: u64) {
        let at = self.queue.range(..ticket).count();
        self.queue.remove(&ticket);
        self.moves.push(Move::Unqueued(at));
    }

    /// Takes the front of the queue, which must be `ticket`.
    fn dequeue(&mut self, ticket: u64) -> Result<(), String> {
        let front = self
            .queue
            .first_key_value()
            .map(|(ticket, who)| (*ticket, *who));
        match front {
            Some((first, _)) if first == ticket => {
                self.queue.pop_first();
                self.moves.push(Move::Unqueued(0));
                Ok(())
            }
            Some((_, front)) => Err(format!(
                "it is not at the front of the queue: {} is",
                self.name(front)
            )),
            None => Err("the queue is empty".into()),
        }
    }

    fn name(&self, runnable: Runnable) -> String {
        match runnable {
            Runnable::Task(task) => match self.task(task) {
                Some(known) => format!("task {task} ({})", known.name),
                None => format!("task {task}"),
            },
            Runnable::Callback(callback) => format!("callback {callback}"),
        }
    }

    /// `who` must be the one that runs.
    fn is_on_top(&self, who: Runnable) -> Result<(), String> {
        ensure(self.running.last() == Some(&who), || {
            match self.running.last() {
                Some(top) => format!("{} runs, not {}", self.name(*top), self.name(who)),
                None => format!("nobody runs, so not {} either", self.name(who)),
            }
        })
    }

    pub(crate) fn may_do(&self, by: By) -> Result<(), String> {
        match by {
            By::Task(task) => {
                index(task, self.tasks.len(), "task")?;
                self.is_on_top(Runnable::Task(task))
            }
            By::Callback(callback) => {
                index(callback, self.callbacks.len(), "callback")?;
                self.is_on_top(Runnable::Callback(callback))
            }
            By::Timer(timer) => {
                let timer = self.timers[index(timer, self.timers.len(), "timer")?];
                ensure(timer.is == TimerState::Fired, || {
                    "that timer has not fired".into()
                })
            }
            By::Socket(socket) => index(socket, self.sockets.len(), "socket").map(|_| ()),
            By::Mail | By::Loop | By::Thread | By::Program => Ok(()),
        }
    }

    fn known(&mut self, task: u32) -> Result<&mut Task<'t>, String> {
        let index = index(task, self.tasks.len(), "task")?;
        self.moves.push(Move::Touched(task));
        Ok(&mut self.tasks[index])
    }

    /// The task, which must not be over.
    fn live(&mut self, task: u32) -> Result<&mut Task<'t>, String> {
        let known = self.known(task)?;
        ensure(known.end.is_none(), || {
            format!("task {task} ({}) is over", known.name)
        })?;
        Ok(known)
    }

    fn apply_to_task(&mut self, what: &'t What) -> Result<(), String> {
        match what {
            What::Spawned { task, name, place } => {
                is_next(*task, self.tasks.len(), "task")?;
                self.tasks.push(Task::new(name, *place, self.step));
                self.moves.push(Move::Touched(*task));
            }
            What::Named { task, name } => self.known(*task)?.name = name,
            What::Woken { task, by, again } => self.wake(*task, *by, *again)?,
            What::Requeued { task } => {
                let ticket = self.live(*task)?.ticket;
                self.dequeue(ticket.ok_or("it is not in the queue")?)?;
                let ticket = self.enqueue(Runnable::Task(*task));
                self.live(*task)?.ticket = Some(ticket);
            }
            What::Polled { task } => self.poll(*task)?,
            What::Pending { task, place, why } => {
                self.leave(*task)?;
                let known = self.live(*task)?;
                (known.suspended_at, known.why) = (*place, why.as_deref());
            }
            What::Finished { task } => {
                self.leave(*task)?;
                self.end(*task, End::Finished)?;
            }
            What::Dropped { task } => self.end(*task, End::Dropped)?,
            What::Dropping { task } => self.drop_future(*task)?,
            What::Cancelled { task } => self.end(*task, End::Cancelled)?,
            What::Panicked { task, .. } => self.end(*task, End::Panicked)?,
            What::CancelAsked { task, by } => {
                self.known(*task)?;
                self.may_do(*by)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn wake(&mut self, task: u32, by: By, again: bool) -> Result<(), String> {
        self.may_do(by)?;
        let known = self.live(task)?;
        match (again, known.ticket) {
            (true, Some(_)) => Ok(()),
            (true, None) => Err("it is not in the queue, although it is to be".into()),
            (false, Some(_)) => {
                Err("it is in the queue, although it is not to be".into())
            }
            (false, None) => {
                let ticket = self.enqueue(Runnable::Task(task));
                let step = self.step;
                let known = self.live(task)?;
                known.ticket = Some(ticket);
                if !known.running {
                    known.since = step;
                }
                Ok(())
            }
        }
    }

    fn poll(&mut self, task: u32) -> Result<(), String> {
        ensure(self.parked.is_none(), || {
            "it runs while the loop waits".into()
        })?;
        // Whom no loop manages can be resumed after its end, if only to panic.
        if self.loops.is_empty() {
            self.known(task)?.end = None;
        }
        let known = self.live(task)?;
        ensure(!known.running, || "it runs already".into())?;
        if let Some(ticket) = known.ticket {
            self.dequeue(ticket)?;
        }
        let step = self.step;
        let known = self.live(task)?;
        (known.ticket, known.running, known.since) = (None, true, step);
        (known.suspended_at, known.why) = (None, None);
        known.polls += 1;
        self.running.push(Runnable::Task(task));
        Ok(())
    }

    /// Its destructors run, as the task; wherever it stands in the queue.
    fn drop_future(&mut self, task: u32) -> Result<(), String> {
        let step = self.step;
        let known = self.live(task)?;
        ensure(!known.running, || "it runs, and cannot be dropped".into())?;
        (known.running, known.since) = (true, step);
        (known.suspended_at, known.why) = (None, None);
        known.is_dropping = true;
        if let Some(ticket) = known.ticket.take() {
            self.unqueue(ticket);
        }
        self.running.push(Runnable::Task(task));
        Ok(())
    }

    /// The task, which must be the one that runs, does so no more.
    fn leave(&mut self, task: u32) -> Result<(), String> {
        self.live(task)?;
        self.is_on_top(Runnable::Task(task))?;
        self.running.pop();
        self.stop(Runnable::Task(task));
        Ok(())
    }

    /// A task is over: it leaves the queue and the stack.
    fn end(&mut self, task: u32, end: End) -> Result<(), String> {
        let known = self.live(task)?;
        let (running, ticket) = (known.running, known.ticket.take());
        if let Some(ticket) = ticket {
            self.unqueue(ticket);
        }
        if running {
            self.leave(task)?;
        }
        let step = self.step;
        let known = self.live(task)?;
        (known.end, known.since) = (Some(end), step);
        Ok(())
    }

    fn apply_to_callback(&mut self, what: &What) -> Result<(), String> {
        match *what {
            What::CallbackQueued { callback, by } => {
                is_next(callback, self.callbacks.len(), "callback")?;
                self.may_do(by)?;
                let ticket = self.enqueue(Runnable::Callback(callback));
                self.callbacks.push(CallbackState::Queued(ticket));
            }
            What::CallbackCalled { callback } => {
                ensure(self.parked.is_none(), || {
                    "it runs while the loop waits".into()
                })?;
                if callback as usize == self.callbacks.len() + 1 {
                    self.callbacks.push(CallbackState::Running);
                } else {
                    let index = index(callback, self.callbacks.len(), "callback")?;
                    let CallbackState::Queued(ticket) = self.callbacks[index] else {
                        return Err(format!("callback {callback} was called before"));
                    };
                    self.dequeue(ticket)?;
                    self.callbacks[index] = CallbackState::Running;
                }
                self.running.push(Runnable::Callback(callback));
            }
            What::CallbackReturned { callback } => {
                index(callback, self.callbacks.len(), "callback")?;
                self.is_on_top(Runnable::Callback(callback))?;
                self.running.pop();
                self.stop(Runnable::Callback(callback));
            }
            _ => {}
        }
        Ok(())
    }
}
