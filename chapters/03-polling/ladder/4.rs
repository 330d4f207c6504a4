//! Both at once
//!
//! `a.await; b.await` waits for one after the other. Write a future that waits for two at the same time: each of its
//! polls polls both, so they go on side by side, and it is ready when both are. One may be ready long before the other:
//! keep its output, and never poll it again.
//!
//!     pub struct Both<A: Future, B: Future> { /* … */ }
//!
//!     pub fn both<A: Future, B: Future>(a: A, b: B) -> Both<A, B>
//!
//!     impl<A: Future, B: Future> Future for Both<A, B> {
//!         type Output = (A::Output, B::Output);
//!         // …
//!     }
//!
//! The two may be futures of `async fn`, which must not move once they have been polled. What is in a `Box` stays where
//! it is, so keep each as a `Pin<Box<A>>`. The struct itself may then be moved, whatever the outputs are, if you say
//! so:
//!
//!     impl<A: Future, B: Future> Unpin for Both<A, B> {}
//!
//! hint: Two futures and two outputs, each an `Option`. What does each poll do for the first? And then for the second?
//!
//! hint: No `else`, and no early return between the two: a poll that finds the first one pending must still poll the
//! second. Only then see whether both outputs are there.
//!
//! hint: With `let this = self.get_mut();`, for each of them:
//!
//!     if this.a_output.is_none()
//!         && let Poll::Ready(output) = this.a.as_mut().poll(context)
//!     {
//!         this.a_output = Some(output);
//!     }
//!
//! done: That is asyncio's `gather` for two; elsewhere it is called `join`. Both share one waker, and neither knows of
//! the other, so when one wakes, both are polled. Chapter 6 gives each a waker of its own, and calls them tasks.

use ladder::Bell;
use mine::polling::both;
use std::cell::Cell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

/// Ready at its poll number `at`; it counts its polls where others see it.
struct ReadyAt {
    name: &'static str,
    at: u32,
    polls: Rc<Cell<u32>>,
    bell: Rc<Cell<bool>>,
}

impl Future for ReadyAt {
    type Output = String;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<String> {
        let polls = self.polls.get() + 1;
        self.polls.set(polls);
        ladder::check!(
            polls <= self.at,
            "{} is polled again although it was ready",
            self.name
        );
        self.bell.set(true);
        if polls == self.at {
            return Poll::Ready(self.name.to_string());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn ready_at(name: &'static str, at: u32) -> (ReadyAt, Rc<Cell<u32>>) {
    let polls = Rc::new(Cell::new(0));
    let bell = Rc::new(Cell::new(false));
    let future = ReadyAt {
        name,
        at,
        polls: Rc::clone(&polls),
        bell,
    };
    (future, polls)
}

fn main() {
    for (at_a, at_b) in [(3, 1), (1, 3), (2, 2), (1, 1)] {
        let (a, polls_a) = ready_at("a", at_a);
        let (b, polls_b) = ready_at("b", at_b);
        let last = at_a.max(at_b);
        let bell = Bell::new();
        let mut future = pin!(both(a, b));
        for poll in 1..=last {
            ladder::tries(format_args!(
                "a that is ready at its poll {at_a} and b at its poll {at_b}, polled {}",
                ladder::times(poll as usize)
            ));
            ladder::hangs("the poll does not return");
            let answer = ladder::poll(future.as_mut(), &bell);
            let wanted = (poll.min(at_a), poll.min(at_b));
            let found = (polls_a.get(), polls_b.get());
            ladder::check!(
                found.0 >= wanted.0,
                "a should have been polled {}, and was polled {}: each poll polls both",
                ladder::times(wanted.0 as usize),
                ladder::times(found.0 as usize)
            );
            ladder::check!(
                found.1 >= wanted.1,
                "b should have been polled {}, and was polled {}: does it wait until a is ready?",
                ladder::times(wanted.1 as usize),
                ladder::times(found.1 as usize)
            );
            ladder::check!(
                found == wanted,
                "in {} a was polled {} and b {}: each poll polls each of them once",
                ladder::count(poll as usize, "poll"),
                ladder::times(found.0 as usize),
                ladder::times(found.1 as usize)
            );
            match answer {
                Poll::Pending => ladder::check!(
                    poll < last,
                    "both are ready, and it says Pending: nobody will poll it again"
                ),
                Poll::Ready(_) if poll < last => {
                    ladder::fail("it is ready, and one of the two is not")
                }
                Poll::Ready((a, b)) => ladder::check!(
                    a == "a" && b == "b",
                    "the outputs should be a and b, and are {a} and {b}"
                ),
            }
        }
    }

    ladder::tries("two async blocks that hold references to themselves");
    ladder::hangs("spin_on does not return");
    let letters = |first: &'static str, stops: u32| async move {
        let letters = [first.to_string(), first.to_string()];
        let second = &letters[1];
        for _ in 0..stops {
            mine::polling::yield_now().await;
        }
        letters[0].clone() + second
    };
    let (output, polls) = mine::polling::spin_on(both(letters("a", 2), letters("b", 5)));
    ladder::check!(
        output == ("aa".to_string(), "bb".to_string()),
        "their outputs are aa and bb, and it says {output:?}"
    );
    ladder::check!(
        polls == 6,
        "two stops and five stops at the same time are six polls, and there were {polls}"
    );
}
