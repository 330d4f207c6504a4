//! Chapter 8, exercise 3: three taxis, of which one has a flat tyre; the others are called home, and drive there.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, JoinError, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(name: char, home: u64) -> &'static str {
    let ride = async {
        sleep(Duration::from_secs(4)).await;
        assert!(name != 'B', "taxi B has a flat tyre");
        sleep(Duration::from_secs(60)).await;
    };
    if catch_cancel(ride).await.is_err() {
        say!("{} s  taxi {name} turns round", now().as_secs());
        sleep(Duration::from_secs(home)).await;
        say!("{} s  taxi {name} is home", now().as_secs());
        Cancelled::resume().await;
    }
    "a whole ride"
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    // The panic is told by whoever awaits the task.
    std::panic::set_hook(Box::new(|_| {}));
    task_cell::run(Clock::real_if(args.real()), async {
        let [a, mut b, c] =
            [('A', 3), ('B', 1), ('C', 2)].map(|(name, home)| spawn(taxi(name, home)));
        if let Err(JoinError::Panicked(panic)) = (&mut b).await {
            say!(
                "{} s  {}",
                now().as_secs(),
                panic.message().unwrap_or_default()
            );
            a.cancel();
            c.cancel();
        }
        say!("{} s  B again: cancel {}", now().as_secs(), b.cancel());
        for taxi in [a, c] {
            let outcome = taxi.await;
            say!("{} s  {outcome:?}", now().as_secs());
        }
    });
    Ok(())
}
// ANCHOR_END: main
