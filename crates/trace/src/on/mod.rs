//! The hooks of a build with the recorder. Each says what happened; `record.rs` writes it down. What they mean is
//! documented in `off.rs`, which has the same items.
#![expect(
    missing_docs,
    reason = "documented in off.rs, which is the usual build"
)]

mod network;
mod source;

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use timeline::{By, Mail, What};

use crate::record::{MAIN, MANY, Recorder, record, record_anywhere};

#[derive(Debug, Clone, Copy, Default)]
pub struct Task(pub(crate) u32);

impl Task {
    pub fn spawned(
        name: fmt::Arguments<'_>,
        location: &'static Location<'static>,
    ) -> Task {
        let name = name.to_string();
        let task = Task(record(|r| {
            let place = r.place(location);
            r.spawn(&name, place)
        }));
        LATEST.set(task);
        task
    }

    pub fn root(id: u64) -> Task {
        let location = record(|r| r.loop_location).unwrap_or_else(crate::here);
        Task::spawned(format_args!("Task-{id}"), location)
    }

    pub fn made(id: u64, root: bool, location: &'static Location<'static>) {
        match root {
            true => Task::root(id),
            false => Task::spawned(format_args!("Task-{id}"), location),
        };
    }

    pub fn latest(id: u64) -> Task {
        let task = LATEST.get();
        record(|r| r.call_it(id, task.0));
        task
    }

    pub fn named(self, name: fmt::Arguments<'_>) {
        let name = name.to_string();
        record(|r| r.name(self.0, name));
    }

    pub fn woken(self, again: bool) {
        record_anywhere(|r| r.wake(self.0, again));
    }

    pub fn polled(self) {
        SUSPENSION.set(None);
        record(|r| r.poll(self.0));
        enter(By::Task(self.0));
    }

    pub fn pending(self) {
        let task = self.0;
        leave(By::Task(task));
        let suspension = SUSPENSION.get();
        record(|r| {
            let place = suspension.and_then(|(location, _)| r.place(location));
            let why = suspension.map(|(_, why)| why.to_string());
            r.push(What::Pending { task, place, why });
        });
    }

    pub fn finished(self) {
        leave(By::Task(self.0));
        self.tell(|task| What::Finished { task });
    }

    pub fn dropped(self) {
        self.tell(|task| What::Dropped { task });
    }

    pub fn cancel_asked(self) {
        let task = self.0;
        record(|r| r.push(What::CancelAsked { task, by: here() }));
    }

    pub fn dropping(self) {
        self.tell(|task| What::Dropping { task });
        enter(By::Task(self.0));
    }

    pub fn cancelled(self) {
        leave(By::Task(self.0));
        self.tell(|task| What::Cancelled { task });
    }

    pub fn ended(self, panic: impl FnOnce() -> Option<String>) {
        let Some(message) = panic() else {
            return self.finished();
        };
        leave(By::Task(self.0));
        // An error that wraps the panic's own words says so first.
        let message = message.trim_start_matches("the task panicked");
        let message = message.trim_start_matches(": ").to_string();
        self.tell(|task| What::Panicked { task, message });
    }

    pub fn posted(self, wake: bool) {
        let what = if wake { Mail::Wake } else { Mail::Drop };
        source::posted(what, self.0);
    }

    fn tell(self, what: impl FnOnce(u32) -> What) {
        record(|r| r.push(what(self.0)));
    }
}

pub fn suspended(location: &'static Location<'static>, why: &'static str) {
    SUSPENSION.set(Some((location, why)));
}

#[must_use = "the resume ends when this is dropped"]
pub struct Resume {
    task: Task,
    over: Cell<bool>,
}

pub fn resumed(name: fmt::Arguments<'_>) -> Resume {
    let name = name.to_string();
    Resume::of(Task(record(|r| r.named(&name))))
}

impl Resume {
    fn of(task: Task) -> Resume {
        task.polled();
        Resume {
            task,
            over: Cell::new(false),
        }
    }

    pub fn finishes_if(&self, over: bool) {
        self.over.set(over);
    }
}

impl Drop for Resume {
    fn drop(&mut self) {
        match self.over.get() {
            // Who panics has not stopped half-way.
            _ if std::thread::panicking() => self.task.finished(),
            true => self.task.finished(),
            false => self.task.pending(),
        }
    }
}

pub fn driven<C>(what: &'static str, coroutine: C) -> Driven<C> {
    Driven {
        coroutine,
        what,
        task: Task(0),
    }
}

#[derive(Debug)]
pub struct Driven<C> {
    coroutine: C,
    what: &'static str,
    /// Nobody before the first resume: nothing of it has run.
    task: Task,
}

impl<C> Driven<C> {
    pub fn resumed(&mut self) -> (&mut C, Resume) {
        if self.task.0 == 0 {
            let name = format!("{}-", self.what);
            self.task = Task(record(|r| r.spawn(&name, None)));
        }
        (&mut self.coroutine, Resume::of(self.task))
    }
}

pub fn coroutine_started(location: &'static Location<'static>) {
    STARTED.set(Some(Task::spawned(format_args!("coroutine-"), location)));
}

pub fn coroutine_due() -> Task {
    let owner = || Task(record(|r| r.owner_of_last_fired()));
    STARTED.take().unwrap_or_else(owner)
}

pub fn requeued(id: u64) {
    record(|r| r.requeue(id));
}

pub fn followed<F: Future>(task: Task, future: F) -> Followed<F> {
    Followed {
        task,
        future: Box::pin(future),
        over: false,
    }
}

pub struct Followed<F> {
    task: Task,
    /// In a box, so that it can be pinned without `unsafe`.
    future: Pin<Box<F>>,
    over: bool,
}

impl<F: Future> Future for Followed<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.task.polled();
        let poll = self.future.as_mut().poll(context);
        self.over = poll.is_ready();
        match self.over {
            true => self.task.finished(),
            false => self.task.pending(),
        }
        poll
    }
}

impl<F> Drop for Followed<F> {
    fn drop(&mut self) {
        if !self.over {
            self.task.dropped();
        }
    }
}

pub fn queued(callback: Box<dyn FnOnce()>) -> Box<dyn FnOnce()> {
    let number = record(|r| {
        let callback = r.new_callback();
        let by = r.caller();
        r.push(What::CallbackQueued { callback, by });
        callback
    });
    Box::new(move || {
        record(|r| r.push(What::CallbackCalled { callback: number }));
        enter(By::Callback(number));
        callback();
        leave(By::Callback(number));
        record(|r| r.push(What::CallbackReturned { callback: number }));
    })
}

#[must_use = "the loop ends when this is dropped"]
pub struct Loop {
    depth: usize,
}

#[track_caller]
pub fn loop_started() -> Loop {
    started(crate::here(), false)
}

#[track_caller]
pub fn loop_of_one() -> Loop {
    started(crate::here(), true)
}

fn started(location: &'static Location<'static>, of_one: bool) -> Loop {
    record(|r| r.start_loop(location, of_one));
    let mut depth = 0;
    with_stack(|here| depth = here.len());
    enter(By::Loop);
    Loop { depth }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // A panic may have left somebody on it.
        with_stack(|here| here.truncate(self.depth));
        record(Recorder::end_loop);
    }
}

pub fn many_loops() -> ManyLoops {
    MANY.set(MANY.get() + 1);
    ManyLoops(PhantomData)
}

/// Of this thread, so it stays on it.
#[must_use = "what follows is recorded when this is dropped"]
#[derive(Debug)]
pub struct ManyLoops(PhantomData<*const ()>);

impl Drop for ManyLoops {
    fn drop(&mut self) {
        // While the thread ends, nothing is recorded anyway.
        _ = MANY.try_with(|many| many.set(many.get() - 1));
    }
}

pub fn clock_is(virtual_time: bool, nanos: u64) {
    record(|r| r.clock_is(virtual_time, nanos));
}

pub fn jumped(nanos: u64) {
    record(|r| r.jump(nanos));
}

#[must_use = "the wait ends when this is dropped"]
pub struct Parked {
    /// Who only looks does not wait.
    waits: bool,
}

pub fn parked(timeout: Option<Duration>) -> Parked {
    let waits = timeout != Some(Duration::ZERO);
    if waits {
        record(|r| r.park(timeout));
    }
    Parked { waits }
}

impl Drop for Parked {
    fn drop(&mut self) {
        if self.waits {
            record(|r| r.push(What::Unparked));
        }
    }
}

pub fn name(name: fmt::Arguments<'_>) {
    if let By::Task(task) = here() {
        Task(task).named(name);
    }
}

pub(crate) fn printed(text: fmt::Arguments<'_>) {
    // Formatting is foreign code, so it is done before the recorder is locked.
    let text = text.to_string();
    let host = network::current();
    record_anywhere(|r| r.push(What::Printed { text, host }));
}

pub use crate::run::{Run, begin};
pub use network::{
    HostRuns, Message, Network, about, heartbeat, host_is, network_between,
};
pub use source::{Heap, Inbox, Socket};

/// A line, and what is waited for there.
type Suspension = (&'static Location<'static>, &'static str);

thread_local! {
    /// Where the last coroutine or leaf future of this thread stopped.
    static SUSPENSION: Cell<Option<Suspension>> = const { Cell::new(None) };
    /// A coroutine that its loop has taken and not resumed yet.
    static STARTED: Cell<Option<Task>> = const { Cell::new(None) };
    static LATEST: Cell<Task> = const { Cell::new(Task(0)) };
    /// Who runs on this thread, the innermost last.
    static HERE: std::cell::RefCell<Vec<By>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Who runs on this thread.
pub(crate) fn here() -> By {
    if !MAIN.get() {
        return By::Thread;
    }
    if MANY.get() > 0 {
        return By::Program;
    }
    let here = HERE.try_with(|here| here.borrow().last().copied());
    here.ok().flatten().unwrap_or(By::Program)
}

/// Nothing, while the thread ends: a loop may run even then.
fn with_stack(work: impl FnOnce(&mut Vec<By>)) {
    _ = HERE.try_with(|here| work(&mut here.borrow_mut()));
}

fn enter(who: By) {
    with_stack(|here| here.push(who));
}

/// `who` runs no more, nor does anybody it had called.
fn leave(who: By) {
    with_stack(|here| {
        if let Some(at) = here.iter().rposition(|other| *other == who) {
            here.truncate(at);
        }
    });
}
