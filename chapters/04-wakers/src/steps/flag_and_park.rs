//! A whole `block_on`: a flag, and std's `thread::park`, which has a token of its own.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::phone;

// ANCHOR: block_on
struct Flag {
    up: AtomicBool,
    driver: Thread,
}

impl Wake for Flag {
    fn wake(self: Arc<Flag>) {
        self.up.store(true, Ordering::Release);
        self.driver.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let flag = Arc::new(Flag {
        up: AtomicBool::new(false),
        driver: thread::current(),
    });
    let waker = Waker::from(Arc::clone(&flag));
    let mut future = pin!(future);
    loop {
        let mut context = Context::from_waker(&waker);
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !flag.up.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}
// ANCHOR_END: block_on

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (caller, phone) = phone();
    let (phone, polls) = counted(phone);
    let mut caller = Some(caller);
    let mut phone = pin!(phone);
    let street = block_on(std::future::poll_fn(|context| {
        let heard = phone.as_mut().poll(context);
        // The passenger dials after the first look.
        if let Some(caller) = caller.take() {
            thread::spawn(|| caller.say("Main Street"));
        }
        heard
    }));
    say!("{}: {} polls", street.unwrap_or("nowhere"), polls.get());
    Ok(())
}
// ANCHOR_END: main
