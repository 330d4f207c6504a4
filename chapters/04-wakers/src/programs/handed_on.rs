//! A phone that is handed on from one driver to the next: the call goes to the one who has it now.
//!
//! twin: none, a Future in asyncio calls back everybody who has asked it to

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use chapter::{Args, BadInput};
use trace::say;
use wakers::phone;

#[derive(Default)]
struct Driver {
    woken: AtomicBool,
}

impl Wake for Driver {
    fn wake(self: Arc<Driver>) {
        self.woken.store(true, Ordering::Release);
    }
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let drivers = [("A", Arc::new(Driver::default())), ("B", Arc::default())];
    let (caller, mut phone) = phone();
    for (name, driver) in &drivers {
        let waker = Waker::from(Arc::clone(driver));
        let heard = Pin::new(&mut phone).poll(&mut Context::from_waker(&waker));
        say!("driver {name} has the phone, and looks: {heard:?}");
    }
    say!("passenger: calls");
    caller.say("Main Street");
    for (name, driver) in &drivers {
        let woken = driver.woken.load(Ordering::Acquire);
        say!("driver {name} is woken: {woken}");
    }
    Ok(())
}
// ANCHOR_END: main
