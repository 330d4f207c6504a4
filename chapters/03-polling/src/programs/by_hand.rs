//! A future written by hand beside the `async fn` that it equals, poll by poll.
//!
//! twin: same

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use polling::{LiftOff, lift_off, spin_on};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());
    let mut by_hand = pin!(LiftOff::new(3));
    let mut compiled = pin!(lift_off(3));
    say!("made: nothing has run yet");
    for poll in 1..=4 {
        let hand = answer(by_hand.as_mut(), &mut context);
        let compiled = answer(compiled.as_mut(), &mut context);
        say!("poll {poll}: {hand:8} | {compiled}");
    }
    for n in [0, 1, 1000] {
        let hand = spin_on(LiftOff::new(n)).polls;
        let compiled = spin_on(lift_off(n)).polls;
        say!("{n:4} stops: {hand} and {compiled} polls");
    }
    Ok(())
}

fn answer<F>(future: Pin<&mut F>, context: &mut Context<'_>) -> &'static str
where
    F: Future<Output = &'static str>,
{
    match future.poll(context) {
        Poll::Pending => "not yet",
        Poll::Ready(word) => word,
    }
}
// ANCHOR_END: main
