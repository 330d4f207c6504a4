//! Two passengers phone before the driver looks again: two wakes make one poll.
//!
//! twin: none, a task in asyncio waits for one Future at a time, so it cannot be woken twice

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::thread;

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::{block_on, phone};

pub fn run(_: &Args) -> Result<(), BadInput> {
    // ANCHOR: both
    let (first, second) = (phone(), phone());
    let mut phones = [first.1, second.1];
    let mut callers = Some([first.0, second.0]);
    let mut streets = [None, None];
    let (both, polls) = counted(poll_fn(|context| {
        say!("driver: looks at both phones");
        for (phone, street) in phones.iter_mut().zip(&mut streets) {
            if let (None, Poll::Ready(said)) = (*street, Pin::new(phone).poll(context)) {
                *street = said;
            }
        }
        // Now the driver has left his number twice, and is not asleep yet.
        if let Some([first, second]) = callers.take() {
            let passengers = thread::spawn(|| {
                say!("passenger in Main Street: calls");
                first.say("Main Street");
                say!("passenger at the station: calls");
                second.say("the station");
            });
            passengers.join().expect("they only call");
        }
        match streets {
            [Some(first), Some(second)] => Poll::Ready([first, second]),
            _ => Poll::Pending,
        }
    }));
    // ANCHOR_END: both
    let [first, second] = block_on(both);
    say!("driver: to {first}, then to {second}");
    say!("polls: {}", polls.get());
    Ok(())
}
