//! An asynchronous iterator that waits before each number.
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

// ANCHOR: main
struct AsyncCounter {
    current: u32,
    stop: u32,
    second: Sleep,
}

impl AsyncCounter {
    fn new(stop: u32) -> AsyncCounter {
        AsyncCounter {
            current: 0,
            stop,
            second: sleep(Duration::from_secs(1)),
        }
    }
}

impl Stream for AsyncCounter {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        if self.current == self.stop {
            return Poll::Ready(None);
        }
        ready!(Pin::new(&mut self.second).poll(cx));
        self.second = sleep(Duration::from_secs(1));
        self.current += 1;
        Poll::Ready(Some(self.current))
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut numbers = AsyncCounter::new(3);
        while let Some(i) = numbers.next().await {
            say!("{} s  {i}", now().as_secs());
        }
        say!("{} s  over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
