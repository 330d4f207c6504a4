//! A hundred names, ten a process, and a loop in each process.
//!
//! rows: P41
//! twin: same
//! clock: virtual
//! flag: --names N  be the process that greets the ten names from N on
//! needs: unix

use std::io;

use chapter::{Args, BadInput};
use combinators::join_all;
use event_loop::Clock;
use processes::Command;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: one
async fn greet(name: u32) {
    say!("hello, {name}");
    sleep(std::time::Duration::from_secs(1)).await;
    say!("goodbye, {name}");
}

/// What one of the processes does: ten at once.
async fn ten(from: u32) {
    let guests = (from..from + 10).map(|name| spawn(greet(name)));
    join_all(guests.collect::<Vec<_>>()).await;
    say!("ten in {} s", now().as_secs());
}
// ANCHOR_END: one

// ANCHOR: main
/// Starts this program ten times over, all at once, and tells what they say, in order.
async fn all(real: bool) -> io::Result<()> {
    let program = std::env::current_exe()?;
    let mut children = Vec::new();
    for from in (0..100).step_by(10) {
        let mut child = Command::new(&program);
        child.args(["hundred-names", "--names", &from.to_string()]);
        child.args(real.then_some("--real"));
        children.push(child.output());
    }
    let (mut hellos, mut goodbyes) = (0, 0);
    for output in join_all(children).await {
        let said = String::from_utf8_lossy(&output?.stdout).into_owned();
        hellos += said.matches("hello").count();
        goodbyes += said.matches("goodbye").count();
        let mut lines = said.lines();
        let (first, last) = (lines.next(), lines.next_back());
        say!("{} … {}", first.unwrap_or("?"), last.unwrap_or("?"));
    }
    say!("{hellos} were greeted, {goodbyes} have gone, by 10 processes");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    if let Some(from) = args.number("names", 0..=90)? {
        task_cell::run(Clock::real_if(args.real()), ten(from));
        return Ok(());
    }
    // Children live by the wall clock.
    net::run(Clock::real(), all(args.real()))
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
