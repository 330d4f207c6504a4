//! A waker that polls its task at once, on the thread that woke it: the task wanders, and a wake during a poll is lost.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use chapter::{Args, BadInput};
use polling::yield_now;
use trace::say;
use wakers::phone;

// ANCHOR: waker
struct PollAtOnce {
    future: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Wake for PollAtOnce {
    fn wake(self: Arc<PollAtOnce>) {
        let mut future = match self.future.try_lock() {
            Ok(future) => future,
            Err(TryLockError::Poisoned(future)) => PoisonError::into_inner(future),
            Err(TryLockError::WouldBlock) => {
                return say!("(woken in its own poll: lost)");
            }
        };
        let waker = Waker::from(Arc::clone(&self));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        say!(
            "(the poll was {})",
            if polled == Poll::Pending {
                "pending"
            } else {
                "ready"
            }
        );
    }
}

// ANCHOR_END: waker

fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let (caller, phone) = phone();
    let taxi = async move {
        say!("taxi: waits, on thread {}", here());
        let address = phone.await.unwrap_or("nowhere");
        say!("taxi: drives to {address}, on thread {}", here());
        yield_now().await;
        say!("this line is never reached");
    };
    let future = Mutex::new(Box::pin(taxi) as Pin<Box<_>>);
    Arc::new(PollAtOnce { future }).wake();
    let telephone = thread::Builder::new().name("telephone".into());
    let ringing = telephone.spawn(move || caller.say("Main Street"));
    let rang = ringing.map(thread::JoinHandle::join);
    say!("the telephone is done: {}", matches!(rang, Ok(Ok(_))));
    Ok(())
}
// ANCHOR_END: main
