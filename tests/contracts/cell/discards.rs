//! What is dropped with nobody asking: values, payloads, whole executors. Its destructors may panic, at any time.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use polling::yield_now;
use task_cell::{Cancelled, Executor, JoinError, JoinHandle, spawn};
use wakers::{Park, ThreadPark};

use crate::Log;
use crate::cancelling::run;
use crate::misuse::panic_of;
use crate::others_code::{OnDrop, keep};

/// Panics when it is dropped.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

/// What is reported while `work` runs.
fn reported<T>(work: impl FnOnce() -> T) -> (T, String) {
    let log = Log::default();
    let ours = log.clone();
    let _hook =
        wakers::set_panic_hook(Rc::new(move |report: &wakers::PanicReport<'_>| {
            ours.say(report.to_string());
        }));
    (work(), log.all())
}

fn executor() -> Executor<ThreadPark> {
    Executor::new(ThreadPark::new())
}

/// A task that is over, and whose handle has this value.
fn over<T: 'static>(value: T) -> (Executor<ThreadPark>, JoinHandle<T>) {
    let mut executor = executor();
    let task = executor.spawn(async move { value });
    executor.run_until_complete(yield_now());
    assert!(task.is_finished());
    (executor, task)
}

const VALUE: &str = "a task's output panicked: in a value";

#[test]
fn a_values_destructor_that_panics_is_contained_wherever_its_handle_is_dropped() {
    // In a task, outside of a run, and after the executor.
    let ((), said) = reported(|| {
        run(async {
            let task = spawn(async { Bomb("in a value") });
            yield_now().await;
            drop(task);
        });
    });
    assert_eq!(said, VALUE);
    let (_executor, task) = over(Bomb("in a value"));
    assert_eq!(reported(|| drop(task)).1, VALUE);
    let (executor, task) = over(Bomb("in a value"));
    drop(executor);
    assert_eq!(reported(|| drop(task)).1, VALUE);
}

#[test]
fn and_so_it_is_on_unwind() {
    let (executor, task) = over(Bomb("in a value"));
    let unwinds = || {
        let _task = task;
        panic!("the first");
    };
    let (caught, said) = reported(|| catch_unwind(AssertUnwindSafe(unwinds)));
    assert_eq!(
        *caught.unwrap_err().downcast::<&str>().unwrap(),
        "the first"
    );
    assert_eq!(said, VALUE);
    drop(executor);
    // In a task that panics.
    let ((), said) = reported(|| {
        run(async {
            let task = spawn(async { Bomb("in a value") });
            yield_now().await;
            let panics = spawn(async move {
                let _task = task;
                panic!("the first");
            });
            let error = panics.await.unwrap_err();
            assert_eq!(error.to_string(), "the task panicked: the first");
        });
    });
    assert_eq!(said, VALUE);
}

#[test]
fn a_payloads_destructor_that_panics_is_contained_wherever_the_error_is_dropped() {
    const PAYLOAD: &str = "a panic's payload panicked: in a payload";
    let panicked = || {
        let mut executor = executor();
        let task = executor.spawn(async { panic_any(Bomb("in a payload")) });
        executor.run_until_complete(yield_now());
        (executor, task)
    };
    // With its handle, which may be on unwind.
    let (_executor, task) = panicked();
    assert_eq!(reported(|| drop(task)).1, PAYLOAD);
    let (_executor, task) = panicked();
    let unwinds = || {
        let _task = task;
        panic!("the first");
    };
    let (_, said) = reported(|| catch_unwind(AssertUnwindSafe(unwinds)).unwrap_err());
    assert_eq!(said, PAYLOAD);
    // With the error that was taken, and with the last of its clones.
    let (mut executor, task) = panicked();
    let error = executor.run_until_complete(task).unwrap_err();
    let clone = error.clone();
    assert_eq!(reported(|| drop(error)).1, "");
    assert_eq!(reported(|| drop(clone)).1, PAYLOAD);
    // With nobody who asks.
    let ((), said) = reported(|| {
        run(async {
            drop(spawn(async { panic_any(Bomb("in a payload")) }));
            yield_now().await;
        });
    });
    assert_eq!(said, PAYLOAD);
}

#[test]
fn what_panics_and_is_nobodys_business_is_told_to_the_executors_hook() {
    let log = Log::default();
    let mut executor = executor();
    let ours = log.clone();
    executor.set_panic_hook(move |report| ours.say(report.to_string()));
    executor.call_soon(|| panic!("called"));
    drop(executor.spawn(async { Bomb("in a value") }));
    let held = Bomb("in a future");
    drop(executor.spawn(async move {
        let _held = held;
    }));
    let told = executor.spawn(async { 7 });
    told.add_done_callback(|_| panic!("done"));
    let others = log.clone();
    told.add_done_callback(move |_| others.say("the next one"));
    assert_eq!(executor.run_until_complete(told).unwrap(), 7);
    // Its panic is its own: the handle has it.
    let wanted = "a callback panicked: called, \
                  a task's output panicked: in a value, \
                  a callback panicked: done, the next one";
    assert_eq!(log.all(), wanted);
    // A hook that panics is no reason to stop either.
    executor.set_panic_hook(|_| panic!("the hook"));
    executor.call_soon(|| panic!("called"));
    assert_eq!(executor.run_until_complete(async { 7 }), 7);
}

/// A task's value that is the handle of another such task.
struct Nested(#[expect(dead_code, reason = "it is dropped")] Option<JoinHandle<Nested>>);

/// As many tasks, each with the handle of the one before as its value.
fn nested(tasks: usize) -> (Executor<ThreadPark>, JoinHandle<Nested>) {
    let mut executor = executor();
    let mut last = executor.spawn(async { Nested(None) });
    for _ in 1..tasks {
        last = executor.spawn(async move { Nested(Some(last)) });
    }
    while !last.is_finished() {
        executor.run_until_complete(yield_now());
    }
    (executor, last)
}

#[test]
fn a_million_handles_inside_one_another_need_no_stack() {
    let small = thread::Builder::new().stack_size(256 << 10);
    let dropped = small.spawn(|| {
        let (mut executor, task) = nested(1_000_000);
        drop(task);
        executor.close();
        let (executor, task) = nested(1000);
        drop(executor);
        drop(task);
    });
    dropped.unwrap().join().unwrap();
}

#[test]
fn a_payload_that_is_an_error_with_a_payload_that_is_an_error_needs_no_stack() {
    let small = thread::Builder::new().stack_size(256 << 10);
    let dropped = small.spawn(|| {
        run(async {
            let mut error: Option<JoinError> = None;
            for _ in 0..100_000 {
                let inner = error.take();
                // Thrown without a panic hook, which would only say so.
                let task: JoinHandle<()> =
                    spawn(async move { resume_unwind(Box::new(inner)) });
                error = Some(task.await.unwrap_err());
            }
            drop(error);
        });
    });
    dropped.unwrap().join().unwrap();
}

#[test]
fn a_callback_for_an_executor_that_is_closed_is_dropped_with_care() {
    let mut executor = executor();
    let promise = task_cell::promise::<()>();
    let asked = promise.clone();
    executor.run_until_complete(async move {
        let bomb = Bomb("in a callback");
        asked.add_done_callback(move |()| drop(bomb));
    });
    executor.close();
    let (kept, said) = reported(|| promise.set(()));
    assert_eq!(kept, Ok(()));
    assert_eq!(said, "a callback's destructor panicked: in a callback");
}

/// A value that counts its drops, and panics in each.
struct Counted {
    _inner: Option<JoinHandle<Counted>>,
    _on_drop: OnDrop<Box<dyn FnMut()>>,
}

#[test]
fn values_inside_values_are_dropped_each_once() {
    let count = Rc::new(Cell::new(0));
    let mut executor = executor();
    let mut last: Option<JoinHandle<Counted>> = None;
    for _ in 0..100 {
        let (_inner, ours) = (last.take(), Rc::clone(&count));
        let _on_drop: OnDrop<Box<dyn FnMut()>> = OnDrop(Box::new(move || {
            ours.set(ours.get() + 1);
            panic!("each of them");
        }));
        let value = Counted { _inner, _on_drop };
        last = Some(executor.spawn(async move { value }));
    }
    while last.as_ref().is_some_and(|last| !last.is_finished()) {
        executor.run_until_complete(yield_now());
    }
    let ((), said) = reported(|| drop(last));
    assert_eq!(count.get(), 100);
    assert_eq!(said.matches("each of them").count(), 100);
}

/// On its drop it spawns its like.
struct Endless(Rc<Cell<u32>>);

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        let next = Endless(Rc::clone(&self.0));
        keep(spawn(async move {
            let _next = next;
            pending::<()>().await;
        }));
    }
}

fn endless() -> (Executor<ThreadPark>, Rc<Cell<u32>>) {
    let dropped = Rc::new(Cell::new(0));
    let (executor, held) = (executor(), Endless(Rc::clone(&dropped)));
    drop(executor.spawn(async move {
        let _held = held;
        pending::<()>().await;
    }));
    (executor, dropped)
}

const NO_END: &str = "closing has no end: a Drop spawns its like";

#[test]
fn closing_without_an_end_panics_if_it_was_asked_for_and_reports_if_it_was_not() {
    let (mut executor, dropped) = endless();
    let words = panic_of(|| executor.close());
    assert_eq!(words, NO_END);
    assert!(dropped.get() > 100, "it has tried");
    assert_eq!(executor.close(), [], "once more does nothing");
    let (mut executor, _) = endless();
    let log = Log::default();
    let ours = log.clone();
    executor.set_panic_hook(move |report| ours.say(report.to_string()));
    drop(executor);
    let wanted = format!("closing panicked: {NO_END}");
    assert_eq!(log.all(), wanted);
}

#[test]
fn closing_on_unwind_never_aborts() {
    for asked in [false, true] {
        let (executor, _) = endless();
        let mut executor = Some(executor);
        let unwinds = || {
            // It goes with the others here, or a destructor asks for it.
            let (mut dropped, mut closed) = match asked {
                false => (executor.take(), None),
                true => (None, executor.take()),
            };
            let _close = OnDrop(move || {
                drop(dropped.take());
                closed.take().map(|mut closed| closed.close().len());
            });
            panic!("the first");
        };
        let (caught, said) = reported(|| catch_unwind(AssertUnwindSafe(unwinds)));
        let first = caught.unwrap_err();
        assert_eq!(wakers::panic_message(&*first), Some("the first"));
        assert_eq!(said, format!("closing panicked: {NO_END}"));
    }
}

/// A way to wait that cannot be entered any more.
struct Refuses(ThreadPark, Rc<Cell<bool>>);

impl Park for Refuses {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.0.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.0.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        assert!(!self.1.get(), "no more");
    }

    fn expects_wake(&self) -> bool {
        true
    }
}

#[test]
fn layers_that_panic_while_an_executor_is_dropped_on_unwind_do_not_abort() {
    let refuses = Rc::new(Cell::new(false));
    let executor = Executor::new(Refuses(ThreadPark::new(), Rc::clone(&refuses)));
    refuses.set(true);
    let unwinds = || {
        let _executor = executor;
        panic!("the first");
    };
    let (caught, said) = reported(|| catch_unwind(AssertUnwindSafe(unwinds)));
    let first = caught.unwrap_err();
    assert_eq!(wakers::panic_message(&*first), Some("the first"));
    assert_eq!(said, "closing panicked: no more");
}

/// A waker that panics when it is dropped for good.
struct LastWords(Bomb);

impl Wake for LastWords {
    fn wake(self: Arc<LastWords>) {
        let LastWords(_bomb) = &*self;
    }
}

#[test]
fn a_joiners_waker_whose_drop_panics_may_go_with_its_handle_on_unwind() {
    let mut executor = executor();
    let mut task = executor.spawn(pending::<()>());
    let waker = Waker::from(Arc::new(LastWords(Bomb("last words"))));
    let polled = Pin::new(&mut task).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    drop(waker);
    let unwinds = || {
        let _task = task;
        panic!("the first");
    };
    let (caught, said) = reported(|| catch_unwind(AssertUnwindSafe(unwinds)));
    let first = caught.unwrap_err();
    assert_eq!(wakers::panic_message(&*first), Some("the first"));
    assert_eq!(said, "a waker panicked: last words");
    executor.close();
}

#[test]
fn a_loop_inside_a_destructor_leaves_the_task_as_it_was() {
    let ended = Rc::new(Cell::new(false));
    let ours = Rc::clone(&ended);
    let held = OnDrop(move || {
        // No loop blocks this thread while an executor closes.
        assert_eq!(executor().run_until_complete(async { 7 }), 7);
        // It panics where no task is running.
        let mut resumed = Cancelled::resume();
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut resumed).poll(&mut context).is_pending());
        ours.set(true);
    });
    let mut outer = executor();
    drop(outer.spawn(async move {
        let _held = held;
        pending::<()>().await;
    }));
    outer.run_until_complete(yield_now());
    outer.close();
    assert!(ended.get());
}
