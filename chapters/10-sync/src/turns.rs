//! Turns, and the line of those who wait for one: the one protocol by which everything here is handed on.
//!
//! A turn may be anything of which there is a given number: a lock's one holder, a permit, an item, a place in a queue. It is
//! free, or somebody has it, or it was *given* to somebody who has not been polled since. That last state is what makes
//! the line fair, since nobody can come in between; and it is why whoever goes away must look whether they were given
//! one. The idea of a turn that is handed over, and is not up for grabs meanwhile, is that of parking_lot's fair unlock
//! and of asyncio's semaphore.

use std::cell::Cell;
use std::task::{Context, Poll, ready};

use polling::spend;
use wakers::{WaiterKey, Waiters};

// ANCHOR: turns
/// A number of turns, and the line of those who wait for one.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Those that nobody has. While there are any, nobody is in the line.
    free: Cell<usize>,
    line: Waiters,
}
// ANCHOR_END: turns

/// Whoever has this key has not been in a line yet, or has left it.
pub(crate) fn is_new(key: &WaiterKey) -> bool {
    *key == WaiterKey::default()
}

// ANCHOR: line-up
/// A newcomer goes to the end of the line. Whoever is in it keeps their place, with the
/// waker of this poll; and whoever was woken meanwhile is not put back.
pub(crate) fn line_up(line: &Waiters, key: &mut WaiterKey, context: &Context<'_>) {
    match is_new(key) {
        true => line.register(key, context.waker()),
        false => line.renew(key, context.waker()),
    };
}
// ANCHOR_END: line-up

impl Turns {
    pub(crate) const fn new(free: usize) -> Turns {
        Turns {
            free: Cell::new(free),
            line: Waiters::new(),
        }
    }

    /// How many turns nobody has.
    #[inline]
    pub(crate) fn free(&self) -> usize {
        self.free.get()
    }

    // ANCHOR: try-take
    /// Takes a turn, if one is free. Then nobody waits: no newcomer overtakes.
    #[inline]
    pub(crate) fn try_take(&self) -> bool {
        let free = self.free.get();
        self.free.set(free.saturating_sub(1));
        free > 0
    }

    /// Gives a turn to whoever has waited longest, or leaves it free.
    #[inline]
    pub(crate) fn give(&self) {
        if !self.line.wake_one() {
            self.free.set(self.free.get() + 1);
        }
    }
    // ANCHOR_END: try-take

    // ANCHOR: poll-take
    /// Ready when there is a turn for `key`, which has it from then on.
    #[inline]
    pub(crate) fn poll_take(
        &self,
        key: &mut WaiterKey,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        // hole: poll-take — a turn for the key, if it has one; else its waker goes on the list
        // tried by: lock, passed-on, fetches
        // also: sync
        if !self.has_turn(key) {
            line_up(&self.line, key, context);
            // To clone a waker is foreign code, which may have given a turn back.
            self.serve();
            if !self.has_turn(key) {
                return Poll::Pending;
            }
        }
        ready!(spend(context));
        if is_new(key) {
            self.free.set(self.free.get() - 1);
        }
        *key = WaiterKey::default();
        Poll::Ready(())
        // end hole
    }

    // ANCHOR_END: poll-take

    // ANCHOR: has-turn
    /// A newcomer has one if one is free. Someone who was in the line has one as soon as
    /// they are off it.
    #[inline]
    fn has_turn(&self, key: &WaiterKey) -> bool {
        match is_new(key) {
            true => self.free.get() > 0,
            false => !self.line.contains(key),
        }
    }
    // ANCHOR_END: has-turn

    fn serve(&self) {
        while self.free.get() > 0 && !self.line.is_empty() {
            self.free.set(self.free.get() - 1);
            self.give();
        }
    }

    // ANCHOR: leave
    /// Whoever has `key` goes away. One who was given a turn, and has not taken it, passes
    /// it on.
    #[inline]
    pub(crate) fn leave(&self, key: &mut WaiterKey) {
        // hole: leave — whoever goes away, and was given a turn, passes it on; an empty key (`is_new`) was given none
        // tried by: passed-on, lock
        // also: sync
        if !is_new(key) && !self.line.cancel(key) {
            self.give();
        }
        // end hole
    }
    // ANCHOR_END: leave

    /// Makes `more` turns: the first who wait get them.
    pub(crate) fn add(&self, mut more: usize) {
        while more > 0 && !self.line.is_empty() {
            more -= 1;
            self.give();
        }
        self.free.set(self.free.get() + more);
    }

    /// Wakes all who wait, without a turn for them: there is something else to see.
    pub(crate) fn wake_all(&self) {
        self.line.wake_all();
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.line.len()
    }
}

// ANCHOR: held
/// A turn that somebody has. Dropping it gives it to the next.
#[derive(Debug)]
pub(crate) struct Held<'a>(pub(crate) &'a Turns);

impl Drop for Held<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.give();
    }
}
// ANCHOR_END: held

// ANCHOR: place
/// Somebody who wants a turn. Dropping it leaves the line.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    turns: &'a Turns,
    key: WaiterKey,
}

impl<'a> Place<'a> {
    #[inline]
    pub(crate) fn new(turns: &'a Turns) -> Place<'a> {
        Place {
            turns,
            key: WaiterKey::default(),
        }
    }

    /// Ready with the turn, when it has come.
    #[inline]
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Held<'a>> {
        let taken = self.turns.poll_take(&mut self.key, context);
        taken.map(|()| Held(self.turns))
    }
}

impl Drop for Place<'_> {
    #[inline]
    fn drop(&mut self) {
        self.turns.leave(&mut self.key);
    }
}
// ANCHOR_END: place
