//! A loop in a thread of its own. The main thread has no loop; it hands over work, gets the results, and stops it.
//!
//! rows: P52
//! twin: same

use std::thread;

use chapter::{Args, BadInput};
use polling::yield_now;
use threads::{HandleExt, LoopThread};
use trace::say;

// ANCHOR: main
async fn quote(miles: u32) -> u32 {
    say!("office: {miles} miles?");
    yield_now().await;
    say!("office: {miles} miles are {}", 3 + 2 * miles);
    3 + 2 * miles
}

async fn where_it_runs() -> String {
    thread::current().name().unwrap_or("?").into()
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let office = LoopThread::start("office");
    let office = office.map_err(|error| BadInput::new(error.to_string()))?;
    let name = office.run(where_it_runs).unwrap_or_default();
    say!("main: the loop runs on the thread {name}");

    // One call, so that both begin in the same round of the loop.
    let both = office
        .handle()
        .spawn(|| combinators::gather([quote(4), quote(11)]));
    say!(
        "main: {:?}",
        both.wait().ok().and_then(Result::ok).unwrap_or_default()
    );

    let handle = office.handle();
    office.stop();
    let _ended = office.join();
    let late = handle.spawn(|| quote(9)).wait();
    say!(
        "main: after that, {}",
        if late.is_ok() { "done" } else { "refused" }
    );
    Ok(())
}
// ANCHOR_END: main
