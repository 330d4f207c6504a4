//! Fares through a queue: whoever wants one gets it at once, but the taxi drives on when nobody wants more.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Queue;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn shift(rides: u32, fares: Rc<Queue<u32>>) {
    for ride in 0..rides {
        sleep(Duration::from_secs(5)).await;
        say!("{:2} s  taxi: ride {ride} is over", now().as_secs());
        let _ = fares.put(10 + ride).await;
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let fares = Rc::new(Queue::unbounded());
        let taxi = spawn(shift(3, Rc::clone(&fares)));
        if let Ok(fare) = fares.get().await {
            say!("{:2} s  main: {fare}, that will do", now().as_secs());
        }
        let _ = taxi.await;
        say!("{:2} s  main: {} left over", now().as_secs(), fares.len());
    });
    Ok(())
}
// ANCHOR_END: main
