//! Wakers that are foreign code: they may panic wherever we call them.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, catch_cancel, promise, spawn};
use timers::{Timers, sleep};
use wakers::ThreadPark;

use crate::Log;
use crate::cancelling::run;

const SECOND: Duration = Duration::from_secs(1);

/// A waker that is foreign code: it panics when it is told to.
struct Bomb;

impl Wake for Bomb {
    fn wake(self: Arc<Bomb>) {
        panic!("a waker that panics");
    }
}

#[test]
fn a_joiners_waker_that_panics_hurts_nobody_else() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let mut task = spawn(async {
            sleep(SECOND).await;
            7
        });
        task.add_done_callback(move |seven| ours.say(format!("{seven:?}")));
        let bomb = Waker::from(Arc::new(Bomb));
        let mut joining = Box::pin((&mut task).into_future());
        assert!(
            joining
                .as_mut()
                .poll(&mut Context::from_waker(&bomb))
                .is_pending()
        );
        sleep(2 * SECOND).await;
        drop(joining);
        assert_eq!(task.await.unwrap(), 7);
        assert_eq!(log.all(), "Ok(7)");
    });
}

#[test]
fn a_waiters_waker_that_panics_does_not_keep_the_others_from_being_told() {
    run(async {
        let kept = task_cell::promise();
        let bomb = Waker::from(Arc::new(Bomb));
        let mut first = Box::pin(kept.clone().into_future());
        assert!(
            first
                .as_mut()
                .poll(&mut Context::from_waker(&bomb))
                .is_pending()
        );
        let second = spawn(kept.clone().into_future());
        yield_now().await;
        assert_eq!(kept.set(7), Ok(()));
        assert_eq!(second.await.unwrap(), 7);
    });
}

#[test]
fn a_scopes_waker_that_panics_does_not_keep_the_others_from_being_asked() {
    run(async {
        let task = spawn(async {
            let bomb = Waker::from(Arc::new(Bomb));
            let mut first = Box::pin(catch_cancel(pending::<()>()));
            let mut second = Box::pin(catch_cancel(pending::<()>()));
            poll_fn(|context| {
                let mut foreign = Context::from_waker(&bomb);
                if first.as_mut().poll(&mut foreign).is_ready() {
                    return Poll::Ready(Ok(()));
                }
                second.as_mut().poll(context)
            })
            .await
        });
        yield_now().await;
        assert!(task.cancel());
        // Both were asked; the second one's waker is the task's own.
        assert_eq!(task.await.unwrap(), Ok(()));
    });
}

/// However its panic ends: today it comes out of the run.
#[test]
fn a_sleeps_waker_that_panics_keeps_no_other_sleeper_from_being_woken() {
    let park = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let mut executor = Executor::new(park);
    let other = promise();
    let keeps = other.clone();
    let root = async move {
        let bomb = Waker::from(Arc::new(Bomb));
        let mut first = Box::pin(sleep(SECOND));
        let polled = first.as_mut().poll(&mut Context::from_waker(&bomb));
        assert!(polled.is_pending());
        keeps.set(spawn(sleep(SECOND)).id()).unwrap();
        sleep(2 * SECOND).await;
    };
    _ = catch_unwind(AssertUnwindSafe(|| executor.run_until_complete(root)));
    executor.run_until_complete(async {
        sleep(2 * SECOND).await;
        let left: Vec<u64> = task_cell::tasks().iter().map(|it| it.id).collect();
        assert!(!left.contains(&other.await), "it sleeps for ever");
    });
}

/// A waker that panics when the last of its kind is dropped.
struct LastWords;

impl Wake for LastWords {
    fn wake(self: Arc<LastWords>) {}
}

impl Drop for LastWords {
    fn drop(&mut self) {
        panic!("a waker whose drop panics");
    }
}

#[test]
fn a_joiners_waker_whose_drop_panics_is_contained_and_the_new_one_is_in_its_place() {
    run(async {
        let mut task = spawn(async {
            sleep(SECOND).await;
            7
        });
        let mut joining = Box::pin((&mut task).into_future());
        let first = Waker::from(Arc::new(LastWords));
        let mut context = Context::from_waker(&first);
        assert!(joining.as_mut().poll(&mut context).is_pending());
        // The handle has the last one now.
        let other = Arc::new(Rings::default());
        let ring = Waker::from(Arc::clone(&other));
        let mut context = Context::from_waker(&ring);
        drop(first);
        assert!(joining.as_mut().poll(&mut context).is_pending());
        sleep(2 * SECOND).await;
        assert_eq!(other.0.load(Ordering::Relaxed), 1, "the new one is told");
        drop(joining);
        assert_eq!(task.await.unwrap(), 7);
    });
}

/// Counts how often it is woken.
#[derive(Default)]
struct Rings(AtomicUsize);

impl Wake for Rings {
    fn wake(self: Arc<Rings>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A waker that counts itself, and whose clone and drop call what they are given.
struct Counted {
    alive: AtomicUsize,
    panics: bool,
}

static COUNTED: RawWakerVTable = RawWakerVTable::new(
    |data| {
        // SAFETY: see `counted_waker`.
        let counted = unsafe { &*data.cast::<Counted>() };
        assert!(!counted.panics, "a waker whose clone panics");
        counted.alive.fetch_add(1, Ordering::Relaxed);
        RawWaker::new(data, &COUNTED)
    },
    drop_counted,
    |_| (),
    drop_counted,
);

fn drop_counted(data: *const ()) {
    // SAFETY: see `counted_waker`.
    let counted = unsafe { &*data.cast::<Counted>() };
    counted.alive.fetch_sub(1, Ordering::Relaxed);
}

fn counted_waker(counted: &'static Counted) -> Waker {
    counted.alive.fetch_add(1, Ordering::Relaxed);
    let data = std::ptr::from_ref(counted).cast();
    // SAFETY: what it points to lives for ever and is `Sync`; the functions only count.
    unsafe { Waker::from_raw(RawWaker::new(data, &COUNTED)) }
}

#[test]
fn a_waker_whose_clone_panics_leaves_the_handle_usable() {
    static FAULTY: Counted = Counted {
        alive: AtomicUsize::new(0),
        panics: true,
    };
    static GOOD: Counted = Counted {
        alive: AtomicUsize::new(0),
        panics: false,
    };
    run(async {
        let mut task = spawn(async {
            sleep(SECOND).await;
            7
        });
        let mut joining = Box::pin((&mut task).into_future());
        let good = counted_waker(&GOOD);
        assert!(
            joining
                .as_mut()
                .poll(&mut Context::from_waker(&good))
                .is_pending()
        );
        let faulty = counted_waker(&FAULTY);
        let mut context = Context::from_waker(&faulty);
        let poll = || joining.as_mut().poll(&mut context);
        catch_unwind(AssertUnwindSafe(poll)).unwrap_err();
        drop((joining, faulty, good));
        assert_eq!(task.await.unwrap(), 7);
    });
    let alive = [&FAULTY, &GOOD].map(|it| it.alive.load(Ordering::Relaxed));
    assert_eq!(alive, [0, 0], "each clone was dropped once");
}

/// The bit that says "mailed" is cleared before a poll: cleared after it, a wake in between would be lost.
#[test]
fn a_remote_wake_during_the_poll_that_answers_another_counts() {
    let polls = run(async {
        let told: Rc<RefCell<Option<Waker>>> = Rc::default();
        let (ours, mut polls) = (Rc::clone(&told), 0);
        let task = spawn(poll_fn(move |context| {
            polls += 1;
            match polls {
                1 => drop(ours.replace(Some(context.waker().clone()))),
                2 => wake_remotely(context.waker().clone()),
                _ => return Poll::Ready(polls),
            }
            Poll::Pending
        }));
        yield_now().await;
        wake_remotely(told.take().expect("the task has been polled"));
        task.await.unwrap()
    });
    assert_eq!(polls, 3);
}

fn wake_remotely(waker: Waker) {
    let remote = std::thread::spawn(move || waker.wake());
    remote.join().expect("it only wakes");
}
