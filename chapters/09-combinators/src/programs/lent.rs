//! Two futures in place write into one list that neither owns; two tasks must own it together.
//!
//! twin: none, Python has no borrows
//! clock: virtual

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{group, join};
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn drive(name: char, seconds: u64, book: &RefCell<Vec<String>>) {
    sleep(Duration::from_secs(seconds)).await;
    book.borrow_mut()
        .push(format!("{name} at {} s", now().as_secs()));
}

async fn main() {
    // In place: the book is lent to both.
    let book = RefCell::new(Vec::new());
    join(drive('A', 2, &book), drive('B', 1, &book)).await;
    say!("{:?}", book.into_inner());

    // As tasks: each has a share of it.
    let book = Rc::new(RefCell::new(Vec::new()));
    let driven = group(async |group| {
        for (name, seconds) in [('A', 2), ('B', 1)] {
            let book = book.clone();
            group.spawn(async move { drive(name, seconds, &book).await });
        }
    });
    driven.await.expect("no taxi fails");
    say!("{:?}", book.borrow());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
