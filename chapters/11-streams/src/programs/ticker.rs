//! An asynchronous iterator, written by hand, and what stands for the `else` of its loop.
//!
//! rows: P17
//! twin: same
//! clock: virtual

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::StreamExt;
use timers::{Sleep, now, sleep};
use trace::say;

// ANCHOR: ticker
/// Counts from 0 up to `to`, with `delay` between two numbers.
struct Ticker {
    delay: Duration,
    i: u32,
    to: u32,
    /// The wait that has begun, if one has.
    waiting: Option<Sleep>,
}

impl Stream for Ticker {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        if self.i == self.to {
            return Poll::Ready(None);
        }
        if self.i > 0 {
            let delay = self.delay;
            let waiting = self.waiting.get_or_insert_with(|| sleep(delay));
            ready!(Pin::new(waiting).poll(cx));
            self.waiting = None;
        }
        self.i += 1;
        Poll::Ready(Some(self.i - 1))
    }
}
// ANCHOR_END: ticker

fn ticker(seconds: u64, to: u32) -> Ticker {
    Ticker {
        delay: Duration::from_secs(seconds),
        i: 0,
        to,
        waiting: None,
    }
}

// ANCHOR: main
async fn to_the_end() {
    let mut ticks = ticker(2, 3);
    while let Some(i) = ticks.next().await {
        say!("{} s  tick {i}", now().as_secs());
    }
    say!("{} s  no more ticks", now().as_secs());
}

async fn until_one() {
    let mut ticks = ticker(2, 3);
    'ride: {
        while let Some(i) = ticks.next().await {
            say!("{} s  tick {i}", now().as_secs());
            if i == 1 {
                say!("{} s  the passenger gets out", now().as_secs());
                break 'ride;
            }
        }
        say!("{} s  no more ticks", now().as_secs());
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        to_the_end().await;
        until_one().await;
    });
    Ok(())
}
