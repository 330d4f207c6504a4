//! A phone that takes every poll after the first for a call: with a second phone beside it, it is polled without one.
//!
//! exit: 101

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use trace::say;
use wakers::{Phone, block_on, phone};

// ANCHOR: phone
/// "I am polled again, so somebody has called."
struct TrustingPhone {
    phone: Phone<&'static str>,
    polled: bool,
}

impl Future for TrustingPhone {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        match Pin::new(&mut self.phone).poll(context) {
            Poll::Ready(street) => Poll::Ready(street.unwrap_or("nowhere")),
            Poll::Pending if self.polled => panic!("I was woken, and nobody has called"),
            Poll::Pending => {
                self.polled = true;
                Poll::Pending
            }
        }
    }
}
// ANCHOR_END: phone

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (_passenger, taxi) = phone();
    let (office, mut orders) = phone();
    let mut taxi = pin!(TrustingPhone {
        phone: taxi,
        polled: false,
    });
    let mut office = Some(office);
    block_on(poll_fn(|context| {
        say!("driver: looks at both phones");
        if let Poll::Ready(street) = taxi.as_mut().poll(context) {
            return Poll::Ready(street);
        }
        if let Poll::Ready(order) = Pin::new(&mut orders).poll(context) {
            return Poll::Ready(order.unwrap_or("nothing"));
        }
        if let Some(office) = office.take() {
            say!("office: calls the other phone");
            office.say("come home");
        }
        Poll::Pending
    }));
    Ok(())
}
// ANCHOR_END: main
