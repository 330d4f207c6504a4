//! A task wakes itself ten times in one turn. How often is it polled?
//!
//! twin: none, nobody polls in Python

use std::future::poll_fn;
use std::task::Poll;

use chapter::{Args, BadInput};
use event_loop::Clock;
use performance::{Locked, Shared, polls_of};
use taxi::yield_now;
use trace::say;

// ANCHOR: main
/// Wakes itself ten times in its first turn, and never again.
fn eager() -> impl Future<Output = ()> {
    let mut first = true;
    poll_fn(move |context| {
        for _ in 0..if first { 10 } else { 0 } {
            context.waker().wake_by_ref();
        }
        first = false;
        Poll::Pending
    })
}

/// Long enough for whoever was woken.
async fn a_while() {
    for _ in 0..20 {
        yield_now().await;
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let (task, polls) = polls_of(eager());
    let locked = Locked::new();
    let _never = locked.spawn(task);
    locked.run();
    say!("a lock in an Arc  {:2} polls", polls());

    let (task, polls) = polls_of(eager());
    tasks::run(Clock::virtual_time(), async {
        let _never = tasks::spawn(task);
        a_while().await;
    });
    say!("chapter 6         {:2} polls", polls());

    let (task, polls) = polls_of(eager());
    let shared = Shared::new();
    let never = shared.spawn(task);
    shared.run();
    say!("an atomic header  {:2} polls", polls());
    drop(never);

    let (task, polls) = polls_of(eager());
    taxi::test::run(async {
        let _never = taxi::spawn(task);
        a_while().await;
    });
    say!("chapter 8's cell  {:2} polls", polls());
    Ok(())
}
// ANCHOR_END: main
