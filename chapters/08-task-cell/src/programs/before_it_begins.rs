//! A task is cancelled before its first poll: its body never runs. And one after its end: nothing changes.
//!
//! twin: same

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::{catch_cancel, spawn};
use trace::say;

// ANCHOR: main
async fn ride(name: char) -> char {
    say!("taxi {name} starts");
    let _asked = catch_cancel(yield_now()).await;
    say!("taxi {name} ends");
    name
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), async {
        let a = spawn(ride('A'));
        say!("cancel A: {}", a.cancel());
        say!("again:    {}", a.cancel());
        say!("A: {:?}", a.await);

        let mut b = spawn(ride('B'));
        say!("B: {:?}", (&mut b).await);
        say!("cancel B: {}, cancelled: {}", b.cancel(), b.is_cancelled());
    });
    Ok(())
}
// ANCHOR_END: main
