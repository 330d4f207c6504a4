//! A clerk on a thread of its own gets orders through one channel, and answers through another.
//!
//! twin: none, asyncio's queues are for one thread, and `queue.Queue` blocks
//! clock: virtual

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::StreamExt;
use futures::channel::mpsc;
use timers::outside;
use trace::say;

// ANCHOR: main
async fn office() {
    let (orders, inbox) = async_channel::bounded(2);
    let (answers, mut answered) = mpsc::unbounded();
    let promise = outside();
    let clerk = thread::spawn(move || {
        // A thread may block.
        while let Ok(kilometres) = inbox.recv_blocking() {
            if answers.unbounded_send((kilometres, 3 + 2 * kilometres)).is_err() {
                break;
            }
        }
        drop(answers);
        drop(promise);
    });
    for kilometres in [4, 11, 2, 7] {
        let _heard = orders.send(kilometres).await;
    }
    drop(orders);
    while let Some((kilometres, fare)) = answered.next().await {
        say!("{kilometres:2} km: {fare:2}");
    }
    say!("the clerk has gone home: {}", clerk.join().is_ok());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), office());
    Ok(())
}
// ANCHOR_END: main
