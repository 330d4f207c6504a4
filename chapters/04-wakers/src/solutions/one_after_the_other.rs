//! Chapter 4, exercise 2: the second passenger phones when the first has been heard, so there are two polls with a call.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::{block_on, phone};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (first, second) = (phone(), phone());
    let mut phones = [first.1, second.1];
    let mut callers = vec![("the station", second.0), ("Main Street", first.0)];
    let mut streets = [None, None];
    let (both, polls) = counted(poll_fn(|context| {
        say!("driver: looks at both phones");
        for (phone, street) in phones.iter_mut().zip(&mut streets) {
            if let (None, Poll::Ready(said)) = (*street, Pin::new(phone).poll(context)) {
                *street = said;
            }
        }
        if let Some((street, caller)) = callers.pop() {
            say!("passenger: calls from {street}");
            caller.say(street);
        }
        match streets {
            [Some(first), Some(second)] => Poll::Ready([first, second]),
            _ => Poll::Pending,
        }
    }));
    let [first, second] = block_on(both);
    say!("driver: to {first}, then to {second}");
    say!("polls: {}", polls.get());
    Ok(())
}
// ANCHOR_END: main
