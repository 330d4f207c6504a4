//! Who is first when many are due at once: callbacks before sleepers, each in the order in which they asked.
//!
//! twin: same

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use timers::{block_on, call_later, now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(name: char, waits: &[u64]) {
    for &wait in waits {
        sleep(Duration::from_secs(wait)).await;
        say!("{} s  taxi {name}", now().as_secs());
    }
}

fn remind(seconds: u64, of: &'static str) {
    call_later(Duration::from_secs(seconds), move || {
        say!("{} s  callback: {of}", now().as_secs());
    });
}

async fn at_two() {
    let taxis = [("A", &[1, 1][..]), ("B", &[2]), ("C", &[2])];
    let taxis = taxis.map(|(name, waits)| taxi(name.as_bytes()[0].into(), waits));
    let reminders = async {
        sleep(Duration::from_secs(1)).await;
        remind(1, "a light is left on");
        remind(1, "the tank is empty");
    };
    let taxis = async { FuturesUnordered::from_iter(taxis).collect::<()>().await };
    futures::join!(taxis, reminders);
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    // On the wall clock no two of them would be due at the same nanosecond.
    block_on(Clock::virtual_time(), at_two());
    Ok(())
}
