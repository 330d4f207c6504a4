//! A sleep that looks at the clock, and asks to be polled again: how many polls that takes.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Time;
use polling::counted;
use trace::say;
use wakers::block_on;

thread_local! {
    static NOW: Cell<Time> = const { Cell::new(Time::ZERO) };
}

/// A clock on which each look takes a microsecond, so that the count is the same on every machine.
fn look_at_the_clock() -> Time {
    let now = NOW.get().saturating_add(Duration::from_micros(1));
    NOW.set(now);
    now
}

// ANCHOR: sleep
struct Sleep {
    deadline: Time,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if look_at_the_clock() >= self.deadline {
            return Poll::Ready(());
        }
        // Nobody else knows when.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
// ANCHOR_END: sleep

pub fn run(_: &Args) -> Result<(), BadInput> {
    for millis in [1, 10, 100] {
        let wait = Duration::from_millis(millis);
        let deadline = NOW.get().saturating_add(wait);
        let (sleep, polls) = counted(Sleep { deadline });
        block_on(sleep);
        say!("a sleep of {millis:3} ms: {:6} polls", polls.get());
    }
    Ok(())
}
