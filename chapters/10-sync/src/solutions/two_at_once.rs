//! Chapter 10, exercise 2: `fetches` with two permits.
//!
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::as_completed;
use event_loop::Clock;
use sync::Semaphore;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn fetch(page: usize, millis: u64, permits: Rc<Semaphore>, at_work: Rc<Cell<u32>>) -> usize {
    trace::name(format_args!("page {page}"));
    let _permit = permits.acquire().await;
    at_work.set(at_work.get() + 1);
    say!("{:4} ms  page {page} begins, {} at work", now_ms(), at_work.get());
    sleep(Duration::from_millis(millis)).await;
    at_work.set(at_work.get() - 1);
    page
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let (permits, at_work) = (Rc::new(Semaphore::new(2)), Rc::new(Cell::new(0)));
        let pages = [1200, 1000, 1100, 1000, 1000].into_iter().enumerate();
        let fetches = pages.map(|(page, millis)| {
            fetch(page, millis, Rc::clone(&permits), Rc::clone(&at_work))
        });
        let mut results = as_completed(fetches);
        while let Some(Ok(page)) = results.next().await {
            say!("{:4} ms  page {page} is here", now_ms());
        }
    });
    Ok(())
}
// ANCHOR_END: main

fn now_ms() -> u64 {
    now().as_nanos() / 1_000_000
}
