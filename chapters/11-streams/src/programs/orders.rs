//! A generator that awaits another function for each item, until that has no more.
//!
//! rows: P17
//! twin: same
//! clock: virtual

use std::time::Duration;
use std::vec::IntoIter;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: orders
struct Phone {
    streets: IntoIter<&'static str>,
}

impl Phone {
    async fn fetch_data(&mut self) -> Option<&'static str> {
        sleep(Duration::from_secs(1)).await;
        self.streets.next()
    }
}

fn orders(mut phone: Phone) -> impl Stream<Item = &'static str> + Unpin {
    stream(async move |mut yields| {
        while let Some(street) = phone.fetch_data().await {
            yields.send(street).await;
        }
    })
}
// ANCHOR_END: orders

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut orders = orders(Phone {
            streets: vec!["Mill Lane", "Station Road"].into_iter(),
        });
        while let Some(street) = orders.next().await {
            say!("{} s  to {street}", now().as_secs());
            sleep(Duration::from_secs(4)).await;
            say!("{} s  in {street}", now().as_secs());
        }
        say!("{} s  no more orders", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
