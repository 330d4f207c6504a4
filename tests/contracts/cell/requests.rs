//! Which scope hears which request: what is awaited, not what was polled once.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures::future::{join, join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, poll, select_biased};
use polling::yield_now;
use task_cell::{Cancelled, JoinError, JoinHandle, catch_cancel, spawn};
use timers::sleep;

use crate::Log;
use crate::cancelling::run;

const SECOND: Duration = Duration::from_secs(1);

/// Lets `task` run, cancels it at 1 s, and says how it has ended a second later.
async fn cancelled_once<T: 'static>(mut task: JoinHandle<T>) -> String {
    sleep(SECOND).await;
    assert!(task.cancel());
    sleep(SECOND).await;
    match task.is_finished() {
        false => "still running".to_string(),
        true => match (&mut task).await {
            Ok(_) => "ended with a value".to_string(),
            Err(error) => format!("{error:?}"),
        },
    }
}

/// Cancels the only task but the root: the one that calls.
fn ask_myself() {
    let tasks = task_cell::tasks();
    assert!(tasks.iter().all(|it| it.is_root || it.cancel()));
}

#[test]
fn a_scope_that_is_kept_and_not_awaited_does_not_swallow_the_request() {
    run(async {
        let task = spawn(async {
            let mut kept = pin!(catch_cancel(pending::<()>()));
            assert!(poll!(kept.as_mut()).is_pending());
            pending::<()>().await;
        });
        assert_eq!(cancelled_once(task).await, "Cancelled");
    });
}

#[test]
fn past_a_kept_scope_the_request_goes_to_the_next_one_out() {
    run(async {
        let task = spawn(async {
            let inner = async {
                let mut kept = pin!(catch_cancel(pending::<()>()));
                assert!(poll!(kept.as_mut()).is_pending());
                pending::<()>().await;
            };
            assert_eq!(catch_cancel(inner).await, Err(Cancelled));
        });
        assert_eq!(cancelled_once(task).await, "ended with a value");
    });
}

#[test]
fn a_scope_whose_own_waker_leads_nowhere_does_not_hide_the_one_round_it() {
    run(async {
        let task = spawn(async {
            // The one round it is reached by a waker of its own, too.
            let mut both = FuturesUnordered::new();
            both.push(catch_cancel(async {
                let mut kept = pin!(catch_cancel(pending::<()>()));
                assert!(kept.as_mut().now_or_never().is_none());
                pending::<()>().await;
            }));
            both.next().await
        });
        sleep(SECOND).await;
        task.cancel();
        assert_eq!(task.await.unwrap(), Some(Err(Cancelled)));
    });
}

#[test]
fn children_that_are_not_awaited_any_more_do_not_swallow_it() {
    run(async {
        let task = spawn(async {
            let mut children: FuturesUnordered<_> =
                (0..3).map(|_| catch_cancel(pending::<()>())).collect();
            assert!(poll!(children.next()).is_pending());
            pending::<()>().await;
        });
        assert_eq!(cancelled_once(task).await, "Cancelled");
    });
}

#[test]
fn a_child_that_the_last_poll_did_not_reach_hears_it() {
    run(async {
        let task = spawn(async {
            let mut children = FuturesUnordered::new();
            children.push(
                catch_cancel(pending::<()>())
                    .map(|it| it.is_err())
                    .boxed_local(),
            );
            children.push(sleep(SECOND / 2).map(|()| false).boxed_local());
            // The poll at half a second brings the sleep, and does not reach the scope.
            assert_eq!(children.next().await, Some(false));
            children.next().await
        });
        sleep(SECOND).await;
        task.cancel();
        assert_eq!(task.await.unwrap(), Some(true));
    });
}

#[test]
fn a_request_that_loses_to_ready_values_comes_at_the_very_next_suspension() {
    run(async {
        let turns = Rc::new(Cell::new(0));
        let counted = Rc::clone(&turns);
        let task = spawn(async move {
            while counted.get() < 1000 && catch_cancel(yield_now()).await.is_ok() {
                counted.set(counted.get() + 1);
            }
        });
        for _ in 0..10 {
            yield_now().await;
        }
        let before = turns.get();
        task.cancel();
        task.await.unwrap();
        assert_eq!(turns.get() - before, 1, "the value that was faster");
    });
}

#[test]
fn a_request_that_loses_to_a_ready_value_ends_the_task_outside_every_scope() {
    run(async {
        let task = spawn(async {
            let () = catch_cancel(yield_now()).await.unwrap();
            for _ in 0..1000 {
                yield_now().await;
            }
        });
        yield_now().await;
        task.cancel();
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn the_innermost_scope_is_that_of_the_present_nesting() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            // First polled outside of the scope that it is awaited in.
            let mut inner = Box::pin(catch_cancel(pending::<()>()));
            assert!(poll!(inner.as_mut()).is_pending());
            let outer = async {
                ours.say(format!("inner {:?}", inner.await));
                sleep(SECOND).await;
                ours.say("clean");
            };
            ours.say(format!("outer {:?}", catch_cancel(outer).await));
        });
        sleep(SECOND).await;
        task.cancel();
        task.await.unwrap();
        assert_eq!(log.all(), "inner Err(Cancelled), clean, outer Ok(())");
    });
}

#[test]
fn a_scope_that_moves_to_another_task_takes_no_request_along() {
    run(async {
        let scope = Rc::new(Cell::new(Some(Box::pin(catch_cancel(sleep(3 * SECOND))))));
        let moved = Rc::clone(&scope);
        let first = spawn(async move {
            let mut held = moved.take().unwrap();
            assert!(poll!(held.as_mut()).is_pending());
            moved.set(Some(held));
            pending::<()>().await;
        });
        yield_now().await;
        // It is asked, and before its task has a turn it is another one's.
        let second = spawn(async move { scope.take().unwrap().await });
        first.cancel();
        assert!(matches!(first.await, Err(JoinError::Cancelled)));
        assert_eq!(second.await.unwrap(), Ok(()));
    });
}

#[test]
fn each_further_request_reaches_the_next_scope_out_and_at_last_the_task() {
    for requests in 1..=4 {
        let log = Log::default();
        let ours = log.clone();
        run(async {
            let mut task = spawn(async move {
                let middle = async {
                    ours.say(format!("1 {:?}", catch_cancel(pending::<()>()).await));
                    sleep(SECOND).await;
                };
                let outer = async {
                    ours.say(format!("2 {:?}", catch_cancel(middle).await));
                    sleep(SECOND).await;
                };
                ours.say(format!("3 {:?}", catch_cancel(outer).await));
                sleep(SECOND).await;
                ours.say("end");
            });
            yield_now().await;
            for _ in 0..requests {
                assert!(task.cancel());
            }
            let ended = (&mut task).await;
            assert_eq!(ended.is_err(), requests == 4);
        });
        let heard = match requests {
            1 => "1 Err(Cancelled), 2 Ok(()), 3 Ok(()), end",
            2 => "1 Err(Cancelled), 2 Err(Cancelled), 3 Ok(()), end",
            3 => "1 Err(Cancelled), 2 Err(Cancelled), 3 Err(Cancelled), end",
            _ => "1 Err(Cancelled), 2 Err(Cancelled), 3 Err(Cancelled)",
        };
        assert_eq!(log.all(), heard, "{requests} requests");
    }
}

#[test]
fn scopes_side_by_side_both_hear_one_request_and_their_clean_up_is_not_hit_by_it() {
    run(async {
        let task = spawn(async {
            let cleans_up = || async {
                let caught = catch_cancel(pending::<()>()).await;
                // A scope that begins after the answer: the request is not for this one.
                (caught, catch_cancel(sleep(SECOND)).await)
            };
            join(cleans_up(), cleans_up()).await
        });
        sleep(SECOND).await;
        task.cancel();
        let both = (Err(Cancelled), Ok(()));
        assert_eq!(task.await.unwrap(), (both, both));
    });
}

#[test]
fn a_resume_that_is_dropped_leaves_no_request() {
    run(async {
        let task = spawn(async {
            let inside = async {
                let mut resumes = pin!(Cancelled::resume().fuse());
                let mut ready = pin!(async {}.fuse());
                select_biased! { never = resumes => never, () = ready => {} }
            };
            assert_eq!(catch_cancel(inside).await, Ok(()));
            sleep(SECOND).await;
            7
        });
        assert_eq!(task.await.unwrap(), 7);
    });
}

#[test]
fn the_current_task_hears_it_at_once_where_it_suspends() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let task = spawn(async move {
            ask_myself();
            let waits = poll_fn::<(), _>(|_| {
                counted.set(counted.get() + 1);
                Poll::Pending
            });
            assert_eq!(catch_cancel(waits).await, Err(Cancelled));
        });
        task.await.unwrap();
        assert_eq!(polls.get(), 1);
    });
}

#[test]
fn scopes_that_were_polled_before_the_task_asked_itself_all_hear_it_in_its_next_poll() {
    run(async {
        let asks = || async { ask_myself() };
        let one = spawn(join(catch_cancel(pending::<()>()), asks()));
        assert_eq!(one.await.unwrap(), (Err(Cancelled), ()));
        let both = [0, 1].map(|_| catch_cancel(pending::<()>()));
        let both = spawn(join(join_all(both), asks()));
        assert_eq!(both.await.unwrap().0, [Err(Cancelled), Err(Cancelled)]);
    });
}

#[test]
fn a_scope_that_a_ready_value_leads_to_hears_it_before_the_one_round_it() {
    for answers_first in [false, true] {
        run(async move {
            let (log, gate) = (Log::default(), task_cell::promise());
            let (ours, opened) = (log.clone(), gate.clone());
            let task = spawn(async move {
                let mut beside = pin!(catch_cancel(pending::<()>()));
                let leads_on = async {
                    opened.await;
                    ours.say(format!("inner {:?}", catch_cancel(pending::<()>()).await));
                };
                let mut round = pin!(catch_cancel(leads_on));
                let (beside, round) = if answers_first {
                    join(beside.as_mut(), round.as_mut()).await
                } else {
                    let (round, beside) = join(round.as_mut(), beside.as_mut()).await;
                    (beside, round)
                };
                ours.say(format!("outer {round:?}, beside {beside:?}"));
            });
            sleep(SECOND).await;
            gate.set(()).unwrap();
            task.cancel();
            task.await.unwrap();
            assert_eq!(
                log.all(),
                "inner Err(Cancelled), outer Ok(()), beside Err(Cancelled)"
            );
        });
    }
}

#[test]
fn a_second_request_is_not_used_up_where_the_first_one_is_resumed() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let inner = async {
                ours.say(format!("1 {:?}", catch_cancel(pending::<()>()).await));
                Cancelled::resume().await;
            };
            let outer = async {
                ours.say(format!("2 {:?}", catch_cancel(inner).await));
                sleep(SECOND).await;
            };
            ours.say(format!("3 {:?}", catch_cancel(outer).await));
        });
        sleep(SECOND).await;
        assert!(task.cancel() && task.cancel());
        task.await.unwrap();
        assert_eq!(
            log.all(),
            "1 Err(Cancelled), 2 Err(Cancelled), 3 Err(Cancelled)"
        );
    });
}

#[test]
fn two_requests_at_once_are_heard_as_one_after_the_other() {
    for turns_between in [0, 3] {
        for nested_first in [false, true] {
            run(async move {
                let task = spawn(async move {
                    let nested = catch_cancel(async {
                        let caught = catch_cancel(pending::<()>()).await;
                        sleep(SECOND).await;
                        caught
                    });
                    let one_by_one = async {
                        let first = catch_cancel(pending::<()>()).await;
                        (first, catch_cancel(sleep(SECOND)).await)
                    };
                    if nested_first {
                        join(nested, one_by_one).await
                    } else {
                        let (second, first) = join(one_by_one, nested).await;
                        (first, second)
                    }
                });
                sleep(SECOND).await;
                assert!(task.cancel());
                for _ in 0..turns_between {
                    yield_now().await;
                }
                assert!(task.cancel());
                let heard = (Err(Cancelled), (Err(Cancelled), Err(Cancelled)));
                assert_eq!(task.await.unwrap(), heard);
            });
        }
    }
}
