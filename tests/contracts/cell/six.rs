//! Chapter 8 behind chapter 6's interface: a handle gives the plain value. So chapter 6's contracts run on both.

use std::pin::Pin;
use std::task::{Context, Poll};

use event_loop::Clock;
use task_cell::JoinError;
use wakers::Park;

pub use task_cell::{Promise, Unfinished, call_soon, promise, stop};

pub struct Executor<P: Park>(task_cell::Executor<P>);

#[must_use]
pub struct JoinHandle<T>(task_cell::JoinHandle<T>);

/// A task that was dropped has no plain value: chapter 6 panics then.
fn plain<T>(result: Result<T, JoinError>) -> T {
    result.unwrap_or_else(|error| panic!("dropped before its end: {error}"))
}

#[track_caller]
pub fn run<F: IntoFuture>(clock: Clock, future: F) -> F::Output {
    task_cell::run(clock, future)
}

#[track_caller]
pub fn run_with<P: Park, F: IntoFuture>(park: P, future: F) -> F::Output {
    task_cell::run_with(park, future)
}

#[track_caller]
pub fn spawn<F: Future<Output: 'static> + 'static>(future: F) -> JoinHandle<F::Output> {
    JoinHandle(task_cell::spawn(future))
}

impl<P: Park> Executor<P> {
    pub fn new(park: P) -> Executor<P> {
        Executor(task_cell::Executor::new(park))
    }
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        JoinHandle(self.0.spawn(future))
    }
    #[track_caller]
    pub fn call_soon(&self, callback: impl FnOnce() + 'static) {
        self.0.call_soon(callback);
    }
    #[track_caller]
    pub fn run_until_complete<F: IntoFuture>(&mut self, future: F) -> F::Output {
        self.0.run_until_complete(future)
    }
    #[track_caller]
    pub fn run_forever(&mut self) {
        self.0.run_forever();
    }
    #[track_caller]
    pub fn close(&mut self) -> Vec<Unfinished> {
        self.0.close()
    }
}

impl<T: 'static> JoinHandle<T> {
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
    pub fn id(&self) -> u64 {
        self.0.id()
    }
    pub fn result(&self) -> Option<&T> {
        self.0.result()?.ok()
    }
    #[track_caller]
    pub fn add_done_callback(&self, callback: impl FnOnce(&T) + 'static)
    where
        T: Clone,
    {
        self.0
            .add_done_callback(|result| callback(result.as_ref().unwrap()));
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = T;
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(context).map(plain)
    }
}

impl<T: std::fmt::Debug + 'static> std::fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
