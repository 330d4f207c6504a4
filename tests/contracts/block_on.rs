//! Driving one future: `block_on`, and how it uses what it is given to wait with.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use polling::{counted, lift_off, yield_now};
use wakers::{
    Caller, PanicReport, Park, block_on, block_on_with, panic_message, phone,
    set_panic_hook,
};
use workbook_tests::harness::{Bell, watchdog};

use crate::LOOK;

#[test]
fn a_future_that_wakes_itself_is_polled_until_it_is_ready() {
    let _watchdog = watchdog();
    let (future, polls) = counted(lift_off(1000));
    assert_eq!(block_on(future), "lift-off");
    assert_eq!(polls.get(), 1001);
}

#[test]
fn the_root_may_borrow_and_stay_on_its_thread() {
    let _watchdog = watchdog();
    let local = Rc::new(Cell::new(1));
    let text = String::from("Main Street");
    let length = block_on(async {
        let shared = Rc::clone(&local);
        yield_now().await;
        shared.set(2);
        text.len()
    });
    assert_eq!((length, local.get()), (11, 2));
}

#[test]
fn ten_wakes_before_a_poll_make_one_poll() {
    let _watchdog = watchdog();
    let mut polls = 0;
    block_on(poll_fn(|context| {
        polls += 1;
        for _ in 0..10 {
            context.waker().wake_by_ref();
        }
        if polls == 5 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }));
    assert_eq!(polls, 5);
}

#[test]
fn a_loop_inside_a_loop_panics_and_the_outer_one_goes_on() {
    let _watchdog = watchdog();
    let outer = block_on(async {
        yield_now().await;
        let inner = catch_unwind(|| block_on(lift_off(3)));
        yield_now().await;
        inner
    });
    let words = panic_message(&*outer.unwrap_err()).map(str::to_string);
    let words = words.unwrap_or_default();
    assert!(
        words.contains("a loop is running on this thread already"),
        "{words}"
    );
    assert!(
        words.contains("await the future instead, or spawn it"),
        "{words}"
    );
    // It is over, also if it ended by a panic.
    assert!(catch_unwind(|| block_on(async { panic!("a flat tyre") })).is_err());
    assert_eq!(block_on(lift_off(3)), "lift-off");
}

#[test]
fn a_poll_that_blocks_its_thread_loses_no_call() {
    let _watchdog = watchdog();
    let (caller, mut line) = phone();
    let mut caller = Some(caller);
    let said = block_on(poll_fn(|context| {
        let poll = Pin::new(&mut line).poll(context);
        if let Some(caller) = caller.take() {
            let (done, wait) = mpsc::channel();
            thread::spawn(move || {
                caller.say(7);
                done.send(()).unwrap();
            });
            // Parks this thread, perhaps with the token that the call has left.
            wait.recv().unwrap();
        }
        poll
    }));
    assert_eq!(said, Some(7));
}

#[test]
fn of_ten_thousand_calls_at_any_moment_none_is_lost() {
    let _watchdog = watchdog();
    const ROUNDS: u32 = 10_000;
    let (gives, callers) = mpsc::channel();
    let passenger = thread::spawn(move || {
        for (round, caller) in (0..).zip(callers) {
            let caller: Caller<u32> = caller;
            caller.say(round);
        }
    });
    for round in 0..ROUNDS {
        let (caller, phone) = phone();
        gives.send(caller).unwrap();
        assert_eq!(block_on(phone), Some(round));
    }
    drop(gives);
    passenger.join().unwrap();
}

#[test]
fn the_roots_waker_may_be_used_after_the_end_on_another_thread() {
    let _watchdog = watchdog();
    let kept = Rc::new(RefCell::new(None));
    block_on(poll_fn(|context| {
        *kept.borrow_mut() = Some(context.waker().clone());
        Poll::Ready(())
    }));
    let waker: Waker = kept.take().unwrap();
    let clone = waker.clone();
    thread::spawn(move || clone.wake()).join().unwrap();
    waker.wake();
    assert_eq!(block_on(lift_off(2)), "lift-off");
}

thread_local! {
    static CURRENT: Cell<u32> = const { Cell::new(0) };
}

struct Restore(u32);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// Wakes nobody for some parks, then as it is told.
struct Scripted {
    parks: Vec<Option<Duration>>,
    returns_for_nothing: usize,
    then: Box<dyn FnMut() -> io::Result<bool>>,
}

fn scripted(then: impl FnMut() -> io::Result<bool> + 'static) -> Scripted {
    Scripted {
        parks: Vec::new(),
        returns_for_nothing: 0,
        then: Box::new(then),
    }
}

impl Park for Scripted {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.parks.push(timeout);
        if self.parks.len() <= self.returns_for_nothing {
            return Ok(true);
        }
        (self.then)()
    }

    fn unparker(&self) -> Waker {
        Bell::new().waker()
    }

    fn enter(&self) -> impl Sized + 'static {
        Restore(CURRENT.replace(CURRENT.get() + 1))
    }

    fn expects_wake(&self) -> bool {
        true
    }
}

#[test]
fn a_park_that_ends_for_others_polls_nothing() {
    let _watchdog = watchdog();
    let (caller, phone) = phone();
    let (phone, polls) = counted(phone);
    let mut caller = Some(caller);
    let mut park = scripted(move || {
        if let Some(caller) = caller.take() {
            caller.say(7);
        }
        Ok(true)
    });
    park.returns_for_nothing = 5;
    assert_eq!(block_on_with(&mut park, phone), Some(7));
    assert_eq!(polls.get(), 2);
    assert_eq!(park.parks, [None; 6]);
}

#[test]
fn a_root_that_wakes_itself_lets_the_layers_look_without_waiting() {
    let _watchdog = watchdog();
    let mut park = scripted(|| Ok(false));
    block_on_with(&mut park, lift_off(3));
    assert_eq!(park.parks, [LOOK; 3]);
}

#[test]
#[should_panic(expected = "cannot wait: nobody is left who could call")]
fn a_park_that_cannot_wait_says_why() {
    let deadlock = io::ErrorKind::Deadlock;
    let error = move || io::Error::new(deadlock, "nobody is left who could call");
    block_on_with(&mut scripted(move || Err(error())), std::future::pending())
}

/// Notes what is current when it is dropped.
struct Witness(Rc<Cell<u32>>);

impl Drop for Witness {
    fn drop(&mut self) {
        self.0.set(CURRENT.get());
    }
}

#[test]
fn the_layers_are_current_inside_and_restored_after_a_panic() {
    let _watchdog = watchdog();
    let dropped_in = Rc::new(Cell::new(0));
    let witness = Witness(Rc::clone(&dropped_in));
    let mut park = scripted(|| Ok(true));
    let result = catch_unwind(AssertUnwindSafe(|| {
        block_on_with(&mut park, async {
            let _witness = witness;
            assert_eq!(CURRENT.get(), 1);
            block_on_with(&mut scripted(|| Ok(true)), async {
                assert_eq!(CURRENT.get(), 2);
            });
            assert_eq!(CURRENT.get(), 1);
            std::panic::resume_unwind(Box::new("flat tyre"));
        })
    }));
    assert!(result.is_err());
    assert_eq!(
        dropped_in.get(),
        1,
        "the future was dropped outside its layers"
    );
    assert_eq!(CURRENT.get(), 0);
    // A future that did not end is dropped inside, too.
    let witness = Witness(Rc::clone(&dropped_in));
    dropped_in.set(0);
    let mut park = scripted(|| Err(io::ErrorKind::Deadlock.into()));
    let result = catch_unwind(AssertUnwindSafe(|| {
        block_on_with(&mut park, async {
            let _witness = witness;
            std::future::pending::<()>().await;
        });
    }));
    assert!(result.is_err());
    assert_eq!(dropped_in.get(), 1);
    assert_eq!(CURRENT.get(), 0);
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in a destructor");
    }
}

#[test]
fn a_destructor_that_panics_takes_no_result_along() {
    let _watchdog = watchdog();
    let reports = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&reports);
    let _hook = set_panic_hook(Rc::new(move |report: &PanicReport<'_>| {
        list.borrow_mut().push(report.to_string());
    }));
    let holds_a_bomb = || {
        let bomb = Bomb;
        poll_fn(move |_| {
            let _kept = &bomb;
            Poll::Ready(7)
        })
    };
    assert_eq!(block_on(holds_a_bomb()), 7);
    assert_eq!(timers::block_on(Clock::virtual_time(), holds_a_bomb()), 7);
    let each = "a task's destructor panicked: in a destructor";
    assert_eq!(reports.take(), [each, each]);
}

#[test]
fn a_destructor_that_panics_on_unwind_does_not_abort() {
    let _watchdog = watchdog();
    let _hook = set_panic_hook(Rc::new(|_: &PanicReport<'_>| ()));
    let bomb = Bomb;
    let future = poll_fn(move |_| -> Poll<()> {
        let _kept = &bomb;
        panic!("a flat tyre")
    });
    let ended = catch_unwind(AssertUnwindSafe(|| block_on(future)));
    assert_eq!(panic_message(&*ended.unwrap_err()), Some("a flat tyre"));
}
