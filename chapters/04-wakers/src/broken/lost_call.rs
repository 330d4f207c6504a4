//! A bell is heard only by those who lie in bed: a call between the look and the bed is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: bed
#[derive(Default)]
struct Bed {
    rings: Mutex<u32>,
    bell: Condvar,
}

impl Bed {
    fn ring(&self) {
        *self.rings.lock().unwrap() += 1;
        self.bell.notify_one();
    }

    /// Sleeps until the bell rings next. False: it has not, for so long.
    fn lie_down(&self, limit: Duration) -> bool {
        let rings = self.rings.lock().unwrap();
        let before = *rings;
        let rings = self
            .bell
            .wait_timeout_while(rings, limit, |now| *now == before);
        !rings.unwrap().1.timed_out()
    }
}
// ANCHOR_END: bed

// ANCHOR: script
pub fn run(_: &Args) -> Result<(), BadInput> {
    let shared = Arc::new((AtomicBool::new(false), Bed::default()));
    let (flag, bed) = &*shared;
    let called = flag.load(Ordering::Acquire);
    say!("driver: has anybody called? {called}");
    let passenger = thread::spawn({
        let shared = Arc::clone(&shared);
        move || {
            say!("passenger: calls, and the bell rings");
            shared.0.store(true, Ordering::Release);
            shared.1.ring();
        }
    });
    passenger.join().expect("the passenger only calls");
    say!("driver: lies down");
    if bed.lie_down(Duration::from_millis(100)) {
        say!("driver: is up again");
    } else {
        let called = flag.load(Ordering::Acquire);
        say!("driver: sleeps on. Has anybody called? {called}");
    }
    Ok(())
}
// ANCHOR_END: script
