//! Three sleeps in place and as tasks: how many tasks there are, and who is polled how often.
//!
//! twin: none, polls cannot be counted there
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{gather, join_all};
use event_loop::Clock;
use polling::{Counted, Polls, counted};
use task_cell::{spawn, tasks};
use timers::{Sleep, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: show
fn sleepers() -> (Vec<Counted<Sleep>>, Vec<Polls>) {
    [1, 2, 3]
        .map(|n| counted(sleep(seconds(n))))
        .into_iter()
        .unzip()
}

async fn show<R: 'static>(
    how: &str,
    together: impl Future<Output = R> + 'static,
    each: &[Polls],
) {
    let (together, polls) = counted(together);
    let waiting = spawn(together);
    sleep(seconds(0)).await;
    let tasks = tasks().len() - 1;
    waiting.await.expect("nobody fails");
    let each: Vec<u64> = each.iter().map(Polls::get).collect();
    say!(
        "{how:8}  tasks: {tasks}, its own polls: {}, its children's: {each:?}",
        polls.get()
    );
}
// ANCHOR_END: show

// ANCHOR: main
async fn main() {
    let (children, polls) = sleepers();
    show("join_all", join_all(children), &polls).await;
    let (children, polls) = sleepers();
    show("gather", gather(children), &polls).await;
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
