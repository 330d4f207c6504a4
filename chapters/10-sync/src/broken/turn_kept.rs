//! A lock that hands its turn to a waiter, who is then cancelled: the turn is gone, and nobody else ever gets it.
//!
//! exit: 101

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn_named;
use timers::{now, sleep};
use trace::say;
use wakers::{WaiterKey, Waiters};

// ANCHOR: take
/// `free` is false from the moment somebody is chosen: a newcomer cannot come between.
struct Pump {
    free: Cell<bool>,
    waiters: Waiters,
}

/// Somebody who wants the pump.
struct Take<'a> {
    pump: &'a Pump,
    key: WaiterKey,
}

impl Future for Take<'_> {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let (pump, new) = (self.pump, self.key == WaiterKey::default());
        if new && pump.free.replace(false) || !new && !pump.waiters.contains(&self.key) {
            return Poll::Ready(());
        }
        pump.waiters.register(&mut self.key, cx.waker());
        Poll::Pending
    }
}

impl Drop for Take<'_> {
    fn drop(&mut self) {
        self.pump.waiters.cancel(&mut self.key); // False: not on the list. Never mind.
    }
}
// ANCHOR_END: take

impl Pump {
    fn take(&self) -> Take<'_> {
        Take {
            pump: self,
            key: WaiterKey::default(),
        }
    }

    fn give_back(&self) {
        if !self.waiters.wake_one() {
            self.free.set(true);
        }
    }
}

async fn fill_up(taxi: char, pump: Rc<Pump>) {
    pump.take().await;
    say!("{} s  {taxi} has the pump", now().as_secs());
    pump.give_back();
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), async {
        let pump = Rc::new(Pump {
            free: Cell::new(true),
            waiters: Waiters::new(),
        });
        pump.take().await;
        let b = spawn_named("taxi B", fill_up('B', Rc::clone(&pump)));
        let c = spawn_named("taxi C", fill_up('C', Rc::clone(&pump)));
        sleep(Duration::from_secs(3)).await;
        say!("{} s  A goes: it is B's turn", now().as_secs());
        pump.give_back();
        say!("{} s  B is cancelled", now().as_secs());
        b.cancel();
        let _filled = c.await;
    });
    Ok(())
}
