//! The contract harness finds what is wrong: one future with every fault, one at a time.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use workbook_tests::harness::Contract;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    KeepsTheFirstWaker,
    IgnoresTheWaker,
    LeavesNoWaker,
    TakesAnyPollForACall,
    KeepsEveryWaker,
    LeaksItsWaker,
    WakesInsideABorrow,
    DropsAWakerInsideABorrow,
    ForgetsAnEarlyCall,
}

#[derive(Default)]
struct Line {
    said: bool,
    wakers: Vec<Waker>,
    polls: u32,
}

struct Sloppy {
    line: Rc<RefCell<Line>>,
    fault: Fault,
}

impl Future for Sloppy {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        let waker = context.waker().clone();
        let mut line = self.line.borrow_mut();
        line.polls += 1;
        let trusts = self.fault == Fault::TakesAnyPollForACall && line.polls > 1;
        if line.said || trusts {
            return Poll::Ready(7);
        }
        let mut older = Vec::new();
        match self.fault {
            Fault::KeepsTheFirstWaker if !line.wakers.is_empty() => {}
            Fault::IgnoresTheWaker => waker.wake(),
            Fault::LeavesNoWaker => {}
            Fault::KeepsEveryWaker => line.wakers.push(waker),
            _ => older = std::mem::replace(&mut line.wakers, vec![waker]),
        }
        if self.fault == Fault::DropsAWakerInsideABorrow {
            older.clear();
        }
        drop(line);
        drop(older);
        Poll::Pending
    }
}

impl Drop for Sloppy {
    fn drop(&mut self) {
        if self.fault != Fault::LeaksItsWaker {
            let wakers = std::mem::take(&mut self.line.borrow_mut().wakers);
            drop(wakers);
        }
    }
}

fn complete(line: &RefCell<Line>, fault: Fault) {
    let mut line = line.borrow_mut();
    line.said = fault != Fault::ForgetsAnEarlyCall || !line.wakers.is_empty();
    let wakers = std::mem::take(&mut line.wakers);
    let _borrow = (fault == Fault::WakesInsideABorrow).then_some(line);
    for waker in wakers {
        waker.wake();
    }
}

fn check(fault: Fault) {
    Contract::new(move || {
        let line = Rc::new(RefCell::new(Line::default()));
        let other_end = Rc::clone(&line);
        (Sloppy { line, fault }, move || complete(&other_end, fault))
    })
    .gives(7)
    .check();
}

#[test]
fn without_a_fault_it_keeps_the_contract() {
    check(Fault::Nothing);
}

#[test]
#[should_panic(expected = "its newest waker was not woken")]
fn keeping_the_first_waker_is_found() {
    check(Fault::KeepsTheFirstWaker);
}

#[test]
#[should_panic(expected = "it asks to be polled again for ever")]
fn ignoring_the_waker_is_found() {
    check(Fault::IgnoresTheWaker);
}

#[test]
#[should_panic(expected = "polled once: it was completed, and its newest waker was not")]
fn leaving_no_waker_is_found() {
    check(Fault::LeavesNoWaker);
}

#[test]
#[should_panic(expected = "a spurious poll made it ready")]
fn taking_any_poll_for_a_call_is_found() {
    check(Fault::TakesAnyPollForACall);
}

#[test]
#[should_panic(expected = "spurious polls pile up wakers")]
fn keeping_every_waker_is_found() {
    check(Fault::KeepsEveryWaker);
}

#[test]
#[should_panic(expected = "dropped half-way: 1 wakers are still held")]
fn leaking_a_waker_is_found() {
    check(Fault::LeaksItsWaker);
}

#[test]
#[should_panic(expected = "already borrowed")]
fn waking_inside_a_borrow_is_found() {
    check(Fault::WakesInsideABorrow);
}

#[test]
#[should_panic(expected = "already borrowed")]
fn dropping_a_waker_inside_a_borrow_is_found() {
    check(Fault::DropsAWakerInsideABorrow);
}

#[test]
#[should_panic(expected = "it waits for what has happened")]
fn forgetting_an_early_call_is_found() {
    check(Fault::ForgetsAnEarlyCall);
}

#[test]
#[should_panic(expected = "`make` must give a future that is not ready yet")]
fn a_future_that_does_not_wait_is_refused() {
    Contract::new(|| (async {}, || ())).check();
}

#[test]
#[should_panic(expected = "polled once: it gave something else")]
fn another_output_is_found() {
    Contract::new(|| (polling::yield_now(), || ())).check();
    Contract::new(|| (polling::LiftOff::new(1), || ()))
        .gives("landed")
        .check();
}

const GAP: Duration = Duration::from_millis(20);

/// Looks, and leaves its number after a while: what one lock for both would rule out.
struct Hasty {
    said: Arc<Mutex<bool>>,
    waker: Arc<Mutex<Option<Waker>>>,
    polled: bool,
}

impl Future for Hasty {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if *self.said.lock().unwrap() {
            return Poll::Ready(());
        }
        // The gap, once: as wide as it takes until somebody calls, if anybody does.
        let gap = Instant::now();
        while !self.polled && gap.elapsed() < GAP && !*self.said.lock().unwrap() {
            thread::yield_now();
        }
        self.polled = true;
        let older = self.waker.lock().unwrap().replace(context.waker().clone());
        drop(older);
        Poll::Pending
    }
}

impl Drop for Hasty {
    fn drop(&mut self) {
        let waker = self.waker.lock().unwrap().take();
        drop(waker);
    }
}

#[test]
#[should_panic(expected = "completed on another thread: the call was lost")]
fn looking_before_leaving_the_waker_is_found() {
    Contract::new(|| {
        let (said, waker) = (Arc::default(), Arc::default());
        let hasty = Hasty {
            said: Arc::clone(&said),
            waker: Arc::clone(&waker),
            polled: false,
        };
        (hasty, move || {
            *said.lock().unwrap() = true;
            let waker = waker.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        })
    })
    .check_send();
}
