//! A task group: its children end before it does, and one failure cancels the others.
//!
//! rows: P33
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::try_group;
use event_loop::Clock;
use task_cell::{Cancelled, catch_cancel};
use timers::{now, sleep};
use trace::say;

// ANCHOR: ride
async fn ride(name: char, seconds: u64) -> Result<(), String> {
    trace::name(format_args!("taxi {name}"));
    say!("{} s  taxi {name}: a ride of {seconds} s", now().as_secs());
    let drive = sleep(Duration::from_secs(seconds));
    if catch_cancel(drive).await.is_err() {
        say!("{} s  taxi {name}: back to the garage", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        say!("{} s  taxi {name}: in the garage", now().as_secs());
        Cancelled::resume().await;
    }
    if name == 'C' {
        return Err("taxi C has a flat tyre".to_owned());
    }
    say!("{} s  taxi {name}: there", now().as_secs());
    Ok(())
}
// ANCHOR_END: ride

// ANCHOR: main
async fn send_out(taxis: &[(char, u64)]) {
    let sent = try_group(async |group| {
        for &(name, seconds) in taxis {
            group.spawn(ride(name, seconds));
        }
        say!("{} s  main: all are sent out", now().as_secs());
        sleep(Duration::from_secs(5)).await;
        say!("{} s  main: had a coffee", now().as_secs());
        Ok(())
    });
    match sent.await {
        Ok(()) => say!("{} s  main: all are there", now().as_secs()),
        Err(error) => say!("{} s  main: {}", now().as_secs(), error.failures()[0]),
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        send_out(&[('A', 1), ('B', 6)]).await;
        send_out(&[('A', 1), ('B', 9), ('C', 2)]).await;
    });
    Ok(())
}
// ANCHOR_END: main
