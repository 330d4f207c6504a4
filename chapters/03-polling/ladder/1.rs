//! A future that stops once
//!
//! A future is a coroutine that yields nothing. It is polled, and answers `Pending` or `Ready`. What it is sent is a
//! waker, by which it can say "poll me again". Write the smallest one that stops: its first poll wakes the waker that
//! it was sent and answers `Pending`; the second answers `Ready`.
//!
//!     pub struct YieldNow { /* … */ }
//!
//!     pub fn yield_now() -> YieldNow
//!
//!     impl Future for YieldNow {
//!         type Output = ();
//!         // …
//!     }
//!
//! The signature of `poll` is std's. You may ignore `Pin` here: a struct like yours does not mind being moved, so
//! `self.get_mut()` gives an ordinary reference.
//!
//!     fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()>
//!
//! hint: What must it remember from one poll to the next? One bit.
//!
//! hint: The waker is `context.waker()`, and `wake_by_ref` calls it. Call it before you answer `Pending`: nobody polls
//! again unless somebody wakes.
//!
//! hint: The body of `poll`:
//!
//!     if self.stopped {
//!         return Poll::Ready(());
//!     }
//!     self.get_mut().stopped = true;
//!     context.waker().wake_by_ref();
//!     Poll::Pending
//!
//! done: A future that waits for no other future is a leaf. Only leaves decide to stop; all others hand the answer on.
//! The next one does just that.

use ladder::Bell;
use mine::polling::yield_now;
use std::pin::pin;

fn main() {
    ladder::tries("yield_now(), not polled");
    let bell = Bell::new();
    let mut future = pin!(yield_now());
    ladder::tries("yield_now(), polled once");
    let first = ladder::poll(future.as_mut(), &bell);
    ladder::check!(
        first.is_pending(),
        "it is ready at once: it should stop, and so give others a turn"
    );
    ladder::check!(
        bell.rings() > 0,
        "it is pending, and nobody was woken: who would poll it again?"
    );
    let rings = bell.rings();
    ladder::check!(
        rings == 1,
        "one wake is enough, and it woke {}",
        ladder::times(rings)
    );

    ladder::tries("yield_now(), polled twice");
    let second = ladder::poll(future.as_mut(), &bell);
    ladder::check!(
        second.is_ready(),
        "it is pending again: it should stop once. What does it remember of its first poll?"
    );
    let rings = bell.rings();
    ladder::check!(
        rings == 1,
        "it wakes although it is ready: somebody would poll a future that is over"
    );

    ladder::tries("two of them, polled in turn");
    let (mut a, mut b) = (pin!(yield_now()), pin!(yield_now()));
    let (a1, b1) = (
        ladder::poll(a.as_mut(), &bell),
        ladder::poll(b.as_mut(), &bell),
    );
    ladder::check!(
        a1.is_pending() && b1.is_pending(),
        "each must stop once: what it remembers must be its own"
    );
    let (a2, b2) = (
        ladder::poll(a.as_mut(), &bell),
        ladder::poll(b.as_mut(), &bell),
    );
    ladder::check!(
        a2.is_ready() && b2.is_ready(),
        "each must be ready at its second poll"
    );
}
