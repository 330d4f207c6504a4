//! Each sleep as a phone call, by a thread that sleeps and then calls: fifty sleeps, fifty threads.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use futures::future::join_all;
use trace::say;
use wakers::{Phone, block_on, phone};

// ANCHOR: main
/// Somebody else knows when: a thread of its own.
fn sleep(wait: Duration, threads: &mut Vec<JoinHandle<()>>) -> Phone<()> {
    let (caller, phone) = phone();
    threads.push(thread::spawn(move || {
        thread::sleep(wait);
        caller.say(());
    }));
    phone
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut threads = Vec::new();
    let wait = Duration::from_millis(10);
    let sleeps: Vec<_> = (0..50).map(|_| sleep(wait, &mut threads)).collect();
    let ended = block_on(join_all(sleeps)).iter().flatten().count();
    say!("{ended} sleeps ended, {} threads slept for them", threads.len());

    let start = Instant::now();
    drop(sleep(wait, &mut threads));
    let thread = threads.pop().expect("started above");
    thread.join().expect("it only sleeps");
    let slept = start.elapsed() >= wait;
    say!("one sleep is dropped at once, and its thread sleeps to the end: {slept}");
    Ok(())
}
// ANCHOR_END: main
