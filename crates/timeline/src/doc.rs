//! The document: what a run did, event by event.

use serde::{Deserialize, Serialize};

/// What the field `format` of every trace says.
pub const FORMAT: &str = "from-yield-to-await trace";

/// The version that this code writes, and the newest that it reads.
pub const VERSION: u32 = 4;

/// One run of one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the schema: a reader refuses what is newer than it knows.
    pub version: u32,
    /// The package whose program ran, such as `ch05-timers`.
    pub chapter: String,
    /// The program's name, such as `taxi`.
    pub program: String,
    /// The flags it was given.
    pub args: Vec<String>,
    /// Lines of source that events name by their index.
    pub places: Vec<Place>,
    /// The files that `places` are in; the program's own comes first.
    pub sources: Vec<Source>,
    /// How many events were not recorded, since there were too many.
    pub left_out: u64,
    /// What happened, in order. The index of an event is its *step*.
    pub events: Vec<Event>,
}

/// A line of source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its file, from the workspace's root, with `/`.
    pub file: String,
    /// Its number, counted from 1.
    pub line: u32,
    /// Its text without the blanks around it; empty if the file could not be read.
    pub text: String,
}

/// A file of source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its path from the workspace's root, with `/`.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, in nanoseconds on the clock of the loop; 0 where there is no clock.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// The same in a sentence.
    pub says: String,
}

/// What can happen. Tasks, timers, callbacks, sockets, simulated hosts, their messages and faults are numbered from 1,
/// each in the order of its first event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// A loop begins to run; its clock starts at the event's `at`.
    LoopStarted {
        /// What tells the time in it.
        clock: ClockKind,
        /// It drives one future, and has no queue: a wake raises a flag. What is not said is false.
        #[serde(default, skip_serializing_if = "is_false")]
        of_one: bool,
    },
    /// The loop that was started last has ended.
    LoopEnded,
    /// There is a new task (or, where there are no tasks yet, a coroutine, or the future that is blocked on).
    Spawned {
        /// Its number.
        task: u32,
        /// What it is called.
        name: String,
        /// The line that spawned it: an index in [`Trace::places`].
        place: Option<usize>,
    },
    /// A task has another name from now on. The first that it gives itself is its name from `spawned` on.
    Named {
        /// Whose name.
        task: u32,
        /// The name.
        name: String,
    },
    /// A task was woken: it goes to the end of the queue, unless it is in it. In a loop of one it raises a flag.
    Woken {
        /// Who.
        task: u32,
        /// By whom.
        by: By,
        /// It was in the queue: this wake changed nothing.
        again: bool,
    },
    /// The task at the front of the queue goes to its end: it was woken while the loop waited.
    Requeued {
        /// Who.
        task: u32,
    },
    /// A task leaves the queue, if it was in one, and runs.
    Polled {
        /// Who.
        task: u32,
    },
    /// The task that ran last has stopped half-way.
    Pending {
        /// Who.
        task: u32,
        /// At which line: an index in [`Trace::places`].
        place: Option<usize>,
        /// What for, such as `sleep`.
        why: Option<String>,
    },
    /// The task that ran last is over.
    Finished {
        /// Who.
        task: u32,
    },
    /// A task was dropped before its end.
    Dropped {
        /// Who.
        task: u32,
    },
    /// Somebody asked for a task to be cancelled.
    CancelAsked {
        /// Who is to be cancelled.
        task: u32,
        /// Who asked.
        by: By,
    },
    /// The future of a task that was cancelled is being dropped: the task leaves the queue, if it is in one, and what
    /// happens up to its end is done by its destructors.
    Dropping {
        /// Whose.
        task: u32,
    },
    /// A task ended as cancelled.
    Cancelled {
        /// Who.
        task: u32,
    },
    /// A task ended by a panic.
    Panicked {
        /// Who.
        task: u32,
        /// What the panic said.
        message: String,
    },
    /// Something was put into a loop's inbox: by another thread, or by this one while that loop does not run.
    Mailed {
        /// What.
        what: Mail,
        /// Whom it is about; `None` for a call.
        task: Option<u32>,
        /// Who sent it.
        by: By,
    },
    /// The loop takes something out of its inbox.
    MailRead {
        /// What.
        what: Mail,
        /// Whom it is about.
        task: Option<u32>,
    },
    /// The loop was closed, and has not read this.
    MailRefused {
        /// What.
        what: Mail,
        /// Whom it is about.
        task: Option<u32>,
    },
    /// A callback went to the end of the queue.
    CallbackQueued {
        /// Its number.
        callback: u32,
        /// Who asked for it.
        by: By,
    },
    /// A callback leaves the queue, if it was in one, and runs.
    CallbackCalled {
        /// Which.
        callback: u32,
    },
    /// The callback that was called last has returned.
    CallbackReturned {
        /// Which.
        callback: u32,
    },
    /// A timer was set.
    TimerSet {
        /// Its number.
        timer: u32,
        /// When it is due, in nanoseconds.
        deadline: u64,
        /// Who set it.
        by: By,
        /// The timers on the heap in the order of its array, the dead ones included; `None` if there are many.
        heap: Option<Vec<u32>>,
    },
    /// A timer was due and has left the heap.
    TimerFired {
        /// Which.
        timer: u32,
        /// As in `TimerSet`.
        heap: Option<Vec<u32>>,
    },
    /// A timer was cancelled. Its key may stay on the heap, dead.
    TimerCancelled {
        /// Which.
        timer: u32,
        /// As in `TimerSet`.
        heap: Option<Vec<u32>>,
    },
    /// The virtual clock was moved, since nothing could happen before.
    Jumped {
        /// To this moment, in nanoseconds.
        to: u64,
    },
    /// The loop waits.
    Parked {
        /// Until this moment at most, in nanoseconds; `None`: until somebody calls.
        until: Option<u64>,
    },
    /// The loop goes on.
    Unparked,
    /// A socket was registered.
    SocketOpened {
        /// Its number.
        socket: u32,
        /// What it is, such as `listener`.
        name: String,
    },
    /// A system call on a socket was tried.
    Tried {
        /// On which.
        socket: u32,
        /// Reading or writing.
        way: Way,
        /// How it went.
        outcome: Outcome,
    },
    /// The operating system told that a socket is ready.
    Ready {
        /// Which.
        socket: u32,
        /// For reading or writing.
        way: Way,
        /// Because the other side is gone.
        closed: bool,
    },
    /// A socket was closed.
    SocketClosed {
        /// Which.
        socket: u32,
    },
    /// A line was printed by whoever runs.
    Printed {
        /// The line.
        text: String,
        /// On which simulated host. What is not said is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<u32>,
    },
    /// A simulated host starts, for the first time or again.
    HostStarted {
        /// Its number.
        host: u32,
        /// What it is called.
        name: String,
    },
    /// A host stops: whatever ran on it is gone.
    HostStopped {
        /// Which.
        host: u32,
        /// It has no power, and nothing reaches it. Else it is only its program that was ended.
        power: bool,
    },
    /// The program of a host has ended. The host stays on.
    HostEnded {
        /// Which.
        host: u32,
    },
    /// What a host says of itself has changed.
    HostIs {
        /// Which.
        host: u32,
        /// What it is now, such as `leads, term 3`.
        what: String,
        /// It leads the others.
        leads: bool,
    },
    /// A message leaves a host.
    Sent {
        /// Its number.
        message: u32,
        /// Who sends it.
        from: u32,
        /// To whom.
        to: u32,
        /// What it says.
        about: String,
        /// The network makes two of it. What is not said is false.
        #[serde(default, skip_serializing_if = "is_false")]
        twice: bool,
    },
    /// A message arrives.
    Arrived {
        /// Which.
        message: u32,
    },
    /// A message never will: the network has lost it, or the host is not there.
    Lost {
        /// Which.
        message: u32,
    },
    /// A fault begins.
    FaultBegan {
        /// Its number.
        fault: u32,
        /// The hosts that it is about.
        hosts: Vec<u32>,
        /// In words.
        what: String,
    },
    /// A fault is over.
    FaultOver {
        /// Which.
        fault: u32,
    },
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// This task, while it ran.
    Task(u32),
    /// This callback, while it ran.
    Callback(u32),
    /// This timer, as it fired.
    Timer(u32),
    /// This socket, as it became ready.
    Socket(u32),
    /// The mail that was read just before.
    Mail,
    /// The loop itself.
    Loop,
    /// Another thread.
    Thread,
    /// The program, outside any loop.
    Program,
}

/// What tells the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// The virtual clock, which jumps.
    Virtual,
    /// The wall clock.
    Real,
    /// Nothing: there are no timers.
    None,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Reading, or accepting.
    Read,
    /// Writing, or being connected.
    Write,
}

/// How a system call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It did what it was to do.
    Done,
    /// It would have blocked.
    WouldBlock,
    /// It failed.
    Failed,
}

/// What can lie in a loop's inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mail {
    /// A task is to be woken.
    Wake,
    /// A reference to a task was dropped.
    Drop,
    /// A callback is to be called.
    Call,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
