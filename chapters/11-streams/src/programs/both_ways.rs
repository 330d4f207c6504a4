//! The same items by hand, from our generator and from async-stream's: how often each is polled for them.
//!
//! rows: P18
//! twin: own, it takes a million and can measure them; nobody polls in Python
//! clock: virtual

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use polling::yield_now;
use streams::stream;
use trace::say;

const ITEMS: u32 = 1000;

// ANCHOR: by-hand
/// Numbers, with a suspension before every tenth.
struct ByHand {
    i: u32,
    suspends: bool,
}

impl Stream for ByHand {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        if self.i == ITEMS {
            return Poll::Ready(None);
        }
        if self.i.is_multiple_of(10) && !self.suspends {
            self.suspends = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.suspends = false;
        self.i += 1;
        Poll::Ready(Some(self.i - 1))
    }
}

// ANCHOR_END: by-hand

// ANCHOR: ways
fn ours() -> impl Stream<Item = u32> + Unpin {
    stream(async |mut yields| {
        for i in 0..ITEMS {
            if i % 10 == 0 {
                yield_now().await;
            }
            yields.send(i).await;
        }
    })
}

fn theirs() -> impl Stream<Item = u32> + Unpin {
    Box::pin(async_stream::stream! {
        for i in 0..ITEMS {
            if i % 10 == 0 {
                yield_now().await;
            }
            yield i;
        }
    })
}
// ANCHOR_END: ways

// ANCHOR: main
/// Takes all items, and says how many they were and how often the stream was polled.
async fn count(name: &str, mut stream: impl Stream<Item = u32> + Unpin) {
    let (mut polls, mut items) = (0, 0);
    loop {
        let next = poll_fn(|cx| {
            polls += 1;
            Pin::new(&mut stream).poll_next(cx)
        });
        if next.await.is_none() {
            break;
        }
        items += 1;
    }
    say!("{name:14} {items} items, {polls} polls");
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let by_hand = ByHand {
            i: 0,
            suspends: false,
        };
        count("by hand:", by_hand).await;
        count("stream:", ours()).await;
        count("async-stream:", theirs()).await;
    });
    Ok(())
}
// ANCHOR_END: main
