//! The body's end of a generator, and the slot that it shares with the stream.

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::ptr;
use std::rc::Rc;
use std::task::{Context, Poll, RawWakerVTable, Waker};

use polling::{spend, suspended};
use task_cell::Cancelled;
use wakers::contained;

// ANCHOR: slot
/// What a generator's body and its stream share.
pub(crate) struct Slot<T> {
    /// Sent, and not taken yet. It is taken as soon as the body stops.
    pub(crate) item: Cell<Option<T>>,
    /// Who polls the body, and so whether anybody does.
    pub(crate) polled_by: Cell<Option<Poller>>,
    /// Of a send that waits for the next poll, and will be reached only if this is woken.
    pub(crate) sender: Cell<Option<Waker>>,
    /// No further item is wanted.
    pub(crate) closing: Cell<bool>,
}

/// Which waker it is. It is compared, and never used.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Poller(*const (), *const RawWakerVTable);
// ANCHOR_END: slot

impl Poller {
    fn of(context: &Context<'_>) -> Poller {
        let waker = context.waker();
        Poller(waker.data(), ptr::from_ref(waker.vtable()))
    }
}

// ANCHOR: yields
/// Where a body sends its items; made by [`stream`](crate::stream) and
/// [`try_stream`](crate::try_stream).
pub struct Yields<T> {
    pub(crate) slot: Rc<Slot<T>>,
}
// ANCHOR_END: yields

impl<T> fmt::Debug for Yields<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yields").finish_non_exhaustive()
    }
}

impl<T> Yields<T> {
    /// Gives `item` to whoever waits for the stream's next one, and stops until the one after that is wanted.
    ///
    /// Once this was polled, the item is the consumer's, even if this future is dropped then: nothing is given twice, and
    /// nothing is lost on its way. Dropped before it was polled, nobody gets it; nor if, in the same poll of the body, a
    /// send before it was polled and dropped, whose item is still in the way.
    ///
    /// # Panics
    ///
    /// When it is awaited anywhere but in its generator's body: in another task, or after the end of the stream.
    #[track_caller]
    pub fn send(&mut self, item: T) -> Send<'_, T> {
        Send {
            slot: &self.slot,
            item: Some(item),
            location: Location::caller(),
        }
    }
}

/// The future of [`Yields::send`].
#[must_use = "a future does nothing unless it is awaited"]
// ANCHOR: send
pub struct Send<'y, T> {
    slot: &'y Slot<T>,
    /// Until it is in the slot.
    item: Option<T>,
    location: &'static Location<'static>,
}

// ANCHOR_END: send

// Nothing in it is pinned.
impl<T> Unpin for Send<'_, T> {}

// ANCHOR: poll-send
impl<T> Future for Send<'_, T> {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (slot, poller) = (self.slot, self.poller());
        if slot.closing.get() {
            return resume(context);
        }
        // hole: send — no item in the slot is lost; pending until ours was taken and the next is wanted
        // tried by: generator, three-items, two-at-once, given-up
        // also: streams
        let full = slot.item.take();
        if full.is_none() && self.item.is_none() {
            // The item was taken, and the next one is wanted.
            return self.give_way(context);
        }
        slot.item.set(full.or_else(|| self.item.take()));
        // Whoever polls the body polls this too, unless something between them has wakers
        // of its own, such as a `join`.
        if poller != Poller::of(context) {
            slot.wake_later(context.waker().clone());
        }
        Poll::Pending
        // end hole
    }
}
// ANCHOR_END: poll-send

impl<T> Send<'_, T> {
    /// Who polls the body now. If nobody does, this is awaited outside of it.
    #[track_caller]
    fn poller(&self) -> Poller {
        let Some(poller) = self.slot.polled_by.get() else {
            panic!(
                "only a generator's own body can send its items (send called at {}); from \
                 elsewhere, send them through a channel",
                self.location
            );
        };
        poller
    }

    // ANCHOR: give-way
    /// Ready, unless the task has had its turn: a body that never waits must not keep the
    /// others from theirs.
    fn give_way(&self, context: &Context<'_>) -> Poll<()> {
        let turn = spend(context);
        if turn.is_pending() {
            suspended(self.location, "send");
        }
        turn
    }
    // ANCHOR_END: give-way
}

/// What a send does while its generator is closed: it ends the body as a cancelled task ends, where a scope may clean up.
fn resume(context: &mut Context<'_>) -> Poll<()> {
    let resume = pin!(Cancelled::resume());
    resume.poll(context).map(|never| never)
}

impl<T> Slot<T> {
    pub(crate) fn new() -> Slot<T> {
        Slot {
            item: Cell::new(None),
            polled_by: Cell::new(None),
            sender: Cell::new(None),
            closing: Cell::new(false),
        }
    }

    // ANCHOR: wake-later
    /// Has `waker` woken before the body is polled for the next item.
    fn wake_later(&self, waker: Waker) {
        let old = self.sender.replace(Some(waker));
        contained("a waker", || drop(old));
    }
    // ANCHOR_END: wake-later
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let waker = self.sender.take();
        contained("a waker", || drop(waker));
    }
}

/// The body is polled until this is dropped.
pub(crate) struct Polling<'s>(&'s Cell<Option<Poller>>);

impl Polling<'_> {
    pub(crate) fn begin<'s>(
        by: &'s Cell<Option<Poller>>,
        context: &Context<'_>,
    ) -> Polling<'s> {
        by.set(Some(Poller::of(context)));
        Polling(by)
    }
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
