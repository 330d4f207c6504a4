//! What is left of a runtime when everybody has let go of it: nothing. No sanitizer is needed to see that: each cell that
//! stays after the close keeps the runtime's inbox, and that keeps what ends the loop's wait, which is counted here.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::Executor;
use timers::Timers;
use wakers::{Park, ThreadPark};

use crate::others_code::OnDrop;

/// Waits as a thread does, and can be counted.
struct Counted(ThreadPark, Arc<Unparker>);

struct Unparker(Waker);

impl Wake for Unparker {
    fn wake(self: Arc<Unparker>) {
        self.0.wake_by_ref();
    }
}

impl Park for Counted {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.0.park(timeout)
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.1))
    }

    fn enter(&self) -> impl Sized + 'static {
        self.0.enter()
    }

    fn expects_wake(&self) -> bool {
        self.0.expects_wake()
    }
}

type Counting = Executor<Timers<Counted>>;

/// Gives an executor to `work`, closes it, and gives what `work` has left to `after`. Nothing refers to the executor
/// then.
#[track_caller]
fn leaves_nothing<T>(work: impl FnOnce(&mut Counting) -> T, after: impl FnOnce(T)) {
    let park = ThreadPark::new();
    let unparker = Arc::new(Unparker(park.unparker()));
    let park = Counted(park, Arc::clone(&unparker));
    let mut executor = Executor::new(Timers::new(park, Clock::virtual_time()));
    let left = work(&mut executor);
    drop(executor);
    after(left);
    let count = Arc::strong_count(&unparker);
    assert_eq!(count, 1, "something is kept for ever");
}

/// A task that has been polled once, and its waker. It ends at its second poll.
fn polled_once(executor: &mut Counting) -> Waker {
    let slot: Rc<Cell<Option<Waker>>> = Rc::default();
    let (given, mut polled) = (Rc::clone(&slot), false);
    drop(executor.spawn(poll_fn(move |context| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        given.set(Some(context.waker().clone()));
        Poll::Pending
    })));
    executor.run_until_complete(yield_now());
    slot.take().expect("it has been polled")
}

/// Lets what came by mail have its turn.
fn turns(executor: &mut Counting) {
    for _ in 0..2 {
        executor.run_until_complete(yield_now());
    }
}

fn remotely(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work).join().expect("it only wakes and drops");
}

fn use_up(waker: Waker) {
    waker.wake_by_ref();
    drop(waker.clone());
    // A wake is under way: of these only the references are sent.
    [waker.clone(), waker].into_iter().for_each(Waker::wake);
}

#[test]
fn nothing_is_kept_by_wakers_that_another_thread_uses_up_while_the_task_lives() {
    leaves_nothing(
        |executor| {
            let waker = polled_once(executor);
            remotely(move || use_up(waker));
        },
        drop,
    );
}

#[test]
fn nothing_is_kept_by_a_last_waker_that_another_thread_uses_up_after_the_tasks_end() {
    leaves_nothing(
        |executor| {
            let waker = polled_once(executor);
            waker.wake_by_ref();
            turns(executor);
            remotely(move || use_up(waker));
            turns(executor);
        },
        drop,
    );
}

#[test]
fn nothing_is_kept_by_wakers_that_outlive_the_runtime() {
    for (over, here) in [(false, false), (false, true), (true, false), (true, true)] {
        leaves_nothing(
            |executor| {
                let waker = polled_once(executor);
                if over {
                    waker.wake_by_ref();
                    turns(executor);
                }
                waker
            },
            |waker| match here {
                true => use_up(waker),
                false => remotely(move || use_up(waker)),
            },
        );
    }
}

#[test]
fn nothing_is_kept_of_mail_that_is_under_way_when_the_runtime_closes() {
    leaves_nothing(
        |executor| {
            let (woken, dropped) = (polled_once(executor), polled_once(executor));
            let (mail, handle) = (polled_once(executor), executor.handle());
            // Sent by the close itself, which has read the mail that was there before.
            let held = Cell::new(Some((woken, dropped, mail)));
            let at_close = OnDrop(move || {
                let (woken, dropped, mail) = held.take().expect("it is dropped once");
                let handle = handle.clone();
                remotely(move || {
                    woken.wake();
                    drop(dropped);
                    handle.call_soon(move || mail.wake()).expect("it is open");
                });
            });
            drop(executor.spawn(async move {
                let _at_close = at_close;
                pending::<()>().await;
            }));
            turns(executor);
        },
        drop,
    );
}

#[test]
fn nothing_is_kept_by_handles_and_lists_that_outlive_the_runtime() {
    leaves_nothing(
        |executor| {
            let over = executor.spawn(async { String::from("Main Street") });
            let left = executor.spawn(pending::<()>());
            turns(executor);
            let tasks = executor.run_until_complete(async { task_cell::tasks() });
            (over, left, tasks)
        },
        |(over, left, tasks)| {
            assert!(left.is_cancelled() && !left.cancel() && !tasks[0].cancel());
            assert_eq!(over.result().unwrap().unwrap(), "Main Street");
        },
    );
}

#[test]
fn nothing_is_kept_by_a_task_that_is_awaited_in_another_runtime() {
    for first in [false, true] {
        leaves_nothing(
            |one| {
                let task = one.spawn(pending::<()>());
                let park = ThreadPark::new();
                let mut two = Executor::new(Timers::new(park, Clock::virtual_time()));
                let joins = two.spawn(task.into_future());
                two.run_until_complete(yield_now());
                turns(one);
                if first {
                    two.close();
                }
                (two, joins)
            },
            drop,
        );
    }
}
