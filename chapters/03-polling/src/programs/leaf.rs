//! A chain of awaits: only the innermost future stops, and each poll goes straight down to it.
//!
//! rows: P15
//! twin: same

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: chain
async fn night() -> &'static str {
    say!("  night: begins");
    let fare = trip().await;
    say!("  night: the fare was {fare}");
    "home"
}

async fn trip() -> u32 {
    say!("    trip: begins");
    Passenger { minutes: 2 }.await;
    say!("    trip: ends");
    12
}
// ANCHOR_END: chain

// ANCHOR: leaf
struct Passenger {
    minutes: u32,
}

impl Future for Passenger {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.minutes == 0 {
            say!("      passenger: Ready");
            return Poll::Ready(());
        }
        self.minutes -= 1;
        say!("      passenger: Pending");
        Poll::Pending
    }
}
// ANCHOR_END: leaf

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());
    let mut night = pin!(night());
    for poll in 1.. {
        say!("poll {poll}");
        if let Poll::Ready(end) = night.as_mut().poll(&mut context) {
            say!("the night is over: {end}");
            break;
        }
    }
    Ok(())
}
// ANCHOR_END: main
