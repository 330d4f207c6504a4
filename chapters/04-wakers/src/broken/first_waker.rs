//! A phone that keeps the first number it is given: the driver who has it now is never called.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: phone
#[derive(Default)]
struct FaithfulPhone {
    said: Option<&'static str>,
    waker: Option<Waker>,
}

impl Future for FaithfulPhone {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        if let Some(what) = self.said {
            return Poll::Ready(what);
        }
        // "I have a number already."
        self.waker.get_or_insert_with(|| context.waker().clone());
        Poll::Pending
    }
}

impl FaithfulPhone {
    fn say(&mut self, what: &'static str) {
        self.said = Some(what);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}
// ANCHOR_END: phone

// ANCHOR: main
#[derive(Default)]
struct Driver {
    woken: AtomicBool,
}

impl Wake for Driver {
    fn wake(self: Arc<Driver>) {
        self.woken.store(true, Ordering::Release);
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let drivers = [("A", Arc::new(Driver::default())), ("B", Arc::default())];
    let mut phone = FaithfulPhone::default();
    for (name, driver) in &drivers {
        let waker = Waker::from(Arc::clone(driver));
        let heard = Pin::new(&mut phone).poll(&mut Context::from_waker(&waker));
        say!("driver {name} has the phone, and looks: {heard:?}");
    }
    say!("passenger: calls");
    phone.say("Main Street");
    for (name, driver) in &drivers {
        say!(
            "driver {name} is woken: {}",
            driver.woken.load(Ordering::Acquire)
        );
    }
    Ok(())
}
// ANCHOR_END: main
