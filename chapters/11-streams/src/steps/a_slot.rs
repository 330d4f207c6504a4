//! A generator in little: a body that is a future, and a slot that it shares with its stream.
//!
//! twin: none, Python's generators have it built in
//! clock: virtual

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::StreamExt;
use timers::{now, sleep};
use trace::say;

// ANCHOR: slot
type Slot<T> = Rc<Cell<Option<T>>>;

/// Puts `item` into the slot, and stops: what `yield` is to be.
async fn send<T>(slot: &Slot<T>, item: T) {
    slot.set(Some(item));
    let mut stopped = false;
    poll_fn(|_| {
        if stopped {
            return Poll::Ready(());
        }
        stopped = true;
        Poll::Pending
    })
    .await;
}

struct Generator<T> {
    slot: Slot<T>,
    body: Pin<Box<dyn Future<Output = ()>>>,
}
// ANCHOR_END: slot

// ANCHOR: poll
impl<T> Stream for Generator<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let body = self.body.as_mut().poll(cx);
        if let Some(item) = self.slot.take() {
            return Poll::Ready(Some(item));
        }
        body.map(|()| None)
    }
}
// ANCHOR_END: poll

// ANCHOR: ticker
fn ticker(delay: Duration, to: u32) -> Generator<u32> {
    let slot = Slot::default();
    let sends = slot.clone();
    let body = Box::pin(async move {
        for i in 0..to {
            send(&sends, i).await;
            sleep(delay).await;
        }
    });
    Generator { slot, body }
}
// ANCHOR_END: ticker

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut ticks = ticker(Duration::from_secs(2), 3);
        while let Some(i) = ticks.next().await {
            say!("{} s  tick {i}", now().as_secs());
        }
        say!("{} s  no more ticks", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
