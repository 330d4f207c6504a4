//! Two tasks that wait for each other. Nothing can ever happen again, and the loop says who waits, where, for what.
//!
//! exit: 101

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{promise, spawn_named};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), async {
        let (a_has_gone, b_has_gone) = (promise(), promise());
        let (after_a, after_b) = (a_has_gone.clone(), b_has_gone.clone());
        let a = spawn_named("taxi A", async move {
            after_b.await;
            a_has_gone.set(())
        });
        let b = spawn_named("taxi B", async move {
            after_a.await;
            b_has_gone.set(())
        });
        say!("each waits until the other has gone");
        let _gone = (a.await, b.await);
        say!("this line is never reached");
    });
    Ok(())
}
// ANCHOR_END: main
