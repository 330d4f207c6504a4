//! The busy loop: how often it asks while it waits, and what becomes of everybody else.
//!
//! twin: same
//! flag: --questions Q  how often the third telephone is asked in vain (1000000)

use std::pin::Pin;
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use polling::spin_on;
use trace::say;

// ANCHOR: main
/// Rings when it has been asked `questions` times in vain.
struct Telephone {
    questions: u64,
}

impl Future for Telephone {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        if self.questions == 0 {
            return Poll::Ready("a passenger");
        }
        self.questions -= 1;
        Poll::Pending
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let third = args.number("questions", 0..=100_000_000)?;
    let third = third.unwrap_or(1_000_000);
    let mut all = 0;
    for questions in [0, 10, third] {
        let spun = spin_on(Telephone { questions });
        all += spun.polls;
        say!("{}, after {:7} polls", spun.output, spun.polls);
    }
    let letter = spin_on(async { "a letter, there from the start" });
    say!("{}: read after {all} other polls", letter.output);
    Ok(())
}
// ANCHOR_END: main
