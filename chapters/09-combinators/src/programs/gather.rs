//! Three fetches at once: started in order, finished by their delays, answered in the order of the arguments.
//!
//! rows: P22
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::gather;
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn fetch_data(delay: u64, id: u32) -> (u32, u64) {
    trace::name(format_args!("fetch {id}"));
    say!("{} s  fetching data {id} ...", now().as_secs());
    sleep(Duration::from_secs(delay)).await;
    say!("{} s  data {id} fetched", now().as_secs());
    (id, delay)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let fetches = [fetch_data(2, 1), fetch_data(1, 2), fetch_data(3, 3)];
        let results = gather(fetches).await.expect("no fetch fails");
        say!("{} s  {results:?}", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
