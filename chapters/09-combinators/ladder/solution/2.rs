//! Chapter 9, by me.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use crate::tasks::Ready;

/// Whoever awaits the children: the waker of the last poll.
struct Parent(Mutex<Waker>);

impl Parent {
    fn new() -> Arc<Parent> {
        Arc::new(Parent(Mutex::new(Waker::noop().clone())))
    }

    fn set(&self, waker: &Waker) {
        // Nothing is locked while a waker is cloned or dropped.
        let newest = waker.clone();
        let old = std::mem::replace(&mut *self.0.lock().unwrap(), newest);
        drop(old);
    }
}

impl Wake for Parent {
    fn wake(self: Arc<Parent>) {
        let told = Waker::noop().clone();
        let waker = std::mem::replace(&mut *self.0.lock().unwrap(), told);
        // Nothing is locked any more when it is called.
        waker.wake();
    }
}

pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let parent = Parent::new();
    let ready = Ready::new(Waker::from(parent.clone()));
    let child = |(id, future)| {
        let waker = ready.waker(id);
        // The first poll needs no call.
        waker.wake_by_ref();
        Some((Box::pin(future), waker))
    };
    let mut children: Vec<_> = (0..).zip(futures).map(child).collect();
    let mut values: Vec<_> = children.iter().map(|_| None).collect();
    let mut left = values.len();
    poll_fn(|context| {
        parent.set(context.waker());
        // Who is woken meanwhile waits for the next poll.
        for _ in 0..ready.len() {
            let Some(id) = ready.pop() else { break };
            let place = id as usize;
            let Some((future, waker)) = &mut children[place] else {
                continue;
            };
            let mut context = Context::from_waker(waker);
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                values[place] = Some(value);
                children[place] = None;
                left -= 1;
            }
        }
        match left {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    values.into_iter().flatten().collect()
}
