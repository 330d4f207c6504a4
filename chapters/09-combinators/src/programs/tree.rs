//! Groups within a group: one request at the root, and each branch is over when its leaves are.
//!
//! rows: P33
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::group;
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
async fn taxi(name: char, way_home: u64) {
    trace::name(format_args!("taxi {name}"));
    if catch_cancel(sleep(seconds(60))).await.is_err() {
        sleep(seconds(way_home)).await;
        say!("{} s  taxi {name}: in the garage", now().as_secs());
        Cancelled::resume().await;
    }
}

async fn office(name: &'static str, taxis: [(char, u64); 2]) {
    trace::name(format_args!("office {name}"));
    let drives = group(async |group| {
        for (name, way_home) in taxis {
            group.spawn(taxi(name, way_home));
        }
    });
    if catch_cancel(drives).await.is_err() {
        say!("{} s  office {name}: all are home", now().as_secs());
        Cancelled::resume().await;
    }
}

async fn night() {
    let offices = group(async |group| {
        group.spawn(office("North", [('A', 1), ('B', 4)]));
        group.spawn(office("South", [('C', 2), ('D', 3)]));
    });
    offices.await.expect("no office fails");
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let night = spawn(night());
        sleep(seconds(5)).await;
        say!("{} s  main: cancel, {}", now().as_secs(), night.cancel());
        let error = night.await.expect_err("it is cancelled");
        say!("{} s  main: {error}", now().as_secs());
    });
    Ok(())
}
