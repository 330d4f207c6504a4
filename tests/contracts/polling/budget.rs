//! The budget of a poll, and what a leaf says when it stops.

use std::future::poll_fn;
use std::panic::{Location, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use polling::{awaited_at, begin_poll, spend, suspended, take_suspension, yield_now};

use crate::Calls;

/// How often `spend` is ready before it is not, `limit` times at most.
fn spent(limit: usize) -> usize {
    let context = Context::from_waker(Waker::noop());
    let ready = (0..limit).take_while(|_| spend(&context).is_ready());
    ready.count()
}

#[test]
fn it_is_128_in_each_poll() {
    for _ in 0..3 {
        let _poll = begin_poll();
        assert_eq!(spent(1000), 128);
    }
}

#[test]
fn at_its_end_the_task_is_woken() {
    let calls = Arc::new(Calls::default());
    let waker = Waker::from(Arc::clone(&calls));
    let context = Context::from_waker(&waker);
    let _poll = begin_poll();
    for _ in 0..128 {
        assert!(spend(&context).is_ready());
    }
    assert_eq!(calls.get(), 0);
    assert!(spend(&context).is_pending());
    assert_eq!(calls.get(), 1);
    // Nothing but the next poll fills it: whoever else the task awaits has to stop as well.
    for _ in 0..1000 {
        assert!(spend(&context).is_pending());
    }
}

#[test]
fn outside_of_a_poll_there_is_no_limit() {
    assert_eq!(spent(100_000), 100_000);
    drop(begin_poll());
    assert_eq!(spent(100_000), 100_000);
    let panicked = catch_unwind(|| {
        let _poll = begin_poll();
        panic!("a flat tyre");
    });
    assert!(panicked.is_err());
    assert_eq!(spent(100_000), 100_000);
}

#[test]
fn a_poll_within_a_poll_has_its_own() {
    let _outer = begin_poll();
    assert_eq!(spent(100), 100);
    {
        let _inner = begin_poll();
        assert_eq!(spent(1000), 128);
    }
    assert_eq!(spent(1000), 28);
}

/// Each of many has a waker of its own, and is polled again as soon as it has used that. The budget is the task's all
/// the same: all of them stop in one poll.
#[test]
fn it_is_shared_by_all_that_one_task_awaits() {
    let leaf = || async {
        for ready in 0.. {
            assert!(ready < 10_000, "no end in one poll");
            poll_fn(|context| spend(context)).await;
        }
    };
    let mut both = pin!(FuturesUnordered::from_iter([leaf(), leaf()]));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        let _poll = begin_poll();
        assert!(both.poll_next_unpin(&mut context).is_pending());
    }
}

#[test]
fn a_poll_begins_with_nothing_said() {
    suspended(Location::caller(), "sleep");
    let _poll = begin_poll();
    assert_eq!(take_suspension(), None);
}

#[test]
fn the_last_leaf_is_heard_once() {
    suspended(Location::caller(), "sleep");
    suspended(Location::caller(), "read");
    let said = take_suspension().unwrap();
    assert_eq!(said.why, "read");
    assert_eq!(said.location.file(), file!());
    assert_eq!(take_suspension(), None);
}

#[test]
fn a_yield_says_where_it_was_called() {
    let line = line!() + 1;
    let mut stop = pin!(yield_now());
    assert!(
        stop.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    let said = take_suspension().unwrap();
    assert_eq!((said.why, said.location.line()), ("yield", line));
    assert_eq!(said.to_string(), "yield in budget.rs");
    assert_eq!(format!("{said:#}"), format!("yield in budget.rs:{line}"));
}

/// A leaf that says where it is awaited.
struct Leaf(&'static Location<'static>);

impl Leaf {
    #[track_caller]
    fn new() -> Leaf {
        Leaf(Location::caller())
    }
}

impl Future for Leaf {
    type Output = ();

    #[track_caller]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        suspended(awaited_at(self.0), "leaf");
        Poll::Pending
    }
}

/// The line that a leaf in `future` says, in this file.
fn line_of(future: impl Future) -> u32 {
    let mut future = pin!(future);
    let polled = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    let said = take_suspension().unwrap();
    assert_eq!(said.location.file(), file!());
    said.location.line()
}

#[test]
fn a_leaf_knows_the_line_of_its_await() {
    let leaf = Leaf::new();
    let line = line!() + 2;
    let awaits = async {
        leaf.await;
    };
    assert_eq!(line_of(awaits), line);
}

#[test]
fn through_something_else_it_says_where_it_was_made() {
    let line = line!() + 1;
    let mut leaf = Leaf::new();
    assert_eq!(line_of(async { (&mut leaf).await }), line);
    let line = line!() + 1;
    let leaf = Leaf::new();
    assert_eq!(line_of(async { Box::pin(leaf).await }), line);
    let line = line!() + 1;
    let leaf = Leaf::new();
    assert_eq!(line_of(async { futures::join!(yield_now(), leaf) }), line);
}
