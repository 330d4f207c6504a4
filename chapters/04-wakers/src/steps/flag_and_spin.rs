//! The first `block_on`: a flag that the caller raises, and a thread that looks at it all the time.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::phone;

// ANCHOR: flag
struct Flag {
    up: AtomicBool,
}

impl Wake for Flag {
    fn wake(self: Arc<Flag>) {
        self.up.store(true, Ordering::Release);
    }
}
// ANCHOR_END: flag

// ANCHOR: block_on
fn block_on<F: Future>(future: F, mut each_look: impl FnMut(u32)) -> (F::Output, u32) {
    // The first poll needs no call.
    let up = AtomicBool::new(true);
    let flag = Arc::new(Flag { up });
    let waker = Waker::from(Arc::clone(&flag));
    let mut future = pin!(future);
    let mut looks = 0;
    loop {
        looks += 1;
        each_look(looks);
        // Looking takes the flag down, before the poll.
        if flag.up.swap(false, Ordering::Acquire) {
            let mut context = Context::from_waker(&waker);
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return (output, looks);
            }
        }
    }
}
// ANCHOR_END: block_on

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (caller, phone) = phone();
    let (phone, polls) = counted(phone);
    let mut caller = Some(caller);
    let (street, looks) = block_on(phone, |looks| {
        if looks == 1000
            && let Some(caller) = caller.take()
        {
            caller.say("Main Street");
        }
    });
    say!("{}: {} polls", street.unwrap_or("nowhere"), polls.get());
    say!("{looks} looks at the flag");
    Ok(())
}
// ANCHOR_END: main
