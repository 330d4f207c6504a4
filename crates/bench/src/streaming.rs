//! Chapter 11's generator beside a stream by hand, a class with an `async fn next`, the crate async-stream, and
//! Python's.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use event_loop::Clock;
use futures::Stream;
use streams::{StreamExt, stream};
use timers::sleep;

use crate::python;
use crate::row::{Side, Work};

const ITEMS: u64 = 2_000_000;
const TICKS: u64 = 300_000;
const PERIOD: Duration = Duration::from_millis(1);

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let [asyncio, uvloop] = python::sides("stream-generator", 50);
    vec![
        Work::new(
            "stream-generator",
            ITEMS,
            vec![
                Side::new("ours", |items| run(sum(pin!(generator(items))))),
                Side::new("async-stream", |items| run(sum(pin!(macros(items))))),
                asyncio,
                uvloop,
                Side::new("by hand", |items| run(sum(Counter::new(items)))),
                Side::new("class", |items| {
                    run(async move {
                        let (mut counter, mut sum) = (Counter::new(items), 0);
                        while let Some(n) = counter.following().await {
                            sum += n;
                        }
                        sum
                    })
                }),
            ],
        ),
        Work::new(
            "stream-ticker",
            TICKS,
            vec![
                Side::new("ours", |ticks| run(sum(pin!(ticker(ticks))))),
                Side::new("class", |ticks| {
                    run(async move {
                        let (mut counter, mut sum) = (Counter::new(ticks), 0);
                        while let Some(n) = counter.tick().await {
                            sum += n;
                        }
                        sum
                    })
                }),
            ],
        ),
    ]
}

fn run(work: impl Future<Output = u64>) -> u64 {
    task_cell::run(Clock::virtual_time(), work)
}

async fn sum(mut items: impl Stream<Item = u64> + Unpin) -> u64 {
    let mut sum = 0;
    while let Some(n) = items.next().await {
        sum += n;
    }
    sum
}

fn generator(items: u64) -> impl Stream<Item = u64> {
    stream(async move |mut yields| {
        for n in 0..items {
            yields.send(n).await;
        }
    })
}

fn ticker(ticks: u64) -> impl Stream<Item = u64> {
    stream(async move |mut yields| {
        for n in 0..ticks {
            yields.send(n).await;
            sleep(PERIOD).await;
        }
    })
}

fn macros(items: u64) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for n in 0..items {
            yield n;
        }
    }
}

/// Counts up to its end.
struct Counter {
    next: u64,
    end: u64,
}

impl Counter {
    fn new(end: u64) -> Counter {
        Counter { next: 0, end }
    }

    /// What Python calls `__anext__`: a future for each item.
    async fn following(&mut self) -> Option<u64> {
        let n = self.next;
        self.next += 1;
        (n < self.end).then_some(n)
    }

    /// The class that the articles begin with: it waits before each item but the first.
    async fn tick(&mut self) -> Option<u64> {
        if self.next > 0 {
            sleep(PERIOD).await;
        }
        self.following().await
    }
}

impl Stream for Counter {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        let n = self.next;
        self.next += 1;
        Poll::Ready((n < self.end).then_some(n))
    }
}
