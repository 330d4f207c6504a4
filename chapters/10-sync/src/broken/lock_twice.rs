//! A task that holds a lock asks for it again. It waits for itself, and the loop says so, with both lines.
//!
//! exit: 101

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn_named;
use trace::say;

// ANCHOR: main
async fn total(till: &Lock<Vec<u32>>) -> u32 {
    till.lock().await.iter().sum()
}

async fn pay_in(fare: u32) {
    let till = Lock::new(vec![20, 30]);
    let mut fares = till.lock().await;
    fares.push(fare);
    say!("in the till: {}", total(&till).await);
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), async {
        let _paid = spawn_named("driver", pay_in(40)).await;
    });
    Ok(())
}
// ANCHOR_END: main
