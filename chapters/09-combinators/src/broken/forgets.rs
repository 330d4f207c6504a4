//! A group that is a list of handles: when its body returns early, the list is dropped, and its children are forgotten.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinHandle, spawn, tasks};
use timers::{now, sleep};
use trace::say;

async fn ride(name: char) {
    sleep(Duration::from_secs(2)).await;
    say!(
        "{} s  taxi {name} sends a bill for its ride",
        now().as_secs()
    );
}

// ANCHOR: main
/// Orders three taxis, and waits until all have driven.
async fn wedding(money: u32) -> Result<(), String> {
    let mut children: Vec<JoinHandle<()>> = Vec::new();
    for name in ['A', 'B', 'C'] {
        children.push(spawn(ride(name)));
    }
    let _left = money.checked_sub(100).ok_or("there is no money for it")?;
    for child in children {
        child.await.expect("no taxi fails");
    }
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let outcome = wedding(60).await;
        say!("{} s  {outcome:?}", now().as_secs());
        say!(
            "{} s  tasks that still drive: {}",
            now().as_secs(),
            tasks().len() - 1
        );
        sleep(Duration::from_secs(5)).await;
    });
    Ok(())
}
// ANCHOR_END: main
