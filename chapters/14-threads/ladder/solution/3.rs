//! Chapter 14, by me.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};
use std::thread;

use crate::wakers::{Phone, phone};

/// Awaiting it gives what the work returned, or what it panicked with.
pub struct Job<T> {
    phone: Phone<thread::Result<T>>,
    place: Place,
}

/// Where a piece of work waits: whoever takes it out of here first has it.
type Place = Arc<Mutex<Option<Work>>>;

type Work = Box<dyn FnOnce() + Send>;

/// The work, if nobody has taken it. The lock is free again when it returns.
fn take(place: &Place) -> Option<Work> {
    place.lock().unwrap().take()
}

impl<T> Job<T> {
    /// Takes the work back, if it has not begun; whether that was so.
    pub fn cancel(self) -> bool {
        take(&self.place).is_some()
    }
}

impl<T> Future for Job<T> {
    type Output = thread::Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.phone).poll(context)
    }
}

/// The work, with a call at its end; and who hears of it.
fn job<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> (Place, Job<T>) {
    let (caller, phone) = phone();
    let work = move || caller.say(panic::catch_unwind(AssertUnwindSafe(work)));
    let place: Place = Arc::new(Mutex::new(Some(Box::new(work))));
    let job = Job {
        phone,
        place: place.clone(),
    };
    (place, job)
}

pub fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Job<T> {
    let (place, job) = job(work);
    if let Some(work) = take(&place) {
        thread::spawn(work);
    }
    job
}

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
    queue: VecDeque<Place>,
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
        let (place, job) = job(work);
        let mut state = self.0.state.lock().unwrap();
        state.queue.push_back(place);
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
        while let Some(place) = self.next() {
            if let Some(work) = take(&place) {
                work();
            }
        }
    }

    /// The oldest work, once there is some.
    fn next(&self) -> Option<Place> {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(place) = state.queue.pop_front() {
                return Some(place);
            }
            state.idle += 1;
            state = self.news.wait(state).unwrap();
            state.idle -= 1;
        }
    }
}
