//! Chapter 4, by me.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

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
