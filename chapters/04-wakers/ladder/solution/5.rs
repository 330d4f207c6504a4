//! Chapter 4, by me.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

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

    /// Whether it is up; it stays so.
    fn is_up(&self) -> bool {
        self.up.load(Ordering::Acquire)
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

pub trait Park {
    /// Sleeps until it is unparked, or until `timeout` has passed; `None` is without limit, and zero only looks.
    /// Whether it was unparked.
    fn park(&mut self, timeout: Option<Duration>) -> bool;

    /// A waker that unparks it, from any thread. If nobody is in bed, the next park returns at once.
    fn unparker(&self) -> Waker;
}

pub struct ThreadPark {
    token: Arc<Token>,
}

impl ThreadPark {
    pub fn new() -> ThreadPark {
        ThreadPark {
            token: Token::new(),
        }
    }
}

impl Park for ThreadPark {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        // What no clock can name is as good as never.
        let deadline = timeout.and_then(|it| Instant::now().checked_add(it));
        while !self.token.flag.take() {
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            thread::park_timeout(left);
        }
        true
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.token))
    }
}

/// Behind the waker of a future that is driven on any bed.
struct Root {
    flag: Arc<Flag>,
    unparker: Waker,
}

impl Wake for Root {
    fn wake(self: Arc<Root>) {
        Arc::clone(&self.flag).wake();
        self.unparker.wake_by_ref();
    }
}

pub fn block_on_with<P: Park, F: Future>(park: &mut P, future: F) -> F::Output {
    let root = Arc::new(Root {
        flag: Flag::new(),
        unparker: park.unparker(),
    });
    // The first poll needs no call.
    Arc::clone(&root.flag).wake();
    let waker = Waker::from(Arc::clone(&root));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if root.flag.take()
            && let Poll::Ready(output) = future.as_mut().poll(&mut context)
        {
            return output;
        }
        park.park(root.flag.is_up().then_some(Duration::ZERO));
    }
}
