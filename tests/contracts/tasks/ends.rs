//! The end of a task: who is told, and when.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use polling::yield_now;
use tasks::{call_soon, promise, spawn};
use timers::sleep;

use crate::{Log, executor, run};

const SECOND: Duration = Duration::from_secs(1);

/// The turn under way when the root ends is finished: also for those who come after the root in it.
#[test]
fn a_task_that_is_in_the_queue_behind_the_roots_end_has_its_turn() {
    let log = Log::default();
    let ours = log.clone();
    let mut first = true;
    executor().run_until_complete(poll_fn(move |context| {
        if !mem::take(&mut first) {
            return Poll::Ready(());
        }
        // The root queues up before the task.
        context.waker().wake_by_ref();
        let ours = ours.clone();
        drop(spawn(async move {
            for turn in 1..10 {
                ours.say(format!("task {turn}"));
                yield_now().await;
            }
        }));
        Poll::Pending
    }));
    assert_eq!(log.all(), "task 1, task 2");
}

#[test]
fn a_joiner_is_told_before_the_callbacks_that_were_added_after_it() {
    run(async {
        let log = Log::default();
        let mut task = spawn(sleep(SECOND));
        let mut joining = (&mut task).into_future();
        let (bell, mut told) = (promise(), false);
        let (rings, ours) = (bell.clone(), log.clone());
        let joiner = spawn(poll_fn(move |context| {
            if mem::replace(&mut told, true) {
                ours.say("joiner");
                return Poll::Ready(());
            }
            rings.set(context.waker().clone()).unwrap();
            Poll::Pending
        }));
        let joiners: Waker = bell.await;
        let mut context = Context::from_waker(&joiners);
        let polled = Pin::new(&mut joining).poll(&mut context);
        assert!(polled.is_pending());
        // A place is not given up by whoever is forgotten; and so the handle is free to be asked.
        let _forgotten = mem::ManuallyDrop::new(joining);
        let ours = log.clone();
        task.add_done_callback(move |()| ours.say("callback"));
        joiner.await;
        yield_now().await;
        assert_eq!(log.all(), "joiner, callback");
    });
}

#[test]
fn the_end_of_a_task_queues_its_callbacks_and_calls_none() {
    run(async {
        let log = Log::default();
        let task = spawn(async {});
        let ours = log.clone();
        task.add_done_callback(move |()| ours.say("callback"));
        let ours = log.clone();
        call_soon(move || ours.say("in the queue before it"));
        task.await;
        assert_eq!(log.all(), "in the queue before it, callback");
    });
}
