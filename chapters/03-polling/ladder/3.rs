//! Asked until it is ready
//!
//! Write the worst driver there is: it polls a future until that is ready, and counts the polls. It sends a waker that
//! does nothing, since it asks anyway. The future may be that of any `async fn`, so pin it before you poll it.
//!
//!     pub fn spin_on<F: Future>(future: F) -> (F::Output, u64)
//!
//! hint: `std::pin::pin!` takes a future and gives a pin of it, which is what `poll` wants. The waker is
//! `Waker::noop()`.
//!
//! hint: `poll` uses the pin up. `future.as_mut()` lends it for one poll.
//!
//! hint: All of it, but for the count:
//!
//!     let mut future = pin!(future);
//!     let mut context = Context::from_waker(Waker::noop());
//!     loop {
//!         if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
//!             // …
//!         }
//!     }
//!
//! done: It never misses anything, and it keeps a processor core entirely busy. In chapter 4 you get the same answer
//! for two polls.

use mine::polling::{lift_off, spin_on};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Ready at its poll number `at`. It minds being polled after that, and too often.
struct ReadyAt {
    at: u64,
    polls: u64,
}

impl Future for ReadyAt {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        self.polls += 1;
        ladder::check!(
            self.polls <= self.at,
            "a future that was ready is polled once more: its output was given away"
        );
        match self.polls == self.at {
            true => Poll::Ready("answer"),
            false => Poll::Pending,
        }
    }
}

fn ready_at(at: u64) -> ReadyAt {
    let polls = 0;
    ReadyAt { at, polls }
}

fn main() {
    for at in [1, 2, 1000] {
        ladder::tries(format_args!("a future that is ready at its poll {at}"));
        ladder::hangs(
            "spin_on does not return: is the future polled again when it was pending?",
        );
        let (output, polls) = spin_on(ready_at(at));
        ladder::check!(
            output == "answer",
            "it returns {output:?}, and the future's output was \"answer\""
        );
        ladder::check!(
            polls == at,
            "it was polled {}, and {polls} are counted: the last poll counts, too",
            ladder::times(at as usize)
        );
    }

    ladder::tries("lift_off(3), yours");
    ladder::hangs("spin_on does not return: is your future ready after three stops?");
    let (output, polls) = spin_on(lift_off(3));
    ladder::check!(
        (output, polls) == ("lift-off", 4),
        "three stops are four polls; it says {output:?} after {polls}"
    );

    ladder::tries("an async block that holds a reference to itself");
    ladder::hangs("spin_on does not return");
    let (sum, polls) = spin_on(async {
        let numbers = [3, 4];
        let second = &numbers[1];
        mine::polling::yield_now().await;
        numbers[0] + *second
    });
    ladder::check!(
        (sum, polls) == (7, 2),
        "one stop is two polls, and the sum is 7; it says {sum} after {polls}"
    );
}
