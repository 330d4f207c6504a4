//! Chapter 5's timers beside others'.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::poll_fn;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use event_loop::{Clock, Dice, TimeHeap};

use crate::bare::Bare;
use crate::peers::{Sleeps, sides};
use crate::python;
use crate::row::{Side, Work};

/// How many timers the rows of this file create, and let fire.
const CREATED: u64 = 200_000;
const FIRED: u64 = 1_000_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let mut cancel = vec![
        Side::new("ours", create_ours),
        Side::new("tokio", |count| {
            tokio().block_on(create(count, tokio::time::sleep))
        }),
    ];
    cancel.extend(sides![create_on: Smol, Monoio, Compio]);
    cancel.extend(python::sides("timer-cancel", 20));
    cancel.push(Side::new("clock + heap", create_floor));
    let mut wall = sides![fire_in_time: Ours, Tokio, Smol, Monoio, Compio];
    wall.extend(python::sides("timer-wall", 20));
    wall.push(Side::new("bare heap", fire_floor));
    vec![
        Work::new("timer-cancel", CREATED, cancel),
        Work::new(
            "timer-fire",
            FIRED,
            vec![
                Side::new("ours", fire_ours),
                Side::new("tokio", |count| fire_on(&paused_tokio(), count)),
                Side::new("tokio without I/O", |count| {
                    fire_on(&paused_tokio_without_io(), count)
                }),
                Side::new("boxed, bare heap", fire_boxed),
                Side::new("bare heap", fire_floor),
            ],
        ),
        Work::new("timer-wall", FIRED, wall),
    ]
}

fn create_on<P: Sleeps>(count: u64) -> u64 {
    P::run(create(count, P::sleep))
}

fn create_ours(count: u64) -> u64 {
    timers::block_on(Clock::real(), create(count, timers::sleep))
}

fn fire_ours(count: u64) -> u64 {
    timers::block_on(Clock::virtual_time(), fire(count, timers::sleep))
}

fn fire_on(runtime: &tokio::runtime::Runtime, count: u64) -> u64 {
    // Without its budget, which would let one future set 128 timers at a time.
    runtime.block_on(tokio::task::unconstrained(fire(count, tokio::time::sleep)))
}

/// The least that a timer costs which is set and cancelled: one look at the clock, in and out of the heap.
fn create_floor(count: u64) -> u64 {
    let (clock, mut heap, mut cancelled) = (Clock::real(), TimeHeap::new(), 0);
    for _ in 0..count {
        let wait = black_box(Duration::from_secs(30));
        let entry = heap.push(clock.now().saturating_add(wait), Waker::noop().clone());
        cancelled += u64::from(heap.cancel(black_box(entry)).is_some());
    }
    cancelled
}

/// The same sleeps, boxed, on a bare heap.
fn fire_boxed(count: u64) -> u64 {
    let bare = Rc::new(Bare::default());
    bare.block_on(fire(count, |wait| bare.sleep(wait)))
}

/// The least that brings the same moments into order: no futures, wakers or cancelling, no clock.
fn fire_floor(count: u64) -> u64 {
    let mut dice = Dice::new(1);
    let mut heap: BinaryHeap<_> = BinaryHeap::new();
    for sequence in 0..count {
        let millis = 1 + dice.up_to(1_000_000);
        heap.push(Reverse((millis, sequence, sequence as u32)));
    }
    let mut fired = 0;
    while let Some(Reverse(key)) = heap.pop() {
        black_box(key);
        fired += 1;
    }
    fired
}

/// tokio's runtime for one thread as people use it, with timers and sockets, on the wall clock.
pub fn tokio() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// The same on tokio's virtual clock: what `#[tokio::test(start_paused = true)]` builds.
///
/// It has sockets too, as that macro's runtime has, and pays for them: each timer that is set writes to the eventfd,
/// and each instant looks into epoll. One row shows what it costs without them.
pub fn paused_tokio() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime")
}

/// tokio's timers at their cheapest: virtual time, and no sockets.
fn paused_tokio_without_io() -> tokio::runtime::Runtime {
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

/// Sleeps of random lengths within a second, on the wall clock, for runtimes that have no other. Some are due before
/// all are set. What counts is the processor's time, and not the second.
fn fire_in_time<P: Sleeps>(count: u64) -> u64 {
    P::run(async move {
        let mut dice = Dice::new(1);
        let mut sleeps: Vec<_> = (0..count)
            .map(|_| Box::pin(P::sleep(Duration::from_micros(dice.up_to(1_000_000)))))
            .collect();
        poll_fn(|context| {
            for sleep in &mut sleeps {
                // Nobody minds which of them are due already.
                let _due = sleep.as_mut().poll(context);
            }
            Poll::Ready(())
        })
        .await;
        P::sleep(Duration::from_millis(1_002)).await;
        sleeps.len() as u64
    })
}
