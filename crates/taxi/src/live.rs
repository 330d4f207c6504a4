//! A signal that prints the tree of tasks: for a program that seems to do nothing.
//!
//! Whoever waits for the signal must be no task: it would be among those that are printed, and among those that are left
//! at the end. So it is a future that the layer polls, after each wait in which it was woken.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use processes::{SIGUSR1, signal};

/// Prints the tree at each SIGUSR1.
pub(crate) struct LiveView {
    /// `None`: it could not listen.
    printing: Option<Pin<Box<dyn Future<Output = io::Result<Infallible>>>>>,
    woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

async fn print_at_each_signal() -> io::Result<Infallible> {
    let mut signals = signal(SIGUSR1)?;
    loop {
        signals.recv().await?;
        eprint!("{:#}", crate::tree());
    }
}

impl LiveView {
    /// It listens from the first look on.
    pub(crate) fn new() -> LiveView {
        LiveView {
            printing: Some(Box::pin(print_at_each_signal())),
            woken: Arc::new(Woken(AtomicBool::new(true))),
        }
    }

    /// Prints if the signal has come. The loop is running here, and nobody is being polled.
    pub(crate) fn look(&mut self) {
        if !self.woken.0.swap(false, Ordering::Acquire) {
            return;
        }
        let Some(printing) = &mut self.printing else {
            return;
        };
        let waker = Waker::from(Arc::clone(&self.woken));
        let _budget = polling::begin_poll();
        if let Poll::Ready(Err(error)) =
            printing.as_mut().poll(&mut Context::from_waker(&waker))
        {
            eprintln!("no live view: {error}");
            self.printing = None;
        }
    }
}
