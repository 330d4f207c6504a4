//! What safe code may do in the middle of ours, at the worst moment. AddressSanitizer runs these too.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, JoinError, JoinHandle, spawn};
use timers::{Timers, sleep};
use wakers::{Park, ThreadPark};

use crate::cancelling::run;
use crate::others_code::{OnDrop, keep};
use crate::{Log, watchdog};

const SECOND: Duration = Duration::from_secs(1);

fn executor() -> Executor<Timers<ThreadPark>> {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

/// A value whose clone drops, or awaits, the handle that it came from.
struct Traitor {
    words: Vec<String>,
    handle: Rc<RefCell<Option<JoinHandle<Traitor>>>>,
    awaits: bool,
}

impl Clone for Traitor {
    fn clone(&self) -> Traitor {
        let mut mine = self.handle.take();
        if let (true, Some(handle)) = (self.awaits, &mut mine) {
            let mut context = Context::from_waker(Waker::noop());
            // Not while it is cloned: it would be moved from under us.
            let polled = pin!(handle.into_future()).poll(&mut context);
            assert!(polled.is_pending());
        }
        drop(mine);
        Traitor {
            words: self.words.clone(),
            handle: Rc::clone(&self.handle),
            awaits: false,
        }
    }
}

#[test]
fn a_clone_may_drop_the_handle_of_the_value_that_is_cloned() {
    for awaits in [false, true] {
        let log = Log::default();
        let ours = log.clone();
        run(async move {
            let handle: Rc<RefCell<Option<JoinHandle<Traitor>>>> = Rc::default();
            let given = Rc::clone(&handle);
            let task = spawn(async move {
                Traitor {
                    words: vec!["Main ".to_string(), "Street".to_string()],
                    handle: given,
                    awaits,
                }
            });
            for _ in 0..2 {
                let ours = ours.clone();
                task.add_done_callback(move |value| {
                    ours.say(value.as_ref().unwrap().words.concat());
                });
            }
            handle.replace(Some(task));
            sleep(SECOND).await;
        });
        assert_eq!(log.all(), "Main Street, Main Street");
    }
}

/// Panics where it is told to.
struct Faulty {
    park: ThreadPark,
    enter: Rc<Cell<bool>>,
    leave: Rc<Cell<bool>>,
}

impl Park for Faulty {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.park.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.park.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        assert!(!self.enter.get(), "in enter");
        let leave = Rc::clone(&self.leave);
        OnDrop(move || assert!(!leave.get(), "in leave"))
    }

    fn expects_wake(&self) -> bool {
        true
    }
}

#[test]
fn a_way_to_wait_that_panics_while_the_executor_closes_leaves_nothing_behind() {
    let _watchdog = watchdog("a way to wait that panics");
    for at_enter in [false, true] {
        let (enter, leave) = (Rc::default(), Rc::default());
        let mut executor = Executor::new(Faulty {
            park: ThreadPark::new(),
            enter: Rc::clone(&enter),
            leave: Rc::clone(&leave),
        });
        let slot: Rc<Cell<Option<Waker>>> = Rc::default();
        let given = Rc::clone(&slot);
        let ended = executor.spawn(poll_fn(move |context| {
            given.set(Some(context.waker().clone()));
            Poll::Ready(String::from("value"))
        }));
        let left = executor.spawn(pending::<()>());
        executor.run_until_complete(yield_now());
        let waker = slot.take().unwrap();
        let handle = executor.handle();
        if at_enter { &enter } else { &leave }.set(true);
        catch_unwind(AssertUnwindSafe(|| drop(executor.close()))).unwrap_err();
        // It is closed all the same, for everybody who still refers to it.
        assert_eq!(handle.call_soon(|| ()), Err(task_cell::Closed));
        enter.set(false);
        leave.set(false);
        drop(executor);
        let remote = waker.clone();
        let thread = thread::spawn(move || {
            remote.wake_by_ref();
            drop(remote.clone());
            remote.wake();
        });
        thread.join().unwrap();
        waker.wake();
        assert_eq!(ended.result().unwrap().unwrap(), "value");
        left.abort();
        keep(left);
    }
}

#[test]
fn the_last_waker_may_be_dropped_on_another_thread() {
    // While the task lives, after its end, after the runtime's end.
    for when in 0..3 {
        let dropped = Rc::new(Cell::new(0));
        let ours = Rc::clone(&dropped);
        let held = OnDrop(move || ours.set(ours.get() + 1));
        let (give, take) = channel::<Waker>();
        let (start, started) = channel::<()>();
        let thread = thread::spawn(move || {
            let waker = take.recv().unwrap();
            let _gone = started.recv();
            drop(waker);
        });
        let mut executor = executor();
        drop(executor.spawn(async move {
            let _held = held;
            let mut polls = 0;
            poll_fn(|context| {
                polls += 1;
                if polls == 1 {
                    give.send(context.waker().clone()).unwrap();
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                if when == 0 {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
            .await;
        }));
        executor.run_until_complete(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        assert_eq!(dropped.get(), usize::from(when > 0));
        if when == 2 {
            drop(executor);
            drop(start);
            thread.join().unwrap();
        } else {
            drop(start);
            thread.join().unwrap();
            drop(executor);
        }
        assert_eq!(
            dropped.get(),
            1,
            "the future is dropped on its own thread, once"
        );
    }
}

#[test]
fn two_runtimes_on_one_thread_are_remote_to_each_other() {
    let log = Log::default();
    let (mut one, mut two) = (executor(), executor());
    let bell = task_cell::promise::<u32>();
    let ours = log.clone();
    let (waits, keeps) = (bell.clone(), bell);
    let waiter = one.spawn(async move {
        let seven = waits.await;
        ours.say(format!("one has {seven}"));
        seven
    });
    one.run_until_complete(yield_now());
    let ours = log.clone();
    two.run_until_complete(async move {
        keeps.set(7).unwrap();
        yield_now().await;
        ours.say("two goes on");
    });
    assert_eq!(
        log.all(),
        "two goes on",
        "a task runs in its own runtime only"
    );
    assert_eq!(one.run_until_complete(waiter).unwrap(), 7);
    assert_eq!(log.all(), "one has 7");
    // A handle of one, awaited in two; two goes before one.
    let task = one.spawn(async { String::from("Main Street") });
    one.run_until_complete(yield_now());
    let joins = two.spawn(task.into_future());
    assert_eq!(
        two.run_until_complete(joins).unwrap().unwrap(),
        "Main Street"
    );
    drop(two);
    one.run_until_complete(yield_now());
}

#[test]
fn a_task_may_abort_and_cancel_itself_from_its_destructor() {
    run(async {
        let myself: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
        let ours = Rc::clone(&myself);
        let held = OnDrop(move || {
            let handle = ours.take().unwrap();
            handle.abort();
            assert!(handle.cancel(), "it is not over yet");
        });
        let task = spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        let told = Rc::new(Cell::new(false));
        let ours = Rc::clone(&told);
        task.add_done_callback(move |end| {
            ours.set(matches!(end, Err(JoinError::Cancelled)));
        });
        yield_now().await;
        task.cancel();
        myself.replace(Some(task));
        sleep(SECOND).await;
        assert!(told.get());
    });
}

#[test]
fn a_futures_drop_may_wake_its_own_task_which_is_not_polled_again() {
    for how in ["it ends", "it is cancelled", "its runtime closes"] {
        let slot: Rc<Cell<Option<Waker>>> = Rc::default();
        let (given, polls) = (Rc::clone(&slot), Rc::new(Cell::new(0)));
        let counted = Rc::clone(&polls);
        let at_end = OnDrop(move || {
            let waker = slot.take().expect("it has been polled");
            waker.wake_by_ref();
            waker.wake();
        });
        let mut executor = executor();
        let task = executor.spawn(async move {
            let _at_end = at_end;
            poll_fn(|context| {
                counted.set(counted.get() + 1);
                given.set(Some(context.waker().clone()));
                match how {
                    "it ends" => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            })
            .await;
        });
        executor.run_until_complete(yield_now());
        if how == "it is cancelled" {
            task.cancel();
        }
        executor.run_until_complete(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        assert_eq!(task.is_finished(), how != "its runtime closes");
        executor.close();
        assert!(task.is_finished());
        assert_eq!(polls.get(), 1, "{how}");
    }
}
