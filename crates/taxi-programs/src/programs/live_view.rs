//! Who awaits whom, and where: the tree of all tasks, while they wait.
//!
//! twin: none, asyncio's print_call_graph tells it of one task at a time
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::time::{sleep, timeout};
use taxi::{Clock, Runtime, gather, spawn_named};
use trace::say;

const MINUTE: Duration = Duration::from_secs(60);

// ANCHOR: main
async fn ride(minutes: u32) {
    sleep(minutes * MINUTE).await;
}

async fn shift() {
    let garage = spawn_named("garage", std::future::pending::<()>());
    let ann = spawn_named("Ann", ride(20));
    let rides = spawn_named("rides", gather([ride(5), ride(15)]));
    let boss = spawn_named("boss", async {
        let _late = timeout(10 * MINUTE, ann).await;
        rides.await
    });
    sleep(MINUTE).await;
    print("after a minute");
    sleep(10 * MINUTE).await;
    print("after eleven");
    let _rides = boss.await;
    garage.cancel();
}

fn print(when: &str) {
    say!("{when}:");
    for line in taxi::tree().to_string().lines() {
        say!("  {line}");
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let runtime = Runtime::builder().clock(clock).build();
    let mut runtime = runtime.map_err(|error| BadInput::new(error.to_string()))?;
    runtime.block_on(shift());
    Ok(())
}
