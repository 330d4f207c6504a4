//! Chapter 16, by me.

use std::future::pending;
use std::sync::mpsc;
use std::thread;

use crate::tasks::{Runtime, run};
use crate::threads::{Handle, handle};
use crate::wakers::Phone;

/// A loop in a thread of its own.
pub struct Core {
    handle: Handle,
}

impl Core {
    pub fn start() -> Core {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            run(async move |runtime: Runtime| {
                let _told = tell.send(handle(&runtime.executor));
                pending::<()>().await
            })
        });
        Core {
            handle: told.recv().unwrap(),
        }
    }

    pub fn spawn<F>(&self, make: impl FnOnce() -> F + Send + 'static) -> Phone<F::Output>
    where
        F: Future + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(make)
    }
}
