//! A driver sleeps until a passenger phones.
//!
//! twin: same

use std::thread;

use chapter::{Args, BadInput};
use trace::say;
use wakers::{block_on, phone};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    block_on(async {
        let (caller, phone) = phone();
        say!("driver: nobody has called, so I sleep");
        let passenger = thread::spawn(|| {
            say!("passenger: a taxi to Main Street, please");
            caller.say("Main Street");
        });
        let street = phone.await;
        say!("driver: on my way to {}", street.unwrap_or("nowhere"));
        passenger.join().expect("the passenger only phones");
    });
    Ok(())
}
// ANCHOR_END: main
