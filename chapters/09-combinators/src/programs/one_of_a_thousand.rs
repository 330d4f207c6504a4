//! A thousand children in place, each at a telephone of its own. One call polls one child.
//!
//! twin: none, asyncio has no children in place

use chapter::{Args, BadInput};
use combinators::join_all;
use event_loop::Clock;
use polling::{Polls, counted, yield_now};
use task_cell::{promise, spawn};
use trace::say;

// ANCHOR: main
async fn main() {
    let mut phones = Vec::new();
    let mut polls = Vec::new();
    let mut children = Vec::new();
    for _ in 0..1000 {
        let call = promise::<()>();
        phones.push(call.clone());
        let (child, polls_of_child) = counted(call);
        polls.push(polls_of_child);
        children.push(child);
    }
    let polled = || polls.iter().map(Polls::get).sum::<u64>();

    let all = spawn(join_all(children));
    yield_now().await;
    say!("begun: {} polls", polled());
    for n in [500, 7] {
        let before = polled();
        phones[n].set(()).expect("its first call");
        yield_now().await;
        say!("a call for child {n}: {} more", polled() - before);
    }
    let before = polled();
    for phone in &phones {
        let _already = phone.set(());
    }
    all.await.expect("nobody fails");
    say!("calls for all others: {} more", polled() - before);
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), main());
    Ok(())
}
