//! Foreign code that panics where nobody can be told: destructors, and clones of a result.

use std::cell::Cell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, JoinError, spawn};
use timers::Timers;
use wakers::ThreadPark;

use crate::Log;
use crate::cancelling::run;
use crate::others_code::OnDrop;

fn executor() -> Executor<Timers<ThreadPark>> {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

#[test]
fn an_output_whose_destructor_panics_ends_in_its_turn() {
    run(async {
        let held = OnDrop(|| panic!("in a destructor"));
        drop(spawn(async move { held }));
        yield_now().await;
        assert_eq!(task_cell::tasks().len(), 1);
    });
}

#[test]
fn a_destructor_that_panics_at_the_close_keeps_nobody_else_from_being_dropped() {
    let dropped = Rc::new(Cell::new(0));
    let mut executor = executor();
    for _ in 0..3 {
        let ours = Rc::clone(&dropped);
        let held = OnDrop(move || {
            ours.set(ours.get() + 1);
            panic!("in a destructor");
        });
        drop(executor.spawn(async move {
            let _held = held;
            pending::<()>().await;
        }));
    }
    executor.run_until_complete(yield_now());
    assert_eq!(executor.close().len(), 3);
    assert_eq!(dropped.get(), 3);
}

/// Panics when it is dropped, and so does what it panics with.
struct Grenade(Arc<AtomicUsize>, bool);

impl Drop for Grenade {
    fn drop(&mut self) {
        let Grenade(dropped, ends) = self;
        dropped.fetch_add(1, Ordering::Relaxed);
        match ends {
            // What needs no memory: it is kept for ever.
            true => panic_any(()),
            false => panic_any(Grenade(Arc::clone(dropped), true)),
        }
    }
}

#[test]
fn a_destructor_may_panic_with_what_panics_when_it_is_dropped() {
    let dropped: Arc<AtomicUsize> = Arc::default();
    let held = Grenade(Arc::clone(&dropped), false);
    let cancelled = async {
        let task = spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        yield_now().await;
        task.cancel();
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    };
    // Whoever runs the tests must not get a grenade.
    catch_unwind(AssertUnwindSafe(|| run(cancelled)))
        .map_err(std::mem::forget)
        .expect("the panic ends in the task's turn");
    assert_eq!(dropped.load(Ordering::Relaxed), 2);
}

#[test]
fn a_callback_whose_destructor_panics_at_the_close_keeps_nobody_else_from_being_dropped()
{
    let dropped: Arc<AtomicUsize> = Arc::default();
    let grenade = || {
        let held = Grenade(Arc::clone(&dropped), true);
        move || drop(held)
    };
    let mut executor = executor();
    // In the queue, by mail, and by mail which the close has sent itself.
    executor.call_soon(grenade());
    let handle = executor.handle();
    handle.call_soon(grenade()).unwrap();
    let last = Cell::new(Some((grenade(), grenade())));
    let at_close = OnDrop(move || {
        let (one, other) = last.take().expect("it is dropped once");
        handle.call_soon(one).unwrap();
        handle.call_soon(other).unwrap();
    });
    drop(executor.spawn(async move { drop(at_close) }));
    assert_eq!(executor.close().len(), 1);
    assert_eq!(dropped.load(Ordering::Relaxed), 4);
}

/// A value whose first clone panics.
#[derive(Debug)]
struct Shy(Rc<Cell<u32>>);

impl Clone for Shy {
    fn clone(&self) -> Shy {
        self.0.set(self.0.get() + 1);
        assert!(self.0.get() > 1, "a clone that panics");
        Shy(Rc::clone(&self.0))
    }
}

#[test]
fn a_result_whose_clone_panics_is_lost_to_one_callback_alone() {
    run(async {
        let log = Log::default();
        let task = spawn(async { Shy(Rc::default()) });
        for name in ["first", "second"] {
            let ours = log.clone();
            task.add_done_callback(move |_| ours.say(name));
        }
        assert_eq!(task.await.unwrap().0.get(), 2);
        assert_eq!(log.all(), "second");
    });
}
