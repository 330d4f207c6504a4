//! A child that nobody has any more goes on. When it ends, a task of the loop reaps it.
//!
//! twin: none, asyncio's loop watches every child that it has started, and says nothing of it
//! needs: unix

use std::io;
use std::process::Stdio;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use processes::Command;
use rustix::process::{Pid, test_kill_process};
use task_cell::tasks;
use trace::say;

// ANCHOR: listed
/// Whether there is an entry for it in the table of processes.
fn is_listed(id: u32) -> bool {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    id.is_some_and(|id| test_kill_process(id).is_ok())
}
// ANCHOR_END: listed

// ANCHOR: main
async fn depot() -> io::Result<()> {
    let mut meter = Command::new("cat");
    let mut meter = meter.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (id, input, output) = (meter.id(), meter.stdin.take(), meter.stdout.take());
    drop(meter);
    // The loop is told of it by mail.
    while tasks().len() < 2 {
        yield_now().await;
    }
    let names: Vec<String> = tasks().into_iter().map(|task| task.name).collect();
    say!(
        "tasks: {}; it is listed: {}",
        names.join(", "),
        is_listed(id)
    );
    if let (Some(input), Some(output)) = (input, output) {
        input.write_all(b"taxi").await?;
        let mut heard = [0; 4];
        output.read(&mut heard).await?;
        say!("it goes on: {}", String::from_utf8_lossy(&heard));
    }
    while tasks().len() > 1 {
        yield_now().await;
    }
    say!(
        "its input has ended, and so has it; it is listed: {}",
        is_listed(id)
    );

    // ANCHOR_END: main
    // ANCHOR: killed
    let mut radio = Command::new("sleep");
    let radio = radio.arg("1000").kill_on_drop(true).spawn()?;
    let id = radio.id();
    drop(radio);
    while is_listed(id) {
        yield_now().await;
    }
    say!("one that is killed when it is dropped: gone");
    // ANCHOR_END: killed
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::real(), depot())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
