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
/// What the fetches share.
struct Office {
    permits: Semaphore,
    at_work: Cell<u32>,
}

async fn fetch(page: usize, millis: u64, office: Rc<Office>) -> usize {
    trace::name(format_args!("page {page}"));
    let _permit = office.permits.acquire().await;
    office.at_work.update(|tasks| tasks + 1);
    let tasks = office.at_work.get();
    say!("{:4} ms  page {page} begins, {tasks} at work", now_ms());
    sleep(Duration::from_millis(millis)).await;
    office.at_work.update(|tasks| tasks - 1);
    page
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let office = Rc::new(Office {
            permits: Semaphore::new(2),
            at_work: Cell::new(0),
        });
        let pages = [1200, 1000, 1100, 1000, 1000].into_iter().enumerate();
        let fetches = pages.map(|(page, millis)| fetch(page, millis, Rc::clone(&office)));
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
