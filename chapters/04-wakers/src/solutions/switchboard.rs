//! Chapter 4, exercise 3: the passenger phones the office, and the office phones the driver; three threads, two of them asleep.

use std::thread;

use chapter::{Args, BadInput};
use trace::say;
use wakers::{block_on, phone};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (to_office, office_phone) = phone();
    let (to_driver, driver_phone) = phone();
    let office = thread::spawn(|| {
        let street = block_on(office_phone).unwrap_or("nowhere");
        say!("office: somebody waits in {street}");
        to_driver.say(street);
    });
    let passenger = thread::spawn(|| {
        say!("passenger: a taxi to Main Street, please");
        to_office.say("Main Street");
    });
    let street = block_on(driver_phone).unwrap_or("nowhere");
    say!("driver: on my way to {street}");
    for thread in [office, passenger] {
        thread.join().expect("both only phone");
    }
    Ok(())
}
// ANCHOR_END: main
