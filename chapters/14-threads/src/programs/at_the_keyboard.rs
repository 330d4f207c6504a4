//! Lines of standard input, while the loop goes on. The program starts itself once more, and types.
//!
//! twin: none, asyncio has no reader of standard input that works everywhere
//! flag: --you-type Y  1: it does not start itself, and reads what you type

use std::env;
use std::io::{self, BufRead, Write};
use std::process::{Command, Stdio};

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::AsyncBufReadExt;
use futures::io::BufReader;
use streams::StreamExt;
use task_cell::spawn;
use threads::stdin;
use trace::say;

// ANCHOR: main
async fn office() -> io::Result<()> {
    let taxi = spawn(async { say!("taxi: here; where to?") });
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next().await {
        say!("office: to {}", line?);
    }
    say!("office: that is the end");
    let _said = taxi.await;
    Ok(())
}
// ANCHOR_END: main

/// Starts this program as a shell would, and types when the taxi is there: not before.
fn type_to_it() -> io::Result<()> {
    let mut office = Command::new(env::current_exe()?)
        .args(["at-the-keyboard", "--you-type", "1"])
        // A recording is of this process.
        .env_remove("WORKBOOK_TRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (mut keys, screen) = (office.stdin.take(), office.stdout.take());
    for line in screen
        .into_iter()
        .flat_map(|it| io::BufReader::new(it).lines())
    {
        say!("{}", line?);
        // Dropping it is the end of the input.
        if let Some(mut keys) = keys.take() {
            writeln!(keys, "Main Street")?;
        }
    }
    office.wait().map(drop)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let ended = match args.number("you-type", 0..=1_u32)? {
        Some(1) => threads::run(Clock::real(), office()).flatten(),
        _ => type_to_it(),
    };
    ended.map_err(|error| BadInput::new(error.to_string()))
}
