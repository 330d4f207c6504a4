//! Chapter 4, by me.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

pub struct Flag {
    up: AtomicBool,
}

impl Flag {
    pub fn new() -> Arc<Flag> {
        let up = AtomicBool::new(false);
        Arc::new(Flag { up })
    }

    /// Takes it down; whether it was up.
    pub fn take(&self) -> bool {
        self.up.swap(false, Ordering::Acquire)
    }
}

impl Wake for Flag {
    fn wake(self: Arc<Flag>) {
        self.up.store(true, Ordering::Release);
    }
}

/// What both ends of a telephone share.
struct Line<T> {
    said: Option<T>,
    /// Of whoever has polled last.
    waker: Option<Waker>,
}

pub struct Caller<T> {
    line: Arc<Mutex<Line<T>>>,
}

pub struct Phone<T> {
    line: Arc<Mutex<Line<T>>>,
}

pub fn phone<T>() -> (Caller<T>, Phone<T>) {
    let (said, waker) = (None, None);
    let line = Arc::new(Mutex::new(Line { said, waker }));
    let caller = Caller {
        line: Arc::clone(&line),
    };
    (caller, Phone { line })
}

impl<T> Caller<T> {
    pub fn say(self, what: T) {
        let waker = {
            let mut line = self.line.lock().unwrap();
            line.said = Some(what);
            line.waker.take()
        };
        // Somebody else's code: nothing is locked any more.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Phone<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut line = self.line.lock().unwrap();
        match line.said.take() {
            Some(what) => Poll::Ready(what),
            None => {
                line.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
