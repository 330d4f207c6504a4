//! A task in the background, while the main one sleeps two seconds. Then the loop closes.
//!
//! rows: P51
//! twin: own, asyncio.run cancels what is left and drives it to its end; here it is dropped, until chapter 8
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::Executor;
use timers::{Timers, now, sleep};
use trace::say;
use wakers::ThreadPark;

// ANCHOR: main
/// Says when it goes out of scope.
struct Page(u32);

impl Drop for Page {
    fn drop(&mut self) {
        say!("         page {} leaves the desk", self.0);
    }
}

async fn report() {
    for page in 1..=5 {
        let page = Page(page);
        say!("{:4} ms  page {} is begun", now().as_nanos() / 1_000_000, page.0);
        sleep(Duration::from_millis(750)).await;
    }
}

// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let mut executor = Executor::new(Timers::new(ThreadPark::new(), clock));
    executor.run_until_complete(async {
        let _report = tasks::spawn(report());
        sleep(Duration::from_secs(2)).await;
        say!("{:4} ms  main is over", now().as_nanos() / 1_000_000);
    });
    let stranded = executor.close();
    for task in stranded {
        say!("         dropped before its end: {task}");
    }
    Ok(())
}
