//! A generator whose `send` keeps no waker at all, inside a `join` that polls only who was woken: it waits for ever.
//!
//! exit: 101
//! clock: virtual

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use futures_core::Stream;
use streams::StreamExt;
use timers::{now, sleep};
use trace::say;

type Slot<T> = Rc<Cell<Option<T>>>;

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

// ANCHOR: main
fn shift() -> Generator<u32> {
    let slot = Slot::default();
    let sends = slot.clone();
    let body = Box::pin(async move {
        let rides = async {
            for ride in 0..3 {
                sleep(Duration::from_secs(2)).await;
                send(&sends, ride).await;
            }
        };
        let radio = async {
            sleep(Duration::from_secs(5)).await;
            say!("{} s  radio: the bridge is closed", now().as_secs());
        };
        join(rides, radio).await;
    });
    Generator { slot, body }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut rides = shift();
        while let Some(ride) = rides.next().await {
            say!("{} s  ride {ride} is over", now().as_secs());
        }
        say!("{} s  the shift is over", now().as_secs());
    });
    Ok(())
}
