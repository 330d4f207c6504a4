//! The garage is shut: whoever is called back fails as well, and the group tells both failures.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::try_group;
use event_loop::Clock;
use task_cell::catch_cancel;
use timers::{now, sleep};
use trace::say;

async fn ride(name: char, seconds: u64) -> Result<(), String> {
    say!("{} s  taxi {name}: a ride of {seconds} s", now().as_secs());
    let drive = sleep(Duration::from_secs(seconds));
    if catch_cancel(drive).await.is_err() {
        say!("{} s  taxi {name}: back to the garage", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        return Err(format!("taxi {name} finds the garage shut"));
    }
    if name == 'C' {
        return Err("taxi C has a flat tyre".to_owned());
    }
    say!("{} s  taxi {name}: there", now().as_secs());
    Ok(())
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let sent = try_group(async |group| {
            for (name, seconds) in [('A', 1), ('B', 9), ('C', 2)] {
                group.spawn(ride(name, seconds));
            }
            say!("{} s  main: all are sent out", now().as_secs());
            sleep(Duration::from_secs(5)).await;
            say!("{} s  main: had a coffee", now().as_secs());
            Ok(())
        });
        let error = sent.await.expect_err("C fails");
        for failure in error.failures() {
            say!("{} s  main: {failure}", now().as_secs());
        }
    });
    Ok(())
}
