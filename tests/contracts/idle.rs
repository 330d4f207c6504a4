//! A thread that waits costs no processor time. Nothing that it prints would tell.

use std::fs;
use std::thread;
use std::time::Duration;

use wakers::{Park, ThreadPark};
use workbook_tests::harness::watchdog;

const WAIT: Duration = Duration::from_millis(200);

/// What this thread has had of a processor so far, if the kernel keeps count.
fn processor_time() -> Option<Duration> {
    let counts = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = counts.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

/// `wait` lasts for [`WAIT`]: whoever spins all the while takes most of that, or a fair share on a busy machine.
fn costs_nothing(wait: impl FnOnce()) {
    let _watchdog = watchdog();
    let Some(before) = processor_time() else {
        return eprintln!("skipped: this kernel does not count a thread's time");
    };
    wait();
    let cost = processor_time().expect("counted before") - before;
    assert!(cost < WAIT / 20, "{cost:?} of processor time in {WAIT:?}");
}

#[test]
fn a_wait_for_a_moment_is_a_sleep() {
    let mut park = ThreadPark::new();
    costs_nothing(|| assert!(!park.park(Some(WAIT)).unwrap()));
}

#[test]
fn a_wait_for_a_call_is_a_sleep() {
    let mut park = ThreadPark::new();
    let waker = park.unparker();
    let caller = thread::spawn(move || {
        thread::sleep(WAIT);
        waker.wake();
    });
    costs_nothing(|| assert!(park.park(None).unwrap()));
    caller.join().unwrap();
}
