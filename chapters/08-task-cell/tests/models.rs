//! What threads do to each other, in every order: `RUSTFLAGS="--cfg loom" cargo test --release -p ch08-task-cell`.
//!
//! loom runs each model in all the ways in which its threads may meet, and sees a wait that nobody ends, a count that
//! is wrong and an inbox that is never freed: a cell that stays keeps the inbox.
#![cfg(loom)]

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread::{self, Thread};
use task_cell::Executor;
use wakers::Park;

/// Chapter 4's `ThreadPark`, of loom's parts.
struct LoomPark(Arc<Token>);

struct Token {
    called: AtomicBool,
    sleeper: Thread,
}

impl Wake for Token {
    fn wake(self: Arc<Token>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Token>) {
        if !self.called.swap(true, Ordering::Release) {
            self.sleeper.unpark();
        }
    }
}

impl LoomPark {
    fn new() -> LoomPark {
        LoomPark(Arc::new(Token {
            called: AtomicBool::new(false),
            sleeper: thread::current(),
        }))
    }
}

impl Park for LoomPark {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        if timeout == Some(Duration::ZERO) {
            return Ok(self.0.called.swap(false, Ordering::Acquire));
        }
        while !self.0.called.swap(false, Ordering::Acquire) {
            thread::park();
        }
        Ok(true)
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.0))
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        true
    }
}

/// Runs `test` in all orders with up to `preemptions` switches that no thread asked for.
fn model(preemptions: usize, test: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.max_duration = Some(Duration::from_secs(20));
    builder.check(test);
}

/// Waits until `threads` threads have told it, each by `tell` with a waker of its own.
async fn told_by(threads: usize, tell: fn(Waker)) {
    let told: Arc<Vec<AtomicBool>> =
        Arc::new((0..threads).map(|_| AtomicBool::new(false)).collect());
    let mut started = false;
    poll_fn(|context| {
        if !std::mem::replace(&mut started, true) {
            for number in 0..threads {
                let (told, waker) = (Arc::clone(&told), context.waker().clone());
                thread::spawn(move || {
                    // The wake itself must carry this to the poll.
                    told[number].store(true, Ordering::Relaxed);
                    tell(waker);
                });
            }
        }
        match told.iter().all(|it| it.load(Ordering::Relaxed)) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}

#[test]
fn a_wake_is_not_lost() {
    model(3, || {
        Executor::new(LoomPark::new()).run_until_complete(told_by(1, Waker::wake));
    });
}

#[test]
fn of_two_wakes_the_one_that_is_not_mailed_is_not_lost_either() {
    model(2, || {
        let tell = |waker: Waker| waker.wake_by_ref();
        Executor::new(LoomPark::new()).run_until_complete(told_by(2, tell));
    });
}

#[test]
fn a_clone_is_counted_however_the_first_one_ends() {
    model(3, || {
        let tell = |waker: Waker| {
            let other = waker.clone();
            waker.wake();
            drop(other);
        };
        Executor::new(LoomPark::new()).run_until_complete(told_by(1, tell));
    });
}

/// Ends at its second poll, so that all others have had a turn.
async fn a_turn() {
    let mut turns = 2;
    poll_fn(|context| {
        turns -= 1;
        context.waker().wake_by_ref();
        if turns == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// The task's waker, and the task is left in the executor.
fn left_in(executor: &mut Executor<LoomPark>) -> Waker {
    let (give, take) = std::sync::mpsc::channel();
    drop(executor.spawn(poll_fn(move |context| {
        give.send(context.waker().clone()).unwrap();
        Poll::<()>::Pending
    })));
    executor.run_until_complete(a_turn());
    take.recv().unwrap()
}

#[test]
fn closing_while_threads_wake_clone_and_drop_frees_each_cell_once() {
    model(2, || {
        let mut executor = Executor::new(LoomPark::new());
        let waker = left_in(&mut executor);
        let other = waker.clone();
        let threads = [
            thread::spawn(move || {
                waker.wake_by_ref();
                drop(waker.clone());
                drop(waker);
            }),
            thread::spawn(move || other.wake()),
        ];
        drop(executor);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_completion_that_meets_a_cancellation_has_one_outcome() {
    model(3, || {
        let mut executor = Executor::new(LoomPark::new());
        let value = Arc::new(AtomicBool::new(false));
        let (set, polls) = (Arc::clone(&value), Rc::default());
        let counted: Rc<Cell<u32>> = Rc::clone(&polls);
        let (give, take) = std::sync::mpsc::channel::<Waker>();
        let task = executor.spawn(poll_fn(move |context| {
            counted.set(counted.get() + 1);
            if value.load(Ordering::Relaxed) {
                return Poll::Ready(7);
            }
            let _again = give.send(context.waker().clone());
            Poll::Pending
        }));
        executor.run_until_complete(a_turn());
        let waker = take.recv().unwrap();
        // Not joined: its call to this thread could end that wait, which loom takes for a fault.
        thread::spawn(move || {
            set.store(true, Ordering::Relaxed);
            waker.wake();
        });
        executor.run_until_complete(async {
            a_turn().await;
            let (before, asked) = (polls.get(), task.cancel());
            let end = task.await;
            assert_eq!(asked, end.is_err(), "what cancel has said is what happens");
            assert!(!asked || polls.get() == before, "it is not polled again");
        });
    });
}

#[test]
fn a_call_is_made_or_dropped_or_refused() {
    model(3, || {
        let mut executor = Executor::new(LoomPark::new());
        let handle = executor.handle();
        let dropped = Arc::new(AtomicUsize::new(0));
        let ours = OnDrop(Arc::clone(&dropped));
        let thread = thread::spawn(move || {
            let _refused = handle.call_soon(move || drop(ours));
        });
        executor.run_until_complete(a_turn());
        drop(executor.spawn(pending::<()>()));
        drop(executor);
        thread.join().unwrap();
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
    });
}

struct OnDrop(Arc<AtomicUsize>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
