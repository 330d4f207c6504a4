//! Streams that poll several others, and a stream that is ahead of its consumer.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use streams::{Stream, StreamExt, iter, stream};
use task_cell::{spawn, tasks};
use timers::sleep;

use crate::{Log, SECOND, polls_counted, run, seconds, secs, timed};

/// A number every `period` seconds, from 1; `polls` are those of its body.
fn every(period: u64, polls: &Rc<Cell<u32>>) -> impl Stream<Item = u64> + Unpin + use<> {
    let polls = Rc::clone(polls);
    stream(async move |mut yields| {
        let body = async {
            for item in 1.. {
                sleep(secs(period)).await;
                yields.send(item).await;
            }
        };
        polls_counted(&polls, body).await;
    })
}

#[test]
fn merge_and_zip_poll_only_whoever_was_woken() {
    for zipped in [false, true] {
        run(async {
            let (slow, quick) = (Rc::default(), Rc::default());
            let (slow, quick): (Rc<Cell<u32>>, Rc<Cell<u32>>) = (slow, quick);
            let pair = (every(100, &slow), every(1, &quick));
            match zipped {
                false => {
                    let mut both = pair.0.merge(pair.1);
                    for _ in 0..50 {
                        both.next().await;
                    }
                    // Its first poll, and two for each item but the last: that waits for nothing yet.
                    assert_eq!((slow.get(), quick.get()), (1, 100));
                }
                true => {
                    let mut both = pair.0.zip(pair.1);
                    assert_eq!(both.next().await, Some((1, 1)));
                    assert_eq!((slow.get(), quick.get(), seconds()), (2, 2, 100));
                }
            }
        });
    }
}

#[test]
fn whoever_waits_for_a_merge_is_named_also_after_a_poll_for_nothing() {
    run(async {
        let idle = || stream(async |_: streams::Yields<u32>| sleep(secs(100)).await);
        let line = Rc::new(Cell::new(0));
        let (noted, waker) = (Rc::clone(&line), Rc::new(Cell::new(None)));
        let kept = Rc::clone(&waker);
        let task = spawn(async move {
            std::future::poll_fn(|context| {
                kept.set(Some(context.waker().clone()));
                Poll::Ready(())
            })
            .await;
            noted.set(line!() + 1);
            let mut both = idle().merge(idle());
            both.next().await
        });
        let seen = || {
            let all = tasks();
            let it = all.iter().find(|it| it.id == task.id()).unwrap();
            let suspended = it.suspended.unwrap();
            (suspended.why, suspended.location.line())
        };
        sleep(SECOND).await;
        assert_eq!(seen(), ("merge", line.get()));
        // For nothing: neither of the two is polled.
        waker.take().unwrap().wake();
        sleep(SECOND).await;
        assert_eq!(seen(), ("merge", line.get()));
        task.abort();
    });
}

/// A future that takes so many seconds, and notes when it begins and ends.
async fn ride(seconds_: u64, under_way: &Cell<u32>, most: &Cell<u32>) -> u64 {
    under_way.set(under_way.get() + 1);
    most.set(most.get().max(under_way.get()));
    sleep(secs(seconds_)).await;
    under_way.set(under_way.get() - 1);
    seconds_
}

#[test]
fn buffered_values_come_in_order_and_unordered_ones_as_they_end() {
    run(async {
        let (under_way, most) = (Cell::new(0), Cell::new(0));
        let ride = |seconds_| ride(seconds_, &under_way, &most);
        let values = timed(iter([3, 1, 1, 2]).map(ride).buffered(2)).await;
        // The second is over at 1, but waits for the first, and keeps its place.
        assert_eq!(values, [(3, 3), (3, 1), (4, 1), (5, 2)]);
        assert_eq!(most.replace(0), 2);
        let values = timed(iter([3, 1, 1, 2]).map(ride).unordered(2)).await;
        assert_eq!(values, [(6, 1), (7, 1), (8, 3), (9, 2)]);
        assert_eq!(most.get(), 2);
    });
}

#[test]
fn waking_one_in_flight_polls_one_and_not_the_stream() {
    run(async {
        let (asked, polls) = (Rc::new(Cell::new(0)), Cell::new(0));
        let source = every(1000, &asked);
        let source = iter(0..10).map(|n| n + 1).merge(source);
        let rides = source.map(|n| polls_counted(&polls, sleep(secs(n))));
        let mut values = rides.unordered(100);
        for _ in 0..10 {
            values.next().await;
        }
        // Each twice: when it begins, and when it is over.
        assert_eq!((polls.get(), asked.get()), (20, 1));
    });
}

#[test]
fn places_are_used_again() {
    run(async {
        let boxes = RefCell::new(Vec::new());
        let ready = |n: u32| {
            let boxes = &boxes;
            async move {
                let here = 0_u8;
                boxes.borrow_mut().push(&raw const here as usize);
                // It is alive across this, so it has its place in the future.
                sleep(secs(1)).await;
                n + u32::from(here)
            }
        };
        let all: Vec<_> = iter(0..100).map(ready).unordered(3).collect().await;
        assert_eq!(all.len(), 100);
        let mut boxes = boxes.take();
        boxes.sort_unstable();
        boxes.dedup();
        assert_eq!(boxes.len(), 3);
    });
}

#[test]
fn a_panic_in_flight_is_caught_and_the_others_go_on() {
    // In the first poll of a new place or in a later one, and both in a place that is used again.
    for (loser, pause) in [(1, 0), (2, 1), (3, 0), (3, 1)] {
        for in_order in [true, false] {
            let future = move |n: u64| async move {
                if n == loser {
                    sleep(secs(pause)).await;
                    panic!("no fuel");
                }
                sleep(secs(n)).await;
                n
            };
            run(async move {
                let futures = iter(1..5).map(future);
                let mut values = match in_order {
                    true => futures.buffered(2),
                    false => futures.unordered(2),
                };
                let mut seen = Vec::new();
                let mut panics = 0;
                loop {
                    let next = std::future::poll_fn(|context| {
                        let poll = || Pin::new(&mut values).poll_next(context);
                        Poll::Ready(match catch_unwind(AssertUnwindSafe(poll)) {
                            Ok(Poll::Pending) => return Poll::Pending,
                            Ok(Poll::Ready(value)) => Ok(value),
                            Err(_) => Err(()),
                        })
                    });
                    match next.await {
                        Ok(Some(value)) => seen.push(value),
                        Ok(None) => break,
                        Err(()) => panics += 1,
                    }
                }
                let others: Vec<u64> = (1..5).filter(|n| *n != loser).collect();
                assert_eq!((panics, seen), (1, others), "{loser} after {pause} s");
            });
        }
    }
}

#[test]
fn futures_in_flight_go_with_the_stream_and_one_that_panics_in_its_drop_alone() {
    struct Loud(Log);
    impl Drop for Loud {
        fn drop(&mut self) {
            self.0.note("dropped");
            panic!("in a destructor");
        }
    }
    let log = Log::default();
    run(async {
        let held = |_| {
            let loud = Loud(log.clone());
            async move {
                let _loud = loud;
                sleep(secs(60)).await;
            }
        };
        let mut all = iter(0..3).map(held).unordered(2);
        assert!(timers::timeout(SECOND, all.next()).await.is_err());
        drop(all);
        assert_eq!(log.take(), ["dropped", "dropped"]);
    });
}

#[test]
fn a_prefetch_is_so_far_ahead_and_waits_then() {
    let log = Log::default();
    run(async {
        let noted = log.clone();
        let source = stream(async move |mut yields| {
            for item in 1..=5 {
                noted.note(format!("{}s: makes {item}", seconds()));
                yields.send(item).await;
            }
        });
        let mut items = source.prefetch(2);
        assert!(log.take().is_empty(), "nothing is wanted yet");
        assert_eq!(items.next().await, Some(1));
        sleep(SECOND).await;
        // Two in the queue, and one in the hand that puts.
        let made = log.take();
        assert_eq!(
            made,
            ["0s: makes 1", "0s: makes 2", "0s: makes 3", "0s: makes 4"]
        );
        assert_eq!(items.next().await, Some(2));
        polling::yield_now().await;
        assert_eq!(log.take(), ["1s: makes 5"]);
        let rest: Vec<_> = items.collect().await;
        assert_eq!(rest, [3, 4, 5]);
    });
}

#[test]
fn a_prefetch_that_is_dropped_takes_its_task_along() {
    run(async {
        let endless = stream(async |mut yields| {
            loop {
                yields.send(()).await;
                sleep(SECOND).await;
            }
        });
        let mut items = endless.prefetch(1);
        items.next().await;
        assert_eq!(tasks().len(), 2);
        drop(items);
        polling::yield_now().await;
        assert_eq!(tasks().len(), 1);
    });
}

#[test]
fn a_panic_of_a_prefetched_stream_comes_after_its_items() {
    let given = Rc::new(Cell::new(0));
    let count = Rc::clone(&given);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        run(async {
            let broken = stream(async |mut yields| {
                yields.send(1).await;
                yields.send(2).await;
                panic!("no fuel");
            });
            let mut items = broken.prefetch(8);
            while items.next().await.is_some() {
                count.set(count.get() + 1);
            }
        });
    }));
    assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "no fuel");
    assert_eq!(given.get(), 2);
}

#[test]
fn a_limit_of_nothing_is_refused_at_the_caller_s_line() {
    let refused = |what: &dyn Fn()| {
        let caught = catch_unwind(AssertUnwindSafe(what)).unwrap_err();
        *caught.downcast::<&str>().unwrap()
    };
    let none = || iter(0..3).map(|n| async move { n });
    let says = "at least one future is awaited at once";
    assert_eq!(refused(&|| drop(none().buffered(0))), says);
    assert_eq!(refused(&|| drop(none().unordered(0))), says);
    assert_eq!(
        refused(&|| drop(iter(0..3).prefetch(0))),
        "at least one item is asked for ahead"
    );
    assert_eq!(
        refused(&|| drop(iter(0..3).chunks(0))),
        "a chunk has at least one item"
    );
}
