//! A flag in a `Cell`: a waker may be used on any thread, so what it wakes must be safe to share.

use std::cell::Cell;
use std::sync::Arc;
use std::task::{Wake, Waker};

pub struct Flag {
    up: Cell<bool>,
}

impl Wake for Flag {
    fn wake(self: Arc<Flag>) {
        self.up.set(true);
    }
}

pub fn waker(flag: Arc<Flag>) -> Waker {
    Waker::from(flag)
}
