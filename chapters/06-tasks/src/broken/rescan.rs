//! A loop that looks through everybody who waits after each call, instead of hearing who was called.

use std::pin::Pin;
use std::task::{Context, Waker};

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::{Polls, counted, yield_now};
use trace::say;
use wakers::{Caller, phone};

type Task = Pin<Box<dyn Future<Output = Option<u32>>>>;

/// So many taxis that wait for a call, and who calls them; and how often they are polled.
fn taxis(count: u32) -> (Vec<Task>, Vec<Caller<u32>>, Vec<Polls>) {
    let (mut tasks, mut callers, mut polls) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let (caller, phone) = phone();
        let (task, polled) = counted(phone);
        tasks.push(Box::pin(task) as Task);
        callers.push(caller);
        polls.push(polled);
    }
    (tasks, callers, polls)
}

// ANCHOR: rescanned
fn rescanned(count: u32) -> u64 {
    let (mut waiting, callers, polls) = taxis(count);
    let mut look_through = || {
        let mut context = Context::from_waker(Waker::noop());
        waiting.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
    };
    look_through();
    for caller in callers {
        caller.say(7);
        look_through();
    }
    polls.iter().map(Polls::get).sum()
}

// ANCHOR_END: rescanned

// ANCHOR: woken
fn woken(count: u32) -> u64 {
    let (waiting, callers, polls) = taxis(count);
    tasks::run(Clock::virtual_time(), async {
        let handles: Vec<_> = waiting.into_iter().map(tasks::spawn).collect();
        for caller in callers {
            yield_now().await;
            caller.say(7);
        }
        for handle in handles {
            handle.await;
        }
    });
    polls.iter().map(Polls::get).sum()
}

// ANCHOR_END: woken

pub fn run(_: &Args) -> Result<(), BadInput> {
    for count in [10, 100, 1000] {
        let (rescanned, woken) = (rescanned(count), woken(count));
        say!("{count:4} taxis: looking through all {rescanned:6} polls, waking {woken:4}");
    }
    Ok(())
}
