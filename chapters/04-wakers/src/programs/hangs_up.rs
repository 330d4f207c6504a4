//! The passenger goes away without a word: whoever waits hears of it.
//!
//! twin: own, a Future in asyncio does not know that nobody is left to set it; a time limit ends the wait

use std::thread;

use chapter::{Args, BadInput};
use trace::say;
use wakers::{block_on, phone};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    block_on(async {
        let (caller, phone) = phone::<&str>();
        let passenger = thread::spawn(|| {
            // Is dropped here, unused.
            let _caller = caller;
        });
        match phone.await {
            Some(street) => say!("driver: on my way to {street}"),
            None => say!("driver: whoever it was has hung up"),
        }
        passenger.join().expect("the passenger only hangs up");
    });
    Ok(())
}
// ANCHOR_END: main
