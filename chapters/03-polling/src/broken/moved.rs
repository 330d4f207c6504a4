//! A future that remembers where one of its variables is, and is moved between two polls.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: future
/// `let next = &streets[1];`, then a stop, then a look at `next`.
struct Ride {
    streets: [&'static str; 3],
    /// The reference, as the number that it is inside: where `streets[1]` was at the stop.
    next: Option<usize>,
}

impl Future for Ride {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<bool> {
        let place = &raw const self.streets[1] as usize;
        match self.next {
            None => {
                self.next = Some(place);
                Poll::Pending
            }
            Some(next) => Poll::Ready(next == place),
        }
    }
}
// ANCHOR_END: future

// ANCHOR: main
fn ride() -> Ride {
    Ride {
        streets: ["Harbour Road", "Main Street", "Airport"],
        next: None,
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());

    let mut stays = ride();
    let _ = Pin::new(&mut stays).poll(&mut context);
    let right = Pin::new(&mut stays).poll(&mut context);
    say!("it stays:    `next` points at streets[1]: {right:?}");

    let mut goes = ride();
    let _ = Pin::new(&mut goes).poll(&mut context);
    let mut elsewhere = Box::new(goes);
    let right = Pin::new(&mut elsewhere).poll(&mut context);
    say!("it is moved: `next` points at streets[1]: {right:?}");
    Ok(())
}
// ANCHOR_END: main
