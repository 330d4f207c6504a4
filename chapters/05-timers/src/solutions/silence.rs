//! Chapter 5, exercise 3: a radio that is switched off after three seconds of silence.
//!
//! clock: virtual

use std::future::pending;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use timers::{block_on, call_at, now, timeout};
use trace::say;

const LIMIT: Duration = Duration::from_secs(3);

// ANCHOR: main
async fn listen(messages: &[u64]) {
    let mut radio = timeout(LIMIT, pending::<()>());
    for &second in messages {
        let limit = radio.deadline();
        call_at(Time::from_secs(second), move || {
            say!("{} s  a message", now().as_secs());
            limit.move_to(now().saturating_add(LIMIT));
        });
    }
    let _elapsed = radio.await;
    say!("{} s  the radio is switched off", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), listen(&[1, 2, 4, 9]));
    Ok(())
}
// ANCHOR_END: main
