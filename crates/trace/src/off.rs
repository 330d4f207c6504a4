//! The hooks of a build without the recorder: values without size, functions without code.
//!
//! `on.rs` has the same items with something in them.

use std::fmt;
use std::io;
use std::num::NonZeroU64;
use std::panic::Location;
use std::time::Duration;

/// What the trace knows a task by; or a coroutine, or the future that is blocked on. `Task::default()` is nobody
/// yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Task(());

impl Task {
    /// There is a new task, spawned at `location`. A `name` that ends with a dash gets a number.
    #[inline(always)]
    pub fn spawned(
        _name: fmt::Arguments<'_>,
        _location: &'static Location<'static>,
    ) -> Task {
        Task(())
    }
    /// The future that the loop was asked to run; its loop calls it `id`. It was spawned where the loop was started.
    #[inline(always)]
    pub fn root(_id: u64) -> Task {
        Task(())
    }
    /// [`root`](Task::root), or else a task spawned at `location`; its loop calls it `id`.
    #[inline(always)]
    pub fn made(_id: u64, _root: bool, _location: &'static Location<'static>) {}
    /// The task that was spawned last on this thread; its loop calls it `id`.
    #[inline(always)]
    pub fn latest(_id: u64) -> Task {
        Task(())
    }
    /// It wants to be called this.
    #[inline(always)]
    pub fn named(self, _name: fmt::Arguments<'_>) {}
    /// It was woken. `again`: it was in the queue already.
    #[inline(always)]
    pub fn woken(self, _again: bool) {}
    /// It leaves the queue and runs.
    #[inline(always)]
    pub fn polled(self) {}
    /// It has stopped half-way, where the last [`suspended`] says.
    #[inline(always)]
    pub fn pending(self) {}
    /// It is over.
    #[inline(always)]
    pub fn finished(self) {}
    /// It was dropped before its end, if it was.
    #[inline(always)]
    pub fn dropped(self) {}
    /// Somebody asks for it to be cancelled.
    #[inline(always)]
    pub fn cancel_asked(self) {}
    /// Its future is about to be dropped, since it was cancelled.
    #[inline(always)]
    pub fn dropping(self) {}
    /// It has ended as cancelled.
    #[inline(always)]
    pub fn cancelled(self) {}
    /// It is over; if it has panicked, `panic` says so and with what.
    #[inline(always)]
    pub fn ended(self, _panic: impl FnOnce() -> Option<String>) {}
    /// What this thread puts into an inbox next is a reference to it: to wake it, or (else) since it was dropped.
    #[inline(always)]
    pub fn posted(self, _wake: bool) {}
}

/// `coroutine`, whose resumes are recorded, or `&mut` one. It is a `Coroutine` itself. `what` it is, with a number, is
/// its name.
///
/// ```
/// use trace::driven;
///
/// let mut countdown = [3, 2, 1].into_iter(); // as a chapter's coroutine would be
/// let mut countdown = driven("countdown", &mut countdown);
/// let (countdown, _resume) = countdown.resumed();
/// assert_eq!(countdown.next(), Some(3));
/// ```
#[inline(always)]
pub fn driven<C>(_what: &'static str, coroutine: C) -> Driven<C> {
    Driven { coroutine }
}

/// What [`driven`] makes of a coroutine.
#[derive(Debug)]
pub struct Driven<C> {
    coroutine: C,
}

impl<C> Driven<C> {
    /// It runs, until the [`Resume`] that comes back is dropped.
    #[inline(always)]
    pub fn resumed(&mut self) -> (&mut C, Resume) {
        (&mut self.coroutine, Resume)
    }
}

/// A loop takes a new coroutine, whose start is called at `location`.
#[inline(always)]
pub fn coroutine_started(_location: &'static Location<'static>) {}

/// The coroutine that has just been started, or else the one whose timer fired last.
#[inline(always)]
pub fn coroutine_due() -> Task {
    Task(())
}

/// The coroutine of this name runs, until what comes back is dropped.
#[inline(always)]
pub fn resumed(_name: fmt::Arguments<'_>) -> Resume {
    Resume
}

/// A coroutine or a leaf future stops at `location`, to wait for `why`.
#[inline(always)]
pub fn suspended(_location: &'static Location<'static>, _why: &'static str) {}

/// One resume of a coroutine. When it is dropped, the coroutine has stopped half-way.
#[must_use = "the resume ends when this is dropped"]
pub struct Resume;

impl Resume {
    /// The coroutine is over with this resume, `if` so.
    #[inline(always)]
    pub fn finishes_if(&self, _over: bool) {}
}

/// What the trace knows a time-ordered heap by.
#[derive(Debug, Default)]
pub struct Heap;

impl Heap {
    /// A heap with nothing on it.
    pub const fn new() -> Heap {
        Heap
    }
    /// The entry `sequence` was pushed, due at `deadline` nanoseconds; `keys` are then on the heap.
    #[inline(always)]
    pub fn set(
        &self,
        _sequence: NonZeroU64,
        _deadline: u64,
        _keys: impl Iterator<Item = NonZeroU64>,
    ) {
    }
    /// The entry was popped.
    #[inline(always)]
    pub fn fired(&self, _sequence: NonZeroU64, _keys: impl Iterator<Item = NonZeroU64>) {}
    /// The entry was cancelled.
    #[inline(always)]
    pub fn cancelled(
        &self,
        _sequence: NonZeroU64,
        _keys: impl Iterator<Item = NonZeroU64>,
    ) {
    }
}

/// The task that its loop calls `id` goes from the front of the queue to its end.
#[inline(always)]
pub fn requeued(_id: u64) {}

/// `future`, whose polls, end and drop are those of `task`.
#[inline(always)]
pub fn followed<F: Future>(_task: Task, future: F) -> F {
    future
}

/// `callback`, which goes to the end of the queue now.
#[inline(always)]
pub fn queued(callback: Box<dyn FnOnce()>) -> Box<dyn FnOnce()> {
    callback
}

/// What the trace knows a socket by. `Socket::default()` is none yet: [`opened`](Socket::opened) makes it one.
#[derive(Debug, Default)]
pub struct Socket;

impl Socket {
    /// It was registered, and is of type `S`.
    #[inline(always)]
    pub fn opened<S>(&self) {}
    /// A system call on it was tried: to read (else to write).
    #[inline(always)]
    pub fn tried<T>(&self, _read: bool, _result: &io::Result<T>) {}
    /// The operating system tells that it is ready to read (else to write), or `closed` by the other side.
    #[inline(always)]
    pub fn ready(&self, _read: bool, _closed: bool) {}
    /// It was closed.
    #[inline(always)]
    pub fn closed(&self) {}
}

/// What the trace knows the inbox of a loop by. It is that of the thread on which it is made.
#[derive(Debug, Default)]
pub struct Inbox;

impl Inbox {
    /// An inbox with nothing in it.
    #[inline(always)]
    pub const fn new() -> Inbox {
        Inbox
    }
    /// Something was put in: what [`Task::posted`] has said, or else a call. Under the inbox's lock.
    #[inline(always)]
    pub fn mailed(&self) {}
    /// It was full or closed: nothing was put in.
    #[inline(always)]
    pub fn returned(&self) {}
    /// The loop deals with the oldest thing in it.
    #[inline(always)]
    pub fn read(&self) {}
    /// It was closed; what is in it is not read. Under its lock.
    #[inline(always)]
    pub fn closed(&self) {}
}

/// A loop that runs. When it is dropped, the loop has ended.
#[must_use = "the loop ends when this is dropped"]
pub struct Loop;

/// A loop with a queue begins to run on this thread.
#[inline(always)]
#[track_caller]
pub fn loop_started() -> Loop {
    Loop
}

/// A loop that drives one future begins to run on this thread: it has no queue, and a wake raises a flag.
#[inline(always)]
#[track_caller]
pub fn loop_of_one() -> Loop {
    Loop
}

/// Several loops take turns on this thread, until what comes back is dropped. Their steps cannot be told apart: of this
/// thread nothing is recorded meanwhile but what it prints, and what passes on their [`Network`].
#[inline(always)]
pub fn many_loops() -> ManyLoops {
    ManyLoops
}

/// What the trace knows a simulated network by. Of the networks that a program makes, the first is recorded.
#[derive(Debug, Default)]
pub struct Network;

impl Network {
    /// A network with nobody on it.
    #[inline(always)]
    pub fn new() -> Network {
        Network
    }
    /// Its clock shows this many nanoseconds now.
    #[inline(always)]
    pub fn clock(&self, _nanos: u64) {}
    /// The host with this number, counted from 0, starts.
    #[inline(always)]
    pub fn started(&self, _host: usize, _name: &str) {}
    /// It stops; for want of `power`, or (else) since its program was ended.
    #[inline(always)]
    pub fn stopped(&self, _host: usize, _power: bool) {}
    /// Its program has come to its end.
    #[inline(always)]
    pub fn ended(&self, _host: usize) {}
    /// It runs, until what comes back is dropped: what is printed meanwhile is printed there.
    #[inline(always)]
    pub fn runs(&self, _host: usize) -> HostRuns {
        HostRuns
    }
    /// A message leaves a host for another. The network makes `copies` of it: none if it is lost. If nothing was said
    /// [about] it, `carries` tells what it is.
    #[inline(always)]
    pub fn sent<D: fmt::Display>(
        &self,
        _way: (usize, usize),
        _copies: usize,
        _carries: impl FnOnce() -> D,
    ) -> Message {
        Message
    }
    /// A fault begins, which is about these hosts, and cuts what is between them or does not.
    #[inline(always)]
    pub fn began<'f>(
        &self,
        _fault: &dyn fmt::Display,
        _hosts: impl FnOnce() -> Vec<&'f str>,
        _cuts: bool,
    ) {
    }
    /// It is over.
    #[inline(always)]
    pub fn over(&self, _fault: &dyn fmt::Display) {}
    /// All that cut something are over.
    #[inline(always)]
    pub fn healed(&self) {}
}

/// As long as a simulated host runs.
#[must_use = "the host runs until this is dropped"]
pub struct HostRuns;

/// What the trace knows a message by, or a copy of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message;

impl Message {
    /// It arrives.
    #[inline(always)]
    pub fn arrived(self) {}
    /// It never will.
    #[inline(always)]
    pub fn lost(self) {}
}

/// What the simulated host that runs sends next is this.
#[inline(always)]
pub fn about(_what: fmt::Arguments<'_>) {}

/// The same, and it is sent again and again: if the one before of these two hosts said the same, and had the same fate,
/// it is not recorded.
#[inline(always)]
pub fn heartbeat(_what: fmt::Arguments<'_>) {}

/// What the simulated host that runs says of itself, and whether it leads.
#[inline(always)]
pub fn host_is(_what: fmt::Arguments<'_>, _leads: bool) {}

/// Of a simulated network it is recorded what happens from this millisecond on, but for hosts that start and stop; and
/// which messages are sent up to that one.
#[inline(always)]
pub fn network_between(_from: u64, _to: u64) {}

/// As long as several loops take turns on this thread. When it is dropped, they do so no more.
#[must_use = "what follows is recorded when this is dropped"]
#[derive(Debug)]
pub struct ManyLoops;

/// The loop that starts next keeps virtual time (else the wall clock's), and its clock shows `nanos`.
#[inline(always)]
pub fn clock_is(_virtual_time: bool, _nanos: u64) {}

/// The virtual clock shows this many nanoseconds now.
#[inline(always)]
pub fn jumped(_nanos: u64) {}

/// A loop that waits. When it is dropped, the loop goes on.
#[must_use = "the wait ends when this is dropped"]
pub struct Parked;

/// The loop waits for at most `timeout`.
#[inline(always)]
pub fn parked(_timeout: Option<Duration>) -> Parked {
    Parked
}

/// Who runs now wants to be called this.
#[inline(always)]
pub fn name(_name: fmt::Arguments<'_>) {}

pub(crate) fn printed(_text: fmt::Arguments<'_>) {}

/// A run of a program. When it is dropped, the trace is written.
#[must_use = "the trace is written when this is dropped"]
pub struct Run;

/// A program begins to run; its source is in `file`.
#[inline(always)]
pub fn begin(_chapter: &str, _program: &str, _args: &[String], _file: &str) -> Run {
    Run
}

// What a build without the recorder pays.
const _: () = assert!(
    size_of::<(
        Task,
        Resume,
        Heap,
        Socket,
        Inbox,
        Loop,
        ManyLoops,
        Network,
        Message,
        HostRuns,
        Parked,
        Run
    )>() == 0,
    "a hook without the recorder has no size"
);
