//! A timeout that reports first and drops later: the taxi is still taken when we hear that it is free.
//!
//! clock: virtual

use std::cell::Cell;
use std::future::pending;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{Elapsed, Sleep, block_on, sleep, timeout};
use trace::say;

const SECOND: Duration = Duration::from_secs(1);

/// Takes the taxi until it is over, or dropped.
struct Seat<'a>(&'a Cell<bool>);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.set(true);
        say!("(the taxi is left)");
    }
}

async fn trip(free: &Cell<bool>) {
    free.set(false);
    let _seat = Seat(free);
    pending().await
}

// ANCHOR: main
struct Leaky<F> {
    future: Pin<Box<F>>,
    sleep: Sleep,
}

impl<F: Future> Future for Leaky<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(value) = self.future.as_mut().poll(context) {
            return Poll::Ready(Ok(value));
        }
        let time = Pin::new(&mut self.sleep).poll(context);
        time.map(|()| Err(Elapsed))
    }
}

async fn two_trips() {
    let free = Cell::new(true);
    let (future, sleep) = (Box::pin(trip(&free)), sleep(SECOND));
    let mut leaky = Leaky { future, sleep };
    let result = (&mut leaky).await;
    say!("{result:?}; the taxi is free: {}", free.get());
    drop(leaky);

    let mut ours = pin!(timeout(SECOND, trip(&free)));
    let result = ours.as_mut().await;
    say!("{result:?}; the taxi is free: {}", free.get());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), two_trips());
    Ok(())
}
