//! What chapter 4 promises, at its public interface; and the contract of every future so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use polling::{LiftOff, counted, yield_now};
use wakers::{Park, ThreadPark, block_on, phone};
use workbook_tests::harness::{Contract, watchdog};

#[path = "wakers/at_clone.rs"]
mod at_clone;
mod block_on;
mod broken_futures;
#[path = "wakers/contained.rs"]
mod contained;
#[path = "wakers/current.rs"]
mod current;
#[path = "wakers/heard.rs"]
mod heard;
#[cfg(target_os = "linux")]
mod idle;
#[cfg(target_os = "linux")]
mod system_calls;
#[path = "wakers/waiters.rs"]
mod waiters;

#[test]
fn yield_now_keeps_the_contract() {
    Contract::new(|| (yield_now(), || ()))
        .gives(())
        .check_send();
}

#[test]
fn lift_off_keeps_the_contract() {
    Contract::new(|| (LiftOff::new(3), || ()))
        .gives("lift-off")
        .check_send();
}

#[test]
fn a_counted_future_keeps_the_contract() {
    Contract::new(|| {
        let (caller, phone) = phone();
        (counted(phone).0, move || caller.say(7))
    })
    .gives(Some(7))
    .check();
}

#[test]
fn a_phone_keeps_the_contract() {
    Contract::new(|| {
        let (caller, phone) = phone();
        (phone, move || caller.say(7))
    })
    .gives(Some(7))
    .check_send();
}

#[test]
fn a_phone_whose_caller_hangs_up_keeps_the_contract() {
    Contract::new(|| {
        let (caller, phone) = phone::<u32>();
        (phone, move || drop(caller))
    })
    .gives(None)
    .check_send();
}

#[test]
fn a_caller_who_panics_has_hung_up() {
    let _watchdog = watchdog();
    let (caller, phone) = phone::<u32>();
    let thread = thread::spawn(move || {
        let _caller = caller;
        std::panic::resume_unwind(Box::new("no word"));
    });
    assert_eq!(block_on(phone), None);
    assert!(thread.join().is_err());
}

#[test]
fn what_is_said_to_nobody_is_dropped() {
    let word = Arc::new(());
    let (caller, phone) = phone();
    drop(phone);
    caller.say(Arc::clone(&word));
    assert_eq!(Arc::strong_count(&word), 1);
}

const LOOK: Option<Duration> = Some(Duration::ZERO);

/// A time that is not waited for where the code is right.
const LONG: Option<Duration> = Some(Duration::from_secs(60));

#[test]
fn a_zero_timeout_takes_the_token_and_nothing_else() {
    let mut park = ThreadPark::new();
    assert!(!park.park(LOOK).unwrap());
    park.unparker().wake();
    assert!(park.park(LOOK).unwrap());
    assert!(!park.park(LOOK).unwrap());
}

#[test]
fn a_call_before_the_park_ends_it_and_two_calls_end_one() {
    let _watchdog = watchdog();
    let mut park = ThreadPark::new();
    for timeout in [None, LONG, Some(Duration::MAX)] {
        park.unparker().wake();
        park.unparker().wake();
        assert!(park.park(timeout).unwrap());
        assert!(!park.park(LOOK).unwrap());
    }
}

#[test]
fn a_park_without_a_call_lasts_its_time() {
    let mut park = ThreadPark::new();
    let timeout = Duration::from_millis(3);
    let start = Instant::now();
    assert!(!park.park(Some(timeout)).unwrap());
    assert!(start.elapsed() >= timeout);
}

#[test]
fn a_call_from_another_thread_ends_the_longest_park() {
    let _watchdog = watchdog();
    for timeout in [None, Some(Duration::MAX), LONG] {
        let mut park = ThreadPark::new();
        let waker = park.unparker();
        let caller = thread::spawn(move || waker.wake());
        assert!(park.park(timeout).unwrap());
        caller.join().unwrap();
    }
}

#[test]
fn no_call_of_many_threads_is_lost() {
    let _watchdog = watchdog();
    const THREADS: u32 = 8;
    const CALLS: u32 = 2000;
    let mut park = ThreadPark::new();
    let said = Arc::new(AtomicU32::new(0));
    let callers: Vec<_> = (0..THREADS)
        .map(|_| {
            let (said, waker) = (Arc::clone(&said), park.unparker());
            thread::spawn(move || {
                for _ in 0..CALLS {
                    // What is said before a call is seen after the park that it ends.
                    said.fetch_add(1, Ordering::Relaxed);
                    waker.wake_by_ref();
                }
            })
        })
        .collect();
    while said.load(Ordering::Relaxed) < THREADS * CALLS {
        assert!(park.park(LONG).unwrap(), "a call was lost");
    }
    for caller in callers {
        caller.join().unwrap();
    }
}

#[test]
fn a_return_for_no_reason_is_not_a_call() {
    let _watchdog = watchdog();
    let mut park = ThreadPark::new();
    // std's token, which anybody on this thread may leave.
    thread::current().unpark();
    assert!(!park.park(Some(Duration::from_millis(1))).unwrap());

    let (waker, sleeper) = (park.unparker(), thread::current());
    let called = Arc::new(AtomicBool::new(false));
    let calls = Arc::clone(&called);
    let caller = thread::spawn(move || {
        for _ in 0..1000 {
            sleeper.unpark();
        }
        calls.store(true, Ordering::Relaxed);
        waker.wake();
    });
    assert!(park.park(None).unwrap());
    assert!(called.load(Ordering::Relaxed), "nobody had called");
    caller.join().unwrap();
}

#[test]
fn who_takes_the_threads_own_token_takes_nothing_from_us() {
    let _watchdog = watchdog();
    let mut park = ThreadPark::new();
    park.unparker().wake();
    // std's token is there now, and this takes it.
    thread::park();
    assert!(park.park(LONG).unwrap());
}

#[test]
fn the_number_of_a_thread_that_is_gone_may_be_called() {
    let waker = thread::spawn(|| ThreadPark::new().unparker())
        .join()
        .unwrap();
    waker.wake_by_ref();
    waker.wake();
}

#[test]
fn a_thread_alone_expects_no_call() {
    assert!(!ThreadPark::new().expects_wake());
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
