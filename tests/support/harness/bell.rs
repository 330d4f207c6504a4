//! A waker that counts, and may run foreign code.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

thread_local! {
    /// What a bell of [`Errand`] does: it may be code that no other thread may have.
    pub(super) static ERRAND: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// When a [`Bell`] runs the errand of its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    Never,
    OnRing,
    OnDrop,
}

/// A waker that counts.
#[derive(Debug)]
pub struct Bell {
    rings: AtomicUsize,
    errand: Errand,
}

impl Bell {
    /// A bell that has not rung.
    pub fn new() -> Arc<Bell> {
        Bell::with(Errand::Never)
    }

    pub(super) fn with(errand: Errand) -> Arc<Bell> {
        Arc::new(Bell {
            rings: AtomicUsize::new(0),
            errand,
        })
    }

    /// A waker that rings it.
    pub fn waker(self: &Arc<Bell>) -> Waker {
        Waker::from(Arc::clone(self))
    }

    /// How often it has rung since this was last asked.
    pub fn rings(&self) -> usize {
        self.rings.swap(0, Ordering::AcqRel)
    }

    /// How many wakers for it exist.
    pub fn clones(self: &Arc<Bell>) -> usize {
        Arc::strong_count(self) - 1
    }

    fn run_errand() {
        let errand = ERRAND.with(RefCell::take);
        if let Some(errand) = errand {
            errand();
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Bell>) {
        self.rings.fetch_add(1, Ordering::AcqRel);
        if self.errand == Errand::OnRing {
            Bell::run_errand();
        }
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        if self.errand == Errand::OnDrop {
            Bell::run_errand();
        }
    }
}

/// Fails if a waker for `bell` exists.
pub(super) fn assert_released(bell: &Arc<Bell>, when: &str) {
    let held = bell.clones();
    assert_eq!(held, 0, "{when}: {held} wakers are still held");
}
