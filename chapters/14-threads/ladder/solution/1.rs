//! Chapter 14, by me.

use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
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
