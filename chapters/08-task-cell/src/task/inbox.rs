//! What other threads send to a runtime.

use std::ptr::NonNull;
use std::sync::PoisonError;
use std::task::Waker;

use wakers::{Callback, discard};

use super::{Header, local, remote};
use crate::core::Core;
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

// ANCHOR: mail
/// What comes to a runtime from outside.
pub(crate) enum Mail {
    /// Queue this task; the reference is now the runtime's.
    Wake(Posted),
    /// The reference is now the runtime's, which has no use for it.
    Drop(Posted),
    /// Call this in a turn of its own.
    Call(Box<dyn FnOnce() + Send>),
    /// The same, from the runtime's own thread, between two runs.
    LocalCall(LocalCall),
}
// ANCHOR_END: mail

/// A callback that does not leave its thread.
pub(crate) struct LocalCall(pub(super) Callback);

// SAFETY: only `TaskRef::call_soon` makes one, with a reference to a task, which is `!Send`: so on the runtime's thread.
// The loop takes it out of the inbox, or `close` does, on that same thread. A refused one goes back to its sender.
unsafe impl Send for LocalCall {}

// ANCHOR: posted
/// A counted reference on its way to its runtime.
pub(crate) struct Posted(pub(super) NonNull<Header>);
// ANCHOR_END: posted

// SAFETY: a `Posted` is moved to the runtime's thread, where it is a reference like any other. On the way, nobody reads
// what it points to: the sender has given it away, and a `Mail` that is refused goes back to the sender, which touches
// the atomic count and nothing that belongs to the runtime.
unsafe impl Send for Posted {}

// ANCHOR: inbox
/// Where mail lies until the loop takes it.
pub(crate) struct Inbox {
    /// `None` once the runtime is closed.
    mail: Mutex<Option<Vec<Mail>>>,
    /// Whether there is any, so that a round without mail takes no lock.
    flag: AtomicBool,
    unparker: Waker,
    pub(crate) traced: trace::Inbox,
}
// ANCHOR_END: inbox

impl Inbox {
    pub(crate) fn new(unparker: Waker) -> Inbox {
        Inbox {
            mail: Mutex::new(Some(Vec::new())),
            flag: AtomicBool::new(false),
            unparker,
            traced: trace::Inbox::new(),
        }
    }

    /// Only code of this file runs under this lock, so a poisoned one is in order.
    fn lock(&self) -> MutexGuard<'_, Option<Vec<Mail>>> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: send
    /// Sends `mail` and ends the loop's wait.
    ///
    /// # Errors
    ///
    /// If the runtime is closed: the mail comes back.
    pub(crate) fn send(&self, mail: Mail) -> Result<(), Mail> {
        let mut lock = self.lock();
        let Some(all) = &mut *lock else {
            self.traced.returned();
            return Err(mail);
        };
        self.traced.mailed();
        all.push(mail);
        drop(lock);
        self.flag.store(true, Ordering::Release);
        // Foreign code: the lock is open again.
        self.unparker.wake_by_ref();
        Ok(())
    }
    // ANCHOR_END: send

    /// Whether a look is worth it. A mail that this misses has called the unparker since, or will.
    pub(crate) fn has_mail(&self) -> bool {
        self.flag.load(Ordering::Acquire)
    }

    /// Does what the mail says, in the order in which it came: queues tasks and callbacks, and counts references. Runs
    /// no foreign code.
    pub(crate) fn read(&self, core: &Core) {
        if !self.has_mail() {
            return;
        }
        assert!(local::is_current(core.number), "mail is read locally");
        // Clear before locking: a later sender sets it again.
        self.flag.store(false, Ordering::Relaxed);
        // An empty list goes in for the full one, which is the empty one then: so both keep their memory.
        let take = |all: &mut Vec<Mail>| std::mem::replace(all, core.mail.take());
        let mut mail = self.lock().as_mut().map(take).unwrap_or_default();
        for mail in mail.drain(..) {
            self.traced.read();
            match mail {
                // SAFETY: a posted reference is counted, and its sender has given it away; its runtime is running here.
                Mail::Wake(posted) => unsafe { local::wake(posted.0) },
                // SAFETY: as above.
                Mail::Drop(posted) => unsafe { local::give_up(posted.0) },
                Mail::Call(callback) => core.call_soon(callback),
                Mail::LocalCall(LocalCall(callback)) => core.call_soon(callback),
            }
        }
        core.mail.set(mail);
    }

    /// Closes for good. `settle` runs under the lock, so that whoever finds the inbox closed finds what it did.
    pub(super) fn close(&self, settle: impl FnOnce()) {
        let mut mail = self.lock();
        self.traced.closed();
        settle();
        let refused = mail.take();
        // A callback is foreign code: the lock is open again.
        drop(mail);
        refused.into_iter().flatten().for_each(refuse);
    }
}

/// What was under way when the inbox was closed.
fn refuse(mail: Mail) {
    match mail {
        // SAFETY: a posted reference is counted, and its sender has given it away; the inbox is closed.
        Mail::Wake(posted) | Mail::Drop(posted) => unsafe {
            remote::count_down(posted.0);
        },
        Mail::Call(callback) => discard("a callback's destructor", callback),
        Mail::LocalCall(LocalCall(it)) => discard("a callback's destructor", it),
    }
}
