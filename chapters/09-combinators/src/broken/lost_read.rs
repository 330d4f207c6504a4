//! A select in a loop that begins its read anew each time: a tick drops the read half-way, and its letters are gone.
//!
//! clock: virtual

use std::cell::RefCell;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{Either, select};
use event_loop::Clock;
use timers::{interval, now, sleep};
use trace::say;

// ANCHOR: line
/// A telegraph. A letter takes two seconds.
struct Line(RefCell<std::str::Chars<'static>>);

impl Line {
    async fn letter(&self) -> Option<char> {
        sleep(Duration::from_secs(2)).await;
        self.0.borrow_mut().next()
    }

    /// The next four letters.
    async fn word(&self) -> String {
        let mut word = String::new();
        while word.len() < 4 {
            let Some(letter) = self.letter().await else {
                break;
            };
            word.push(letter);
        }
        word
    }
}
// ANCHOR_END: line

// ANCHOR: main
async fn listen(line: Line) {
    let mut ticks = interval(Duration::from_secs(13));
    ticks.tick().await; // The first one is now.
    loop {
        match select(line.word(), ticks.tick()).await {
            Either::Left(word) if word.is_empty() => break,
            Either::Left(word) => say!("{:2} s  {word}", now().as_secs()),
            Either::Right(_) => say!("{:2} s  a tick", now().as_secs()),
        }
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        listen(Line(RefCell::new("hometaxifaretrip".chars()))).await;
    });
    Ok(())
}
