//! Chapter 16, by me.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use crate::tasks::{Runtime, run};
use crate::threads::{Handle, handle};
use crate::wakers::{Caller, Phone, phone};

/// A loop in a thread of its own.
pub struct Core {
    handle: Handle,
    /// Ends the loop; `None` once it was told, and once it was waited for.
    end: Option<Caller<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Core {
    pub fn start() -> Core {
        let (tell, told) = mpsc::channel();
        let (end, ended) = phone();
        let thread = thread::spawn(move || {
            run(async move |runtime: Runtime| {
                let _told = tell.send(handle(&runtime.executor));
                ended.await
            })
        });
        Core {
            handle: told.recv().unwrap(),
            end: Some(end),
            thread: Some(thread),
        }
    }

    pub fn spawn<F>(&self, make: impl FnOnce() -> F + Send + 'static) -> Phone<F::Output>
    where
        F: Future + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(make)
    }

    /// Tells the loop to be over.
    fn stop(&mut self) {
        if let Some(end) = self.end.take() {
            end.say(());
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // It may have panicked: it is over as well.
            let _ended = thread.join();
        }
    }
}

/// So many loops.
pub struct Cores {
    cores: Vec<Core>,
    /// Whose turn it is: this, modulo their count.
    next: AtomicUsize,
}

impl Cores {
    pub fn new(count: usize) -> Cores {
        Cores {
            cores: (0..count).map(|_| Core::start()).collect(),
            next: AtomicUsize::new(0),
        }
    }

    pub fn spawn_on<F>(
        &self,
        core: usize,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Phone<F::Output>
    where
        F: Future + 'static,
        F::Output: Send + 'static,
    {
        self.cores[core].spawn(make)
    }

    pub fn spawn<F>(&self, make: impl FnOnce() -> F + Send + 'static) -> Phone<F::Output>
    where
        F: Future + 'static,
        F::Output: Send + 'static,
    {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.spawn_on(turn % self.cores.len(), make)
    }
}
