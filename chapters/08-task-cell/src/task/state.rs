//! What a task is doing, in one word that only its runtime's thread touches.
//!
// ANCHOR: diagram
//! ```text
//!              spawn
//!                |
//!               (1) QUEUED, FUTURE, HANDLE
//!                |  its turn
//!                v
//!        .---> (2) RUNNING, FUTURE ------------------------------.
//!        |       |  pending, nobody woke it    | woken meanwhile  | ready, panic
//!  turn  |       v                             v                  v
//!        |     (3) FUTURE                    (1) again          (5) DONE
//!        |       |  wake
//!        |       v
//!        '---- (4) QUEUED, FUTURE
//!
//!  (1) (3) (4) + cancel, no scope:   ENDING, QUEUED; its turn drops the future: (5)
//!  (2)         + cancel:             CANCELLING; looked at when the poll is pending
//!  (5) DONE with HANDLE and OUTPUT:  the value waits for whoever has the handle
//! ```
// ANCHOR_END: diagram
//!
//! Nothing here is atomic. What other threads write is in `remote.rs`.

use std::cell::Cell;

/// An entry of the run queue holds the task. *Cannot* be set by another thread: that mails a wake. *Cannot* be set
/// once the task is over; an entry that was there before is void.
pub(crate) const QUEUED: u16 = 1 << 0;

/// It is being polled. *Cannot* be set twice: a task is polled from the run queue alone, by a loop that cannot run
/// inside itself. *Cannot* be set without [`FUTURE`], which is cleared in that poll or by a later turn.
pub(crate) const RUNNING: u16 = 1 << 1;

/// The stage holds the future. *Cannot* be set together with [`OUTPUT`], since they share the storage; *cannot*
/// be set again once cleared. It is cleared *before* the future is dropped, so no destructor finds it set.
pub(crate) const FUTURE: u16 = 1 << 2;

/// It is over. *Cannot* be cleared. From here on nobody polls it, and a wake does nothing.
pub(crate) const DONE: u16 = 1 << 3;

/// The stage holds the value it ended with. *Cannot* be set without [`HANDLE`], except between the end of the poll
/// and the end of the turn: without a handle the value is dropped in that turn.
pub(crate) const OUTPUT: u16 = 1 << 4;

/// There is a handle. *Cannot* be set again once cleared.
pub(crate) const HANDLE: u16 = 1 << 5;

/// Somebody has asked it to end, and no scope has answered yet. *Cannot* be set once the task is over.
pub(crate) const CANCELLING: u16 = 1 << 6;

/// Its next turn drops the future instead of polling it. *Cannot* be cleared before the task is over.
pub(crate) const ENDING: u16 = 1 << 7;

/// It is the future that the executor was asked to run. *Cannot* be set again once cleared: the run was cut off then,
/// and its end must not stop another one.
pub(crate) const ROOT: u16 = 1 << 8;

/// It ended by being dropped. *Cannot* be set together with [`FUTURE`], [`OUTPUT`] or [`PANICKED`].
pub(crate) const CANCELLED: u16 = 1 << 9;

/// It ended by a panic. *Cannot* be set together with [`FUTURE`], [`OUTPUT`] or [`CANCELLED`].
pub(crate) const PANICKED: u16 = 1 << 10;

/// In its last poll, or in the one that lasts, a scope has answered the request to end: it may be cleaning up.
/// *Cannot* be set outside of a poll; it is cleared when the next one begins.
pub(crate) const ANSWERED: u16 = 1 << 11;

// ANCHOR: state
/// The flags of one task.
pub(crate) struct State(Cell<u16>);
// ANCHOR_END: state

impl State {
    /// A task that was just spawned: the queue, its handle and its own life hold it.
    pub(crate) fn spawned(root: bool) -> State {
        let root = if root { ROOT } else { 0 };
        State(Cell::new(QUEUED | FUTURE | HANDLE | root))
    }

    /// Whether any of `flags` is set.
    pub(crate) fn has(&self, flags: u16) -> bool {
        self.0.get() & flags != 0
    }

    pub(crate) fn set(&self, flags: u16) {
        self.0.set(self.0.get() | flags);
    }

    pub(crate) fn clear(&self, flags: u16) {
        self.0.set(self.0.get() & !flags);
    }

    // ANCHOR: wake
    /// A wake: whether the task must be put on the queue now.
    pub(crate) fn wake(&self) -> bool {
        // hole: wake — whether to put it on the queue: not if it is there, not if it is over; and mark it
        // tried by: cancel-and-catch, ctrl-c
        // also: cell
        let must = !self.has(QUEUED | DONE);
        if must {
            self.set(QUEUED);
        }
        must
        // end hole
    }
    // ANCHOR_END: wake

    // ANCHOR: begin
    /// Its turn has come, and it leaves the queue: whether it is polled now. Not if it is
    /// over, or to end.
    pub(crate) fn begin_poll(&self) -> bool {
        let flags = self.0.get() & !(QUEUED | ANSWERED);
        // A task that is over has none.
        let polled = flags & (FUTURE | ENDING) == FUTURE;
        self.0.set(if polled { flags | RUNNING } else { flags });
        polled
    }

    // ANCHOR_END: begin

    /// Its poll has returned: whether somebody has asked it to end.
    pub(crate) fn end_poll(&self) -> bool {
        self.clear(RUNNING);
        self.has(CANCELLING | ENDING)
    }

    /// It is over, without a future.
    pub(crate) fn finish(&self) {
        self.clear(RUNNING | CANCELLING | ENDING);
        self.set(DONE);
    }
}
