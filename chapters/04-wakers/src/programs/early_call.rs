//! A call that came before we lay down is not lost: it left a token, and two leave one.
//!
//! twin: none, asyncio's loop does not let us see it lie down; its token is a byte in a pair of sockets

use std::time::Duration;

use chapter::{Args, BadInput};
use trace::say;
use wakers::{Park, ThreadPark};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut park = ThreadPark::new();
    let number = park.unparker();
    let mut sleep = |seconds| {
        let timeout = Some(Duration::from_secs(seconds));
        if park.park(timeout).expect("a thread can always sleep") {
            "awake, there was a call"
        } else {
            "no call"
        }
    };

    say!("look, without sleeping: {}", sleep(0));
    number.wake_by_ref();
    say!("called, then asleep for at most an hour: {}", sleep(3600));
    say!("look again: {}", sleep(0));
    number.wake_by_ref();
    number.wake_by_ref();
    say!("called twice, then asleep: {}", sleep(3600));
    say!("look again: {}", sleep(0));
    Ok(())
}
// ANCHOR_END: main
