//! Generators: what a body sends is what the stream gives.

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::FutureExt;
use streams::{FusedStream, Stream, StreamExt, Yields, stream, try_stream};
use task_cell::spawn;
use timers::{sleep, timeout};

use crate::{Log, SECOND, polls_counted, run, seconds, secs};

/// What a stream gives when it is polled for nobody in particular.
fn poll<S: Stream + Unpin>(items: &mut S) -> Poll<Option<S::Item>> {
    Pin::new(items).poll_next(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn the_items_come_in_order_and_then_the_end_again_and_again() {
    let mut items = stream(async |mut yields| {
        for item in 1..=3 {
            yields.send(item).await;
        }
    });
    assert_eq!(
        [1, 2, 3].map(|it| poll(&mut items) == Poll::Ready(Some(it))),
        [true; 3]
    );
    assert!(!items.is_terminated());
    for _ in 0..3 {
        assert_eq!(poll(&mut items), Poll::Ready(None));
        assert!(items.is_terminated());
        assert_eq!(items.size_hint(), (0, Some(0)));
    }
}

#[test]
fn the_body_runs_only_while_an_item_is_wanted() {
    let log = Log::default();
    let mut items = stream(async |mut yields| {
        log.note("begins");
        yields.send(1).await;
        log.note("goes on");
        yields.send(2).await;
    });
    assert!(log.take().is_empty());
    assert_eq!(poll(&mut items), Poll::Ready(Some(1)));
    assert_eq!(log.take(), ["begins"]);
    assert_eq!(poll(&mut items), Poll::Ready(Some(2)));
    assert_eq!(log.take(), ["goes on"]);
}

#[test]
fn a_body_that_waits_is_polled_once_for_each_item_and_each_wake() {
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    let mut items = stream(move |mut yields: Yields<u32>| async move {
        let body = async {
            for item in 0..3 {
                yields.send(item).await;
                sleep(SECOND).await;
            }
        };
        polls_counted(&counted, body).await;
    });
    run(async {
        // Polled up to its first send; then for the timer it sets, and when that rings.
        for wanted in [1, 3, 5] {
            items.next().await.unwrap();
            assert_eq!(polls.get(), wanted);
            // Others have time to pass. It is not polled.
            sleep(secs(10)).await;
            assert_eq!(polls.get(), wanted);
        }
        assert_eq!(items.next().await, None);
        assert_eq!(polls.get(), 7);
    });
}

#[test]
fn an_error_of_the_body_is_the_last_item() {
    let mut items = try_stream(async |mut yields| {
        yields.send(1).await;
        Err("no fuel")?;
        yields.send(2).await;
        Ok(())
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(Ok(1))));
    assert!(!items.is_terminated());
    assert_eq!(poll(&mut items), Poll::Ready(Some(Err("no fuel"))));
    assert!(items.is_terminated());
    assert_eq!(poll(&mut items), Poll::Ready(None));
}

#[test]
fn a_send_that_was_polled_once_has_sent_whatever_becomes_of_it() {
    let mut items = stream(async |mut yields| {
        // Dropped in the same poll, before the stream has seen the item.
        assert_eq!(yields.send(1).now_or_never(), None);
        // Never polled.
        drop(yields.send(2));
        // It waits for the slot; then it is given up in the poll after its own.
        let _ = timeout(secs(0), yields.send(3)).await;
        yields.send(4).await;
        // The last one, and the end is in the same poll.
        assert_eq!(yields.send(5).now_or_never(), None);
    });
    let mut given = Vec::new();
    run(async {
        while let Some(item) = items.next().await {
            given.push(item);
        }
    });
    assert_eq!(given, [1, 3, 4, 5]);
}

#[test]
fn the_error_after_an_item_that_nobody_awaited_comes_after_it() {
    let mut items = try_stream(async |mut yields| {
        let _ = yields.send(1).now_or_never();
        Err("no fuel")
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(Ok(1))));
    assert_eq!(poll(&mut items), Poll::Ready(Some(Err("no fuel"))));
    assert_eq!(poll(&mut items), Poll::Ready(None));
}

#[test]
fn a_send_beside_others_with_wakers_of_their_own_is_reached() {
    let mut items = stream(async |mut yields| {
        // `FuturesUnordered` polls only those that were woken.
        let sends = async {
            for item in 0..3 {
                yields.send(item).await;
            }
        };
        let mut both = futures::stream::FuturesUnordered::new();
        both.push(sends.left_future());
        both.push(sleep(secs(60)).right_future());
        while futures::StreamExt::next(&mut both).await.is_some() {}
    });
    run(async {
        for item in 0..3 {
            assert_eq!(items.next().await, Some(item));
            assert_eq!(seconds(), 0);
        }
        assert_eq!(items.next().await, None);
        assert_eq!(seconds(), 60);
    });
}

#[test]
fn a_body_that_never_waits_lets_others_have_their_turn() {
    let mut items = stream(async |mut yields| {
        loop {
            yields.send(()).await;
        }
    });
    run(async {
        let other = spawn(async {});
        let mut given = 0;
        while !other.is_finished() {
            items.next().await;
            given += 1;
            assert!(given < 1000, "the other task is starved");
        }
        assert!(given > 100, "{given}");
    });
}

#[test]
#[should_panic(expected = "only a generator's own body can send its items")]
fn a_send_outside_its_body_panics() {
    let mut escaped = None;
    let mut items = stream(async |yields| escaped = Some(yields));
    assert_eq!(poll(&mut items), Poll::Ready(None::<u32>));
    drop(items);
    escaped.unwrap().send(1).now_or_never();
}

#[test]
fn a_generator_may_send_for_the_one_around_it() {
    let mut outer = stream(async |mut yields| {
        let mut inner = stream(async |mut inner| {
            yields.send("outer").await;
            inner.send("inner").await;
        });
        let given = inner.next().await;
        assert_eq!(given, Some("inner"));
        drop(inner);
        yields.send("after").await;
    });
    assert_eq!(poll(&mut outer), Poll::Ready(Some("outer")));
    assert_eq!(poll(&mut outer), Poll::Ready(Some("after")));
    assert_eq!(poll(&mut outer), Poll::Ready(None));
}

#[test]
fn a_body_that_has_panicked_has_no_more_items() {
    let mut items = stream(async |mut yields| {
        yields.send(1).await;
        panic!("no fuel");
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(1)));
    let caught =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll(&mut items)));
    assert!(caught.is_err());
    assert_eq!(poll(&mut items), Poll::Ready(None));
    assert!(items.is_terminated());
}

#[test]
fn a_next_that_is_dropped_while_it_waits_loses_no_item() {
    let mut items = stream(async |mut yields| {
        for item in 0..3 {
            sleep(secs(2)).await;
            yields.send(item).await;
        }
    });
    run(async {
        let mut given = Vec::new();
        loop {
            match timeout(SECOND, items.next()).await {
                Ok(Some(item)) => given.push((seconds(), item)),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        assert_eq!(given, [(2, 0), (4, 1), (6, 2)]);
    });
}

#[test]
fn what_a_body_holds_is_dropped_with_the_stream_and_at_the_end() {
    let held = Rc::new(());
    let mut items = stream(async |mut yields| {
        let _mine = Rc::clone(&held);
        yields.send(1).await;
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(1)));
    assert_eq!(Rc::strong_count(&held), 2);
    drop(items);
    assert_eq!(Rc::strong_count(&held), 1);

    let captured = Rc::clone(&held);
    let mut items = stream(async move |mut yields| {
        yields.send(Rc::strong_count(&captured)).await;
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(2)));
    assert_eq!(poll(&mut items), Poll::Ready(None));
    assert_eq!(Rc::strong_count(&held), 1);
}

#[test]
fn a_stream_is_the_future_crates_stream_too() {
    let items = stream(async |mut yields| {
        yields.send(1).await;
        yields.send(2).await;
    });
    let mut items = pin!(items);
    let all = futures::StreamExt::collect::<Vec<_>>(items.as_mut());
    assert_eq!(polling::spin_on(all).output, [1, 2]);
    // It is fused: `select!` may ask.
    assert!(items.is_terminated());
}

#[test]
fn a_generator_is_as_small_as_it_says() {
    let items = stream(async |mut yields| yields.send([0_u8; 100]).await);
    // Slot, body, and two flags; and what a body with a value ended with, until that is told.
    assert_eq!(size_of_val(&items), 3 * size_of::<usize>());
    // A send is its item, with the slot and its line.
    let size = size_of::<streams::Send<'_, [u64; 4]>>();
    assert_eq!(size, 5 * size_of::<u64>() + 2 * size_of::<usize>());
}
