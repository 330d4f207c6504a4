//! A call from another thread: virtual time stands still until it has come.
//!
//! twin: same

use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, now, outside, timeout};
use trace::say;
use wakers::phone;

const HOUR: Duration = Duration::from_secs(3600);

// ANCHOR: main
async fn one_call() {
    let (caller, phone) = phone();
    let promise = outside();
    let passenger = thread::spawn(move || {
        caller.say("Main Street");
        drop(promise);
    });
    let call = timeout(HOUR, phone).await;
    say!("{} s  a call: {}", now().as_secs(), call.ok().flatten().unwrap_or("none"));
    passenger.join().expect("the thread has called");

    let (_caller, phone) = wakers::phone::<&str>();
    let call = timeout(HOUR, phone).await;
    say!("{} s  a call: {}", now().as_secs(), call.ok().flatten().unwrap_or("none"));
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    block_on(Clock::virtual_time(), one_call());
    Ok(())
}
