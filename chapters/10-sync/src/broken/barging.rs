//! A lock that is for whoever asks first once it is free. Somebody who comes back at once is always the first.
//!
//! clock: virtual

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;
use wakers::{WaiterKey, Waiters};

// ANCHOR: pump
#[derive(Default)]
struct Pump {
    taken: Cell<bool>,
    waiters: Waiters,
}

impl Pump {
    async fn take(&self) {
        let mut key = WaiterKey::default();
        poll_fn(|cx| {
            if !self.taken.replace(true) {
                return Poll::Ready(());
            }
            self.waiters.register(&mut key, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn give_back(&self) {
        self.taken.set(false);
        self.waiters.wake_one();
    }
}
// ANCHOR_END: pump

async fn fill_up(taxi: char, times: u32, pump: Rc<Pump>) {
    for _ in 0..times {
        pump.take().await;
        say!("{:2} s  {taxi} has the pump", now().as_secs());
        sleep(Duration::from_secs(4)).await;
        pump.give_back();
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let pump = Rc::new(Pump::default());
        let a = spawn(fill_up('A', 4, Rc::clone(&pump)));
        let b = spawn(fill_up('B', 1, Rc::clone(&pump)));
        let _filled = (a.await, b.await);
    });
    Ok(())
}
