//! A thousand items are ready, and a task takes one after the other. How often do the others have a turn meanwhile?
//!
//! twin: own, asyncio has no budget: whoever awaits what is ready goes on
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;

use chapter::{Args, BadInput};
use performance::polls_of;
use taxi::sync::Queue;
use taxi::{Clock, Runtime, spawn, yield_now};
use trace::say;

// ANCHOR: main
/// Polls of the task that takes them all, and turns of another one until it is done.
async fn busy() -> (u32, u32) {
    let queue = Queue::unbounded();
    for item in 0..1000 {
        let _room = queue.try_put(item);
    }
    let done = Rc::new(Cell::new(false));
    let over = Rc::clone(&done);
    let (takes_all, polls) = polls_of(async move {
        for _ in 0..1000 {
            let _item = queue.get().await;
        }
        over.set(true);
    });
    let busy = spawn(takes_all);
    let other = spawn(async move {
        let mut turns = 0;
        while !done.get() {
            turns += 1;
            yield_now().await;
        }
        turns
    });
    let _ended = busy.await;
    (polls(), other.await.unwrap_or_default())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    for budget in [1, 16, 128, u32::MAX] {
        let clock = Clock::real_if(args.real());
        let runtime = Runtime::builder().clock(clock).budget(budget).build();
        let mut runtime = runtime.map_err(|error| BadInput::new(error.to_string()))?;
        let (polls, turns) = runtime.block_on(busy());
        let name = match budget {
            u32::MAX => "no budget".to_string(),
            _ => format!("budget {budget}"),
        };
        say!("{name:10} {polls:4} polls, {turns:4} turns of the other");
    }
    Ok(())
}
// ANCHOR_END: main
