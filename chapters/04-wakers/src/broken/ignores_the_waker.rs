//! A phone that leaves no number, and wakes its driver at once: the right street, and a thousand polls.

use std::pin::Pin;
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::block_on;

// ANCHOR: main
/// The passenger dials when it has been looked at a thousand times.
struct RestlessPhone {
    looks: u32,
}

impl Future for RestlessPhone {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        if self.looks == 1000 {
            return Poll::Ready("Main Street");
        }
        self.looks += 1;
        // "I will look again. Then nobody need call me."
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let (phone, polls) = counted(RestlessPhone { looks: 0 });
    let street = block_on(phone);
    say!(
        "{street}, after {} polls, and not a moment of sleep",
        polls.get()
    );
    Ok(())
}
// ANCHOR_END: main
