//! A sleep that is made and not awaited: nothing would sleep. It is a warning; here, an error.
#![deny(unused_must_use)]

use std::time::Duration;

use timers::sleep;

pub async fn take_a_break() {
    sleep(Duration::from_secs(60));
}
