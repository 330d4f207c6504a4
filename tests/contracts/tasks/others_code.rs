//! Foreign code runs in the middle of ours: never while we hold a borrow or a lock, and it may unwind.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::catch_unwind;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use polling::yield_now;
use tasks::{JoinHandle, call_soon, promise, spawn};
use timers::sleep;
use wakers::panic_message;

use crate::misuse::panic_of;
use crate::{Log, executor, run};

const SECOND: Duration = Duration::from_secs(1);

/// Does something when it is dropped.
pub(crate) struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// On its drop: spawns, calls, keeps a promise, and drops a handle.
pub(crate) fn busy_drop(log: &Log) -> OnDrop<impl FnMut() + use<>> {
    let log = log.clone();
    let handle = RefCell::new(None);
    OnDrop(move || {
        let (task, call) = (log.clone(), log.clone());
        let spawned = spawn(async move { task.say("spawned by a drop") });
        handle.replace(Some(spawned));
        drop(handle.take());
        call_soon(move || call.say("called by a drop"));
        log.say("dropped");
    })
}

#[test]
fn a_task_may_spawn_wake_and_drop_handles_when_it_ends() {
    run(async {
        let log = Log::default();
        let at_end = busy_drop(&log);
        spawn(async move {
            let _at_end = at_end;
            yield_now().await;
        })
        .await;
        yield_now().await;
        assert_eq!(log.all(), "dropped, spawned by a drop, called by a drop");
    });
}

#[test]
fn a_tasks_future_is_gone_before_anybody_hears_of_its_end() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let held = OnDrop(move || ours.say("future dropped"));
        let ours = log.clone();
        let mut result = Some(Nosy(Rc::new(move || ours.say("result cloned"))));
        // What a closure holds is dropped with it, and not when it returns.
        let task = spawn(poll_fn(move |_| {
            let _held = &held;
            Poll::Ready(result.take().unwrap())
        }));
        // Each callback has a clone, which is made at the end.
        task.add_done_callback(|_| ());
        let _result = task.await;
        assert_eq!(log.all(), "future dropped, result cloned");
    });
}

#[test]
fn a_task_may_do_so_when_the_executor_closes() {
    let log = Log::default();
    let mut executor = executor();
    let in_callback = busy_drop(&log);
    executor.call_soon(move || drop(in_callback));
    for _ in 0..3 {
        let left = busy_drop(&log);
        let _task = executor.spawn(async move {
            let _left = left;
            // A sleep needs its layer when it is dropped.
            sleep(SECOND).await;
        });
    }
    executor.run_until_complete(yield_now());
    log.all();
    let never_called = busy_drop(&log);
    executor.call_soon(move || drop(never_called));
    assert_eq!(executor.close().len(), 3);
    // What a drop spawns then is dropped too, and never runs.
    assert_eq!(log.all(), "dropped, dropped, dropped, dropped");
}

/// Spawns its like when it is dropped.
struct Hydra;

impl Drop for Hydra {
    fn drop(&mut self) {
        let another = Hydra;
        keep(spawn(async move {
            let _kept = another;
        }));
    }
}

/// Keeps what refers to a future that is never dropped, where LeakSanitizer finds it.
pub(crate) fn keep<T: 'static>(value: T) {
    static KEPT: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    let kept = Box::into_raw(Box::new(value)).expose_provenance();
    KEPT.lock().unwrap().push(kept);
}

#[test]
fn a_drop_that_spawns_its_like_ends_the_close_with_a_panic_and_no_hang() {
    let mut executor = executor();
    let hydra = Hydra;
    let _head = executor.spawn(async move {
        let _kept = hydra;
    });
    let words = panic_of(|| executor.close());
    assert!(words.ends_with("a Drop spawns its like"), "{words}");
}

#[test]
fn an_executor_may_be_dropped_inside_a_task_of_another() {
    let log = Log::default();
    let mut inner = executor();
    let left = busy_drop(&log);
    let _task = inner.spawn(async move {
        let _left = left;
        sleep(SECOND).await;
    });
    inner.run_until_complete(yield_now());
    run(async {
        let task = spawn(async move {
            drop(inner);
            // Here we are at home again.
            spawn(async { timers::now().as_secs() }).await
        });
        sleep(SECOND).await;
        assert_eq!(task.await, 0);
    });
    assert_eq!(
        log.all(),
        "dropped",
        "what it spawned belonged to the inner one"
    );
}

#[test]
fn a_callback_that_panics_does_not_end_the_run() {
    let mut executor = executor();
    executor.call_soon(|| std::panic::panic_any("a flat tyre"));
    let called = Rc::new(Cell::new(false));
    let ours = Rc::clone(&called);
    executor.call_soon(move || ours.set(true));
    executor.run_until_complete(yield_now());
    assert!(called.get());
}

/// A result whose clone does what it likes.
struct Nosy(Rc<dyn Fn()>);

impl Clone for Nosy {
    fn clone(&self) -> Nosy {
        (self.0)();
        Nosy(Rc::clone(&self.0))
    }
}

#[test]
fn a_results_clone_may_ask_and_spawn() {
    run(async {
        let log = Log::default();
        let kept = promise::<Nosy>();
        // The promise will hold what asks it: a circle, which is cut at the end.
        let circle = Rc::new(RefCell::new(Some(kept.clone())));
        let (asks, ours) = (Rc::clone(&circle), log.clone());
        let nosy = Nosy(Rc::new(move || {
            let asked = asks.borrow().clone().unwrap();
            ours.say(format!("kept: {}", asked.is_set()));
            asked.add_done_callback(|_| ());
            drop(spawn(async {}));
        }));
        let task = spawn(async move { nosy });
        task.add_done_callback(|_| ());
        let nosy = task.await;
        let waits = kept.clone();
        let waiter = spawn(async move { drop(waits.await) });
        yield_now().await;
        assert!(kept.set(nosy).is_ok());
        waiter.await;
        assert_eq!(log.all(), "kept: false, kept: true");
        drop(circle.take());
    });
}

#[test]
fn a_results_clone_may_ask_its_own_ending_task_for_one_more_callback() {
    run(async {
        let log = Log::default();
        let own = Rc::new(RefCell::new(None::<JoinHandle<Nosy>>));
        let (asks, ours) = (Rc::clone(&own), log.clone());
        let once = Cell::new(true);
        let nosy = Nosy(Rc::new(move || {
            if once.take() {
                let second = ours.clone();
                let own = asks.borrow();
                let task = own.as_ref().expect("it was put there");
                task.add_done_callback(move |_| second.say("the one that was asked for"));
            }
        }));
        let task = spawn(async move { nosy });
        let first = log.clone();
        task.add_done_callback(move |_| first.say("the first"));
        *own.borrow_mut() = Some(task);
        yield_now().await;
        yield_now().await;
        assert_eq!(log.all(), "the first, the one that was asked for");
        drop(own.take());
    });
}

/// A root of somebody's own making, whose destructor panics.
struct Fragile(Option<&'static str>);

impl Future for Fragile {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        match self.0 {
            Some(output) => Poll::Ready(output),
            None => panic!("in its poll"),
        }
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        panic!("in its destructor");
    }
}

#[test]
fn the_roots_destructor_may_panic_however_the_run_ends() {
    assert_eq!(run(Fragile(Some("home"))), "home");
    let thrown = catch_unwind(|| run(Fragile(None))).unwrap_err();
    assert_eq!(panic_message(&*thrown), Some("in its poll"));
    // Never polled.
    let nested = || run(async { run(Fragile(Some("home"))) });
    let thrown = catch_unwind(nested).unwrap_err();
    let message = panic_message(&*thrown).unwrap();
    assert!(message.contains("a loop inside a loop"), "{message}");
}
