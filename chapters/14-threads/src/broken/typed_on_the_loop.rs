//! A line is read on the loop. Whoever types it waits for the taxi, and the taxi for the line.
//!
//! twin: none, Python's `input()` in a coroutine does the same

use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
async fn office(mut keyboard: impl BufRead, says: mpsc::Sender<()>) -> io::Result<()> {
    let taxi = spawn(async move {
        say!("taxi: here");
        let _said = says.send(());
    });
    let mut line = String::new();
    keyboard.read_line(&mut line)?;
    say!("office: {}", line.trim_end());
    let _said = taxi.await;
    Ok(())
}

/// A pipe stands for the keyboard. Whoever types answers the taxi.
fn evening() -> io::Result<()> {
    let (keyboard, mut keys) = io::pipe()?;
    let (says, heard) = mpsc::channel();
    let typist = thread::spawn(move || {
        let word = match heard.recv_timeout(Duration::from_millis(200)) {
            Ok(()) => "thank you",
            Err(_) => "0.2 s, and no taxi",
        };
        writeln!(keys, "{word}")
    });
    task_cell::run(Clock::real(), office(BufReader::new(keyboard), says))?;
    typist.join().expect("typing does not panic")
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    evening().map_err(|error| BadInput::new(error.to_string()))
}
