//! The ticker as a hand-written stream and as a generator: the same items.
//!
//! rows: P18
//! twin: own, nobody polls in Python; with --times it measures both

use std::pin::Pin;
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use performance::{on_clock, polls_of};
use taxi::stream::{Stream, StreamExt, stream};
use trace::say;

// ANCHOR: by-hand
/// By hand: the class with `__anext__`.
struct Ticker {
    i: usize,
    to: usize,
}

impl Stream for Ticker {
    type Item = usize;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<usize>> {
        if self.i == self.to {
            return Poll::Ready(None);
        }
        self.i += 1;
        Poll::Ready(Some(self.i - 1))
    }
}
// ANCHOR_END: by-hand

// ANCHOR: generator
/// The generator, in four lines.
fn ticker(to: usize) -> impl Stream<Item = usize> + Unpin {
    stream(async move |mut yields| {
        for i in 0..to {
            yields.send(i).await;
        }
    })
}
// ANCHOR_END: generator

async fn sum(mut ticks: impl Stream<Item = usize> + Unpin) -> usize {
    let mut sum = 0;
    while let Some(i) = ticks.next().await {
        sum += i;
    }
    sum
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (by_hand, hand_polls) = polls_of(sum(Ticker { i: 0, to: 1000 }));
    let (generated, polls) = polls_of(sum(ticker(1000)));
    let (by_hand, generated) =
        on_clock(false, async { (by_hand.await, generated.await) })?;
    say!(
        "by hand:   the items' sum is {by_hand}; polls: {}",
        hand_polls()
    );
    say!(
        "generator: the items' sum is {generated}; polls: {}",
        polls()
    );
    Ok(())
}
// ANCHOR_END: main
