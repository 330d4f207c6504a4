//! Four offices are asked for a price. The first two offers count; the other offices are told to forget it.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::as_completed_handles;
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

async fn office(name: char, seconds: u64, price: u32) -> (u32, char) {
    let thinks = sleep(Duration::from_secs(seconds));
    if catch_cancel(thinks).await.is_err() {
        say!("{} s  office {name}: never mind", now().as_secs());
        Cancelled::resume().await;
    }
    say!("{} s  office {name}: {price}", now().as_secs());
    (price, name)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let offices = [('A', 3, 30), ('B', 1, 45), ('C', 4, 20), ('D', 2, 25)];
        let offices =
            offices.map(|(name, seconds, price)| spawn(office(name, seconds, price)));
        let mut offers = as_completed_handles(offices);
        let mut best = (u32::MAX, '?');
        for _ in 0..2 {
            let offer = offers.next().await.expect("four were asked");
            best = best.min(offer.expect("nobody fails"));
        }
        let late = offers.into_pending();
        for office in &late {
            office.cancel();
        }
        for office in late {
            let _never_mind = office.await;
        }
        say!(
            "{} s  we take office {}, for {}",
            now().as_secs(),
            best.1,
            best.0
        );
    });
    Ok(())
}
