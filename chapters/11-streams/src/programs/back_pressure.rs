//! A bounded queue before a slow consumer: the producer gets ahead by so much, and no further.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use sync::Queue;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn fares() -> impl Stream<Item = u32> + Unpin {
    stream(async |mut yields| {
        for fare in 0..6 {
            sleep(Duration::from_secs(1)).await;
            yields.send(fare).await;
        }
    })
}

async fn taxi(queue: Rc<Queue<u32>>) {
    let mut fares = fares();
    while let Some(fare) = fares.next().await {
        say!("{:2} s  taxi: brings {fare}", now().as_secs());
        let _ = queue.put(fare).await;
    }
    queue.close();
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let queue = Rc::new(Queue::bounded(2));
        let _taxi = spawn(taxi(Rc::clone(&queue)));
        while let Ok(fare) = queue.get().await {
            sleep(Duration::from_secs(3)).await;
            say!("{:2} s  main: {fare} is counted", now().as_secs());
        }
    });
    Ok(())
}
// ANCHOR_END: main
