//! What `block_on` asks of the layer that waits for it, and what it makes of the answers.
//!
//! twin: none, the loop of asyncio shows nothing of its waiting

use std::io;
use std::task::Waker;
use std::time::Duration;

use chapter::{Args, BadInput};
use polling::{counted, yield_now};
use trace::say;
use wakers::{Caller, Park, block_on_with, phone};

// ANCHOR: layer
/// A layer that tells what it is asked. Twice it has woken somebody else; then it has
/// the call.
struct Layer {
    caller: Option<Caller<&'static str>>,
    for_others: u32,
}

impl Park for Layer {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        match timeout {
            None => say!("layer: waits"),
            Some(Duration::ZERO) => say!("layer: only looks"),
            Some(limit) => say!("layer: waits for {limit:?}"),
        }
        if timeout.is_some() {
            return Ok(false);
        }
        if self.for_others > 0 {
            self.for_others -= 1;
            say!("layer: wakes somebody else");
        } else if let Some(caller) = self.caller.take() {
            caller.say("Main Street");
        }
        Ok(true)
    }
    // ANCHOR_END: layer

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        true
    }
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (caller, phone) = phone();
    let mut layer = Layer {
        caller: Some(caller),
        for_others: 2,
    };
    let (driver, polls) = counted(async {
        say!("driver: asks to be polled again");
        yield_now().await;
        say!("driver: waits for a call");
        phone.await
    });
    let street = block_on_with(&mut layer, driver);
    say!(
        "driver: to {}, after {} polls",
        street.unwrap_or("nowhere"),
        polls.get()
    );
    Ok(())
}
// ANCHOR_END: main
