//! Ten wakes before a poll make one poll.
//!
//! twin: none, asyncio hands out no wakers

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::{counted, yield_now};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    tasks::run(Clock::virtual_time(), async {
        let bell: Rc<RefCell<Option<Waker>>> = Rc::default();
        let ours = Rc::clone(&bell);
        // Leaves its waker, and never ends.
        let (sleepy, polls) = counted(poll_fn(move |context| {
            ours.replace(Some(context.waker().clone()));
            Poll::<()>::Pending
        }));
        let task = tasks::spawn(sleepy);
        yield_now().await;
        say!("spawned:         {} poll", polls.get());
        let waker = bell.take().expect("it was polled");
        for _ in 0..10 {
            waker.wake_by_ref();
        }
        say!("woken ten times: {} poll", polls.get());
        yield_now().await;
        say!("a turn later:    {} polls", polls.get());
        drop(task);
    });
    Ok(())
}
// ANCHOR_END: main
