//! A gather in a few lines: each child's end counts down, and the last end or the first failure keeps a promise.
//!
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinError, JoinHandle, promise, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: gather
/// All values in the order of the handles, or the first failure as soon as it happens.
async fn gather<T: 'static>(handles: Vec<JoinHandle<T>>) -> Result<Vec<T>, JoinError> {
    let over = promise();
    let left = Rc::new(Cell::new(handles.len()));
    for handle in &handles {
        let (over, left) = (over.clone(), left.clone());
        handle.on_end(move |outcome| {
            left.set(left.get() - 1);
            if outcome.is_err() || left.get() == 0 {
                // Only the first one keeps it.
                let _kept_before = over.set(outcome);
            }
        });
    }
    over.await?;
    let mut values = Vec::new();
    for handle in handles {
        // It has ended: this does not suspend.
        values.push(handle.await?);
    }
    Ok(values)
}
// ANCHOR_END: gather

async fn taxi(name: char, drive: u64) -> char {
    trace::name(format_args!("taxi {name}"));
    sleep(Duration::from_secs(drive)).await;
    assert!(name != 'B', "a flat tyre");
    say!("{:2} s  taxi {name} is there", now().as_secs());
    name
}

async fn wedding() {
    trace::name(format_args!("main"));
    let taxis = vec![spawn(taxi('A', 60)), spawn(taxi('B', 1))];
    match gather(taxis).await {
        Ok(names) => say!("{:2} s  there: {names:?}", now().as_secs()),
        Err(error) => say!("{:2} s  {error}", now().as_secs()),
    }
    // Time to see what the others do.
    sleep(Duration::from_secs(70)).await;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    std::panic::set_hook(Box::new(|_| {}));
    task_cell::run(Clock::real_if(args.real()), wedding());
    Ok(())
}
