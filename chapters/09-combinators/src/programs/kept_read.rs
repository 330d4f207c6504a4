//! The same loop, but the read is made once and lent to each select: a tick does not drop it.
//!
//! twin: none, a task of its own does this there
//! clock: virtual

use std::cell::RefCell;
use std::pin::pin;
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
    let mut word = pin!(line.word());
    loop {
        match select(word.as_mut(), ticks.tick()).await {
            Either::Left(text) if text.is_empty() => break,
            Either::Left(text) => {
                say!("{:2} s  {text}", now().as_secs());
                word.set(line.word());
            }
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
