//! A gate that keeps one waker. Two taxis wait; the second one's waker takes the place of the first one's.
//!
//! exit: 101

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn_named;
use timers::{now, sleep};
use trace::say;

// ANCHOR: gate
#[derive(Default)]
struct Gate {
    open: Cell<bool>,
    waiter: RefCell<Option<Waker>>,
}

async fn pass(taxi: char, gate: Rc<Gate>) {
    poll_fn(|cx| {
        if gate.open.get() {
            return Poll::Ready(());
        }
        gate.waiter.replace(Some(cx.waker().clone()));
        Poll::Pending
    })
    .await;
    say!("{} s  {taxi} is through", now().as_secs());
}

fn open(gate: &Gate) {
    gate.open.set(true);
    if let Some(waker) = gate.waiter.take() {
        waker.wake();
    }
}
// ANCHOR_END: gate

pub fn run(_: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::virtual_time(), async {
        let gate = Rc::new(Gate::default());
        let a = spawn_named("taxi A", pass('A', Rc::clone(&gate)));
        let b = spawn_named("taxi B", pass('B', Rc::clone(&gate)));
        sleep(Duration::from_secs(2)).await;
        say!("{} s  the gate opens", now().as_secs());
        open(&gate);
        let _through = (a.await, b.await);
    });
    Ok(())
}
