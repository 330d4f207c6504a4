//! Two tasks that wait for each other. Nothing can ever happen again, and the loop says who waits.
//!
//! exit: 101

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::{promise, spawn};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    tasks::run(Clock::virtual_time(), async {
        let (a_has_gone, b_has_gone) = (promise(), promise());
        let (after_a, after_b) = (a_has_gone.clone(), b_has_gone.clone());
        let a = spawn(async move {
            say!("taxi A: after you");
            after_b.await;
            a_has_gone.set(())
        });
        let b = spawn(async move {
            say!("taxi B: no, after you");
            after_a.await;
            b_has_gone.set(())
        });
        let _gone = (a.await, b.await);
        say!("this line is never reached");
    });
    Ok(())
}
// ANCHOR_END: main
