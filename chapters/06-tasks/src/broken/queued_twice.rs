//! A waker that does not look whether its task is in the queue already: ten wakes, ten polls.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use chapter::{Args, BadInput};
use polling::counted;
use trace::say;
use wakers::phone;

// ANCHOR: waker
#[derive(Default)]
struct Push {
    ready: Mutex<VecDeque<&'static str>>,
}

impl Wake for Push {
    fn wake(self: Arc<Push>) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.push_back("taxi A");
    }
}

// ANCHOR_END: waker

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let push = Arc::new(Push::default());
    let waker = Waker::from(Arc::clone(&push));
    let (_caller, phone) = phone::<()>();
    let (taxi, polls) = counted(phone);
    let mut taxi = pin!(taxi);
    // Ten lights go on, and each wakes the taxi. The telephone has not rung.
    for _ in 0..10 {
        waker.wake_by_ref();
    }
    let ready = std::mem::take(
        &mut *push.ready.lock().unwrap_or_else(PoisonError::into_inner),
    );
    say!("in the queue: {} times taxi A", ready.len());
    for _name in ready {
        let poll = taxi.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(matches!(poll, Poll::Pending));
    }
    say!("polled {} times; one poll would have told", polls.get());
    Ok(())
}
// ANCHOR_END: main
