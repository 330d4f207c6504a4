//! `run`, and Ctrl-C.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use event_loop::Clock;
use processes::{Interrupted, SIGINT, raise};
use task_cell::{Cancelled, catch_cancel, spawn};

use crate::alone;

/// What happened, in order.
type Log = Rc<RefCell<Vec<&'static str>>>;

/// Says so when it is dropped.
struct Dropped(Log, &'static str);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.borrow_mut().push(self.1);
    }
}

#[track_caller]
fn interrupted<F>(future: F) -> Result<F::Output, Interrupted>
where
    F: Future<Output: 'static> + 'static,
{
    let _alone = alone();
    processes::run(Clock::real(), future).unwrap()
}

#[test]
fn what_nobody_interrupts_ends_as_it_does() {
    assert_eq!(interrupted(async { 7 }), Ok(7));
}

#[test]
fn ctrl_c_cancels_the_future_and_waits_for_its_clean_up() {
    let log = Log::default();
    let told = Rc::clone(&log);
    let ended = interrupted(async move {
        raise(SIGINT).unwrap();
        let caught = catch_cancel(pending::<()>()).await;
        told.borrow_mut().push("asked");
        polling::yield_now().await;
        told.borrow_mut().push("cleaned up");
        match caught {
            Ok(()) => {}
            Err(Cancelled) => Cancelled::resume().await,
        }
    });
    assert_eq!(ended, Err(Interrupted));
    assert_eq!(*log.borrow(), ["asked", "cleaned up"]);
}

#[test]
fn a_future_that_has_a_value_all_the_same_has_the_last_word() {
    let ended = interrupted(async {
        raise(SIGINT).unwrap();
        catch_cancel(pending::<()>()).await
    });
    assert_eq!(ended, Ok(Err(Cancelled)));
}

#[test]
fn tasks_that_are_left_are_cancelled_after_it() {
    let log = Log::default();
    let (one, two) = (Rc::clone(&log), Rc::clone(&log));
    let ended = interrupted(async move {
        let _left = spawn(async move {
            let _caught = catch_cancel(pending::<()>()).await;
            polling::yield_now().await;
            one.borrow_mut().push("the task has cleaned up");
        });
        let _told = Dropped(two, "the future is dropped");
        polling::yield_now().await;
        raise(SIGINT).unwrap();
        pending::<()>().await
    });
    assert_eq!(ended, Err(Interrupted));
    let log = log.borrow();
    assert_eq!(*log, ["the future is dropped", "the task has cleaned up"]);
}

#[test]
fn a_second_one_waits_for_nobody() {
    let log = Log::default();
    let (one, two) = (Rc::clone(&log), Rc::clone(&log));
    let ended = interrupted(async move {
        let _left = spawn(async move {
            let _told = Dropped(two, "the task is dropped");
            pending::<()>().await
        });
        let _told = Dropped(one, "the future is dropped");
        polling::yield_now().await;
        raise(SIGINT).unwrap();
        let _caught = catch_cancel(pending::<()>()).await;
        raise(SIGINT).unwrap();
        pending::<()>().await
    });
    assert_eq!(ended, Err(Interrupted));
    let mut log = log.borrow().clone();
    log.sort_unstable();
    assert_eq!(log, ["the future is dropped", "the task is dropped"]);
}

#[test]
fn one_that_comes_while_the_rest_is_ended_waits_for_nobody_and_keeps_the_value() {
    let ended = interrupted(async {
        let _stubborn = spawn(async {
            let _caught = catch_cancel(pending::<()>()).await;
            raise(SIGINT).unwrap();
            pending::<()>().await
        });
        polling::yield_now().await;
        7
    });
    assert_eq!(ended, Ok(7));
}

#[test]
#[should_panic(expected = "no fuel")]
fn a_panic_is_its_own() {
    let _ended = interrupted(async { panic!("no fuel") });
}

#[test]
#[should_panic(expected = "the future was cancelled: no result")]
fn whoever_is_cancelled_by_somebody_else_was_not_interrupted() {
    let _ended = interrupted(async {
        let own = task_cell::tasks()
            .into_iter()
            .find(|task| task.name == "main");
        own.unwrap().cancel();
        pending::<()>().await
    });
}

#[test]
fn the_key_does_again_what_it_did() {
    // If the first run had kept the handler, the second would never hear.
    for _ in 0..2 {
        let ended = interrupted(async {
            raise(SIGINT).unwrap();
            pending::<()>().await
        });
        assert_eq!(ended, Err(Interrupted));
    }
}
