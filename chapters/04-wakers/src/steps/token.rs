//! A bed with a token: the call that came too early is found by whoever lies down.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: bed
/// A bed, a bell, and on the bedside table a token that says "somebody has rung".
#[derive(Default)]
struct Bed {
    token: Mutex<bool>,
    bell: Condvar,
}

impl Bed {
    fn ring(&self) {
        *self.token.lock().unwrap() = true;
        self.bell.notify_one();
    }

    /// Sleeps until there is a token, and takes it.
    fn lie_down(&self) {
        let token = self.token.lock().unwrap();
        let mut token = self.bell.wait_while(token, |token| !*token).unwrap();
        *token = false;
    }
}
// ANCHOR_END: bed

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let bed = Arc::new(Bed::default());
    say!("driver: has anybody called? no");
    let passenger = thread::spawn({
        let bed = Arc::clone(&bed);
        move || {
            say!("passenger: calls, and the bell rings");
            bed.ring();
        }
    });
    passenger.join().expect("the passenger only calls");
    say!("driver: lies down");
    bed.lie_down();
    say!("driver: is up again at once, since there was a token");
    Ok(())
}
// ANCHOR_END: main
