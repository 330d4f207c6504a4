//! Chapter 14, by me.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};
use std::thread;

use crate::wakers::{Phone, phone};

/// Awaiting it gives what the work returned, or what it panicked with.
pub struct Job<T>(Phone<thread::Result<T>>);

impl<T> Future for Job<T> {
    type Output = thread::Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

/// The work, with a call at its end; and who hears of it.
fn job<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> (impl FnOnce() + Send + 'static, Job<T>) {
    let (caller, phone) = phone();
    let work = move || caller.say(panic::catch_unwind(AssertUnwindSafe(work)));
    (work, Job(phone))
}

pub fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Job<T> {
    let (work, job) = job(work);
    thread::spawn(work);
    job
}

type Work = Box<dyn FnOnce() + Send>;

/// Threads that take work from one queue. Clones are the same pool.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    most: usize,
    state: Mutex<State>,
    /// Told when there is work.
    news: Condvar,
}

struct State {
    queue: VecDeque<Work>,
    threads: usize,
    /// How many of them wait for work.
    idle: usize,
}

impl Pool {
    pub fn new(most: usize) -> Pool {
        Pool(Arc::new(Shared {
            most,
            state: Mutex::new(State {
                queue: VecDeque::new(),
                threads: 0,
                idle: 0,
            }),
            news: Condvar::new(),
        }))
    }

    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Job<T> {
        let (work, job) = job(work);
        let mut state = self.0.state.lock().unwrap();
        state.queue.push_back(Box::new(work));
        if state.queue.len() > state.idle && state.threads < self.0.most {
            state.threads += 1;
            let shared = self.0.clone();
            thread::spawn(move || shared.serve());
        }
        drop(state);
        self.0.news.notify_one();
        job
    }
}

impl Shared {
    fn serve(&self) {
        while let Some(work) = self.next() {
            work();
        }
    }

    /// The oldest work, once there is some.
    fn next(&self) -> Option<Work> {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(work) = state.queue.pop_front() {
                return Some(work);
            }
            state.idle += 1;
            state = self.news.wait(state).unwrap();
            state.idle -= 1;
        }
    }
}
