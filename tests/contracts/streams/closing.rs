//! A consumer that stops early: what becomes of the body.

use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, Waker};

use futures::FutureExt;
use streams::{FusedStream, StreamExt, stream, try_stream, with};
use task_cell::{Cancelled, JoinError, catch_cancel, spawn};
use timers::{sleep, timeout};

use crate::leaving::Room;
use crate::{Log, SECOND, run, seconds, secs};

#[test]
fn closing_leaves_what_the_body_has_entered() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            let rooms = (Room::new("hall", &log), Room::new("attic", &log));
            let all = with(rooms, async |_| {
                for item in 1.. {
                    yields.send(item).await;
                }
                Ok(())
            });
            all.await.unwrap();
            log.note("after");
        });
        assert_eq!(items.next().await, Some(1));
        assert_eq!(items.next().await, Some(2));
        log.take();
        sleep(secs(8)).await;
        items.close().await;
        assert_eq!(seconds(), 12);
        let wanted = [
            "10s: (cancelled) goes to the door of attic",
            "11s: leaves attic",
            "11s: (cancelled) goes to the door of hall",
            "12s: leaves hall",
        ];
        assert_eq!(log.take(), wanted);
        assert!(items.is_terminated());
        assert_eq!(items.next().await, None);
        // Again: nothing is left to close.
        items.close().await;
    });
}

#[test]
fn what_is_only_dropped_is_not_left() {
    let log = Log::default();
    run(async {
        let held = Rc::new(());
        let mut items = stream(async |mut yields| {
            let _held = Rc::clone(&held);
            let all = with(Room::new("hall", &log), async |_| {
                yields.send(1).await;
                Ok(())
            });
            all.await.unwrap();
        });
        items.next().await;
        drop(items);
        assert_eq!(Rc::strong_count(&held), 1);
        assert_eq!(log.take(), ["0s: knocks at hall", "1s: enters hall"]);
    });
}

#[test]
fn a_body_without_a_scope_is_dropped_at_its_send() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            yields.send(1).await;
            log.note("goes on");
            yields.send(2).await;
        });
        items.next().await;
        items.close().await;
        assert!(log.take().is_empty());
        assert_eq!(items.next().await, None);
    });
}

#[test]
fn a_body_that_has_not_begun_never_does() {
    let log = Log::default();
    let held = Rc::new(());
    let (captured, noted) = (Rc::clone(&held), log.clone());
    let mut items = stream(async move |mut yields| {
        noted.note("begins");
        yields.send(Rc::clone(&captured)).await;
    });
    assert_eq!(items.close().now_or_never(), Some(()));
    assert_eq!(Rc::strong_count(&held), 1);
    assert!(items.is_terminated());
    assert!(log.take().is_empty());
}

#[test]
fn a_body_that_waits_for_something_else_goes_on_to_its_next_send() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            sleep(secs(5)).await;
            log.note(format!("{}s: sends", seconds()));
            yields.send(1).await;
            log.note("goes on");
        });
        assert!(timeout(secs(2), items.next()).await.is_err());
        items.close().await;
        assert_eq!(seconds(), 5);
        assert_eq!(log.take(), ["5s: sends"]);
        assert_eq!(items.next().await, None);
    });
}

#[test]
fn a_body_that_catches_it_may_clean_up_and_sends_nothing_more() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            if catch_cancel(yields.send(1)).await == Err(Cancelled) {
                sleep(SECOND).await;
                log.note("cleaned up");
            }
            yields.send(2).await;
            log.note("goes on");
        });
        items.next().await;
        items.close().await;
        assert_eq!((log.take(), seconds()), (vec!["cleaned up".to_string()], 1));
        assert_eq!(items.next().await, None);
    });
}

#[test]
fn the_consumer_s_own_scopes_do_not_hear_of_it() {
    run(async {
        let task = spawn(async {
            let consumer = catch_cancel(async {
                let mut items = stream(async |mut yields| {
                    yields.send(1).await;
                });
                items.next().await;
                items.close().await;
                "goes on"
            });
            consumer.await
        });
        assert_eq!(task.await.unwrap(), Ok("goes on"));
    });
}

#[test]
fn the_error_of_a_body_that_is_closed_is_told() {
    run(async {
        let mut items =
            try_stream(
                async |mut yields| match catch_cancel(yields.send(1)).await {
                    Ok(()) => Ok(()),
                    Err(Cancelled) => Err("no garage"),
                },
            );
        assert_eq!(items.next().await, Some(Ok(1)));
        assert_eq!(items.close().await, Err("no garage"));
        assert_eq!(items.next().await, None);
        assert_eq!(items.close().await, Ok(()));
    });
}

#[test]
fn a_send_with_a_waker_of_its_own_is_closed_too() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            let send = catch_cancel(yields.send(1));
            let mut both = futures::stream::FuturesUnordered::new();
            both.push(send.map(|it| it.is_err()).left_future());
            both.push(sleep(secs(60)).map(|()| false).right_future());
            if futures::StreamExt::next(&mut both).await == Some(true) {
                log.note("heard");
            }
        });
        items.next().await;
        items.close().await;
        assert_eq!((log.take(), seconds()), (vec!["heard".to_string()], 0));
    });
}

#[test]
fn a_task_that_is_cancelled_while_it_closes_ends_after_that() {
    for cancelled_at in [1, 2] {
        let log = Log::default();
        let noted = log.clone();
        run(async {
            let task = spawn(async move {
                let mut items = stream(async |mut yields| {
                    let cleaned = catch_cancel(async {
                        if catch_cancel(yields.send(1)).await.is_err() {
                            sleep(secs(3)).await;
                            noted.note("cleaned up");
                            Cancelled::resume().await;
                        }
                    });
                    if cleaned.await.is_err() {
                        noted.note(format!("{}s: hurries", seconds()));
                        sleep(SECOND).await;
                        Cancelled::resume().await;
                    }
                });
                items.next().await;
                items.close().await;
                noted.note("the consumer goes on");
            });
            sleep(secs(cancelled_at)).await;
            assert!(task.cancel());
            assert!(matches!(task.await, Err(JoinError::Cancelled)));
            assert_eq!(seconds(), cancelled_at + 1);
        });
        assert_eq!(log.take(), [format!("{cancelled_at}s: hurries")]);
    }
}

#[test]
fn a_close_that_is_dropped_leaves_a_stream_that_only_ends() {
    let log = Log::default();
    run(async {
        let mut items = stream(async |mut yields| {
            if catch_cancel(yields.send(1)).await.is_err() {
                sleep(secs(3)).await;
                log.note("cleaned up");
                yields.send(2).await;
            }
        });
        items.next().await;
        assert!(timeout(SECOND, items.close()).await.is_err());
        assert_eq!(items.next().await, None);
        assert_eq!((log.take(), seconds()), (vec!["cleaned up".to_string()], 3));
    });
}

#[test]
fn a_panic_while_it_closes_reaches_whoever_closes() {
    let mut items = stream(async |mut yields| {
        let _ = catch_cancel(yields.send(1)).await;
        panic!("no brakes");
    });
    let mut context = TaskContext::from_waker(Waker::noop());
    let first = pin!(items.next()).poll(&mut context);
    assert_eq!(first, Poll::Ready(Some(1)));
    let mut close = Box::pin(items.close());
    let mut poll = || close.as_mut().poll(&mut context);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut poll)).is_err());
    drop(close);
    assert_eq!(
        Pin::new(&mut items.next()).poll(&mut context),
        Poll::Ready(None)
    );
}

#[test]
fn a_generator_over_another_one_can_close_that_as_it_is_closed() {
    let log = Log::default();
    run(async {
        let mut outer = stream(async |mut yields| {
            let mut inner = stream(async |mut yields| {
                let _ = catch_cancel(yields.send(1)).await;
                sleep(SECOND).await;
                log.note("cleaned up");
            });
            let all = async {
                while let Some(item) = inner.next().await {
                    yields.send(item).await;
                }
            };
            if let Err(Cancelled) = catch_cancel(all).await {
                inner.close().await;
                Cancelled::resume().await;
            }
        });
        assert_eq!((&mut outer).take(1).collect::<Vec<_>>().await, [1]);
        outer.close().await;
        assert_eq!((log.take(), seconds()), (vec!["cleaned up".to_string()], 1));
    });
}

#[test]
fn a_body_that_swallows_the_request_to_its_task_ends_its_stream_alone() {
    let log = Log::default();
    run(async {
        let noted = log.clone();
        let task = spawn(async move {
            let mut items = stream(async |mut yields| {
                yields.send(1).await;
                let _ = catch_cancel(sleep(secs(60))).await;
            });
            while items.next().await.is_some() {}
            noted.note("the task goes on");
        });
        sleep(SECOND).await;
        task.cancel();
        assert!(task.await.is_ok());
        assert_eq!(
            (log.take(), seconds()),
            (vec!["the task goes on".to_string()], 1)
        );
    });
}

#[test]
fn a_group_in_a_body_that_is_closed_cancels_its_children_and_awaits_them() {
    let log = Log::default();
    run(async {
        let (noted, told) = (log.clone(), log.clone());
        let mut items = stream(async move |mut yields| {
            let child = async move {
                if catch_cancel(sleep(secs(60))).await.is_err() {
                    sleep(SECOND).await;
                    noted.note(format!("{}s: the child has cleaned up", seconds()));
                    Cancelled::resume().await;
                }
            };
            let all = combinators::group(async |group| {
                let _child = group.spawn(child);
                yields.send(1).await;
            });
            let _ = all.await;
            told.note("goes on");
        });
        assert_eq!(items.next().await, Some(1));
        sleep(secs(2)).await;
        items.close().await;
        assert_eq!(seconds(), 3);
    });
    assert_eq!(log.take(), ["3s: the child has cleaned up"]);
}

#[test]
fn a_context_is_left_also_where_there_are_no_tasks() {
    let log = Log::default();
    timers::block_on(event_loop::Clock::virtual_time(), async {
        let mut items = stream(async |mut yields| {
            let all = with(Room::new("hall", &log), async |_| {
                yields.send(1).await;
                Ok(())
            });
            all.await.unwrap();
        });
        items.next().await;
        items.close().await;
    });
    assert_eq!(log.take().last().unwrap(), "2s: leaves hall");
}

#[test]
fn a_cancellation_while_it_closes_is_told_once() {
    let log = Log::default();
    let noted = log.clone();
    run(async {
        let task = spawn(async move {
            let mut items = stream(async |mut yields| {
                if catch_cancel(yields.send(1)).await.is_err() {
                    let _ = catch_cancel(sleep(secs(60))).await;
                }
            });
            items.next().await;
            assert_eq!(catch_cancel(items.close()).await, Err(Cancelled));
            items.close().await;
            noted.note("goes on");
        });
        sleep(SECOND).await;
        assert!(task.cancel());
        assert!(task.await.is_ok());
    });
    assert_eq!(log.take(), ["goes on"]);
}
