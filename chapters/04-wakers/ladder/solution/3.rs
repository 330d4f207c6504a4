//! Chapter 4, by me.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

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

/// Behind the waker of a future that is driven on a thread.
struct Token {
    flag: Arc<Flag>,
    sleeper: Thread,
}

impl Token {
    fn new() -> Arc<Token> {
        Arc::new(Token {
            flag: Flag::new(),
            sleeper: thread::current(),
        })
    }
}

impl Wake for Token {
    fn wake(self: Arc<Token>) {
        Arc::clone(&self.flag).wake();
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let token = Token::new();
    let waker = Waker::from(Arc::clone(&token));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        while !token.flag.take() {
            thread::park();
        }
    }
}
