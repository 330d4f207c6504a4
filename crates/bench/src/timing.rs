//! Chapter 5's timers beside tokio's.

use std::future::poll_fn;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use event_loop::{Clock, Dice};

use crate::rounds::Row;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    vec![
        Row {
            name: "timer create + cancel",
            beside: "tokio current_thread",
            events: 200_000,
            goal: Some(0.12),
            ours: Box::new(|| {
                timers::block_on(Clock::real(), create(200_000, timers::sleep))
            }),
            theirs: Box::new(|| tokio().block_on(create(200_000, tokio::time::sleep))),
        },
        Row {
            name: "1M timers fire",
            beside: "tokio current_thread",
            events: 1_000_000,
            goal: Some(0.60),
            ours: Box::new(|| {
                timers::block_on(Clock::virtual_time(), fire(1_000_000, timers::sleep))
            }),
            theirs: Box::new(|| {
                // Without its budget, which would let one future set 128 timers at a time.
                let all = tokio::task::unconstrained(fire(1_000_000, tokio::time::sleep));
                paused_tokio().block_on(all)
            }),
        },
    ]
}

/// tokio's runtime for one thread as people use it, with timers and sockets, on the wall clock.
pub fn tokio() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// The same on tokio's virtual clock.
pub fn paused_tokio() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
}

/// Timeouts that are set and do not happen: what a server does for each request.
async fn create<F: Future<Output = ()>>(
    count: u64,
    sleep: impl Fn(Duration) -> F,
) -> u64 {
    let mut context = Context::from_waker(Waker::noop());
    let mut pending = 0;
    for _ in 0..count {
        let sleep = pin!(sleep(Duration::from_secs(30)));
        pending += u64::from(black_box(sleep).poll(&mut context) == Poll::Pending);
    }
    pending
}

/// Sleeps of random lengths, all at once. One future waits for them, and looks only at the last one to fire: this is
/// the cost of the timers and of nothing else.
async fn fire<F: Future<Output = ()>>(count: u64, sleep: impl Fn(Duration) -> F) -> u64 {
    let mut dice = Dice::new(1);
    let mut sleeps: Vec<F> = (0..count)
        .map(|_| sleep(Duration::from_millis(1 + dice.up_to(1_000_000))))
        .collect();
    sleeps.push(sleep(Duration::from_millis(1_000_002)));
    let mut sleeps: Vec<Pin<Box<F>>> = sleeps.into_iter().map(Box::pin).collect();
    let mut last = sleeps.pop().expect("the last one");
    poll_fn(|context| {
        for sleep in &mut sleeps {
            assert_eq!(sleep.as_mut().poll(context), Poll::Pending);
        }
        Poll::Ready(())
    })
    .await;
    // It was set last and is due last: when it fires, all have fired.
    last.as_mut().await;
    sleeps.len() as u64
}
