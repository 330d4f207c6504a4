//! What other threads send to a runtime.

use std::ptr::NonNull;
use std::sync::PoisonError;
use std::task::Waker;

use timers::Callback;

use crate::abroad;
use crate::cell::Header;
use crate::extras::quietly;
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

// ANCHOR: mail
/// What comes from abroad.
pub(crate) enum Mail {
    /// Queue this task; the reference is now home's.
    Wake(Posted),
    /// The reference is now home's, which has no use for it.
    Drop(Posted),
    /// Call this in a turn of its own.
    Call(Box<dyn FnOnce() + Send>),
    /// The same, from the home thread itself, between two runs.
    Local(Local),
}
// ANCHOR_END: mail

/// A callback that does not leave its thread.
pub(crate) struct Local(pub(crate) Callback);

// SAFETY: only `home::call_soon` makes one, with the handle of a task, which is `!Send`: so on the home thread. The
// loop takes it out of the inbox, or `close` does, on that same thread. A refused one goes back to its sender.
unsafe impl Send for Local {}

/// A counted reference on its way home.
pub(crate) struct Posted(pub(crate) NonNull<Header>);

// SAFETY: a `Posted` is moved to the home thread, where it is a reference like any other. On the way, nobody reads
// what it points to: the sender has given it away, and a `Mail` that is refused goes back to the sender, who touches
// the atomic count and nothing that belongs to home.
unsafe impl Send for Posted {}

/// Where mail lies until the loop takes it.
pub(crate) struct Inbox {
    /// `None` once the runtime is closed.
    mail: Mutex<Option<Vec<Mail>>>,
    /// Whether there is any, so that a turn without mail takes no lock.
    flag: AtomicBool,
    unparker: Waker,
    pub(crate) traced: trace::Inbox,
}

impl Inbox {
    pub(crate) fn new(unparker: Waker) -> Inbox {
        Inbox {
            mail: Mutex::new(Some(Vec::new())),
            flag: AtomicBool::new(false),
            unparker,
            traced: trace::Inbox::new(),
        }
    }

    /// Only our own code runs under this lock, so a poisoned one is in order.
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
        match &mut *self.lock() {
            Some(all) => {
                self.traced.mailed();
                all.push(mail);
            }
            None => {
                self.traced.returned();
                return Err(mail);
            }
        }
        self.flag.store(true, Ordering::Release);
        // Code of others: the lock is open again.
        self.unparker.wake_by_ref();
        Ok(())
    }
    // ANCHOR_END: send

    /// Whether a look is worth it. A mail that this misses has called the unparker since, or will.
    pub(crate) fn has_mail(&self) -> bool {
        self.flag.load(Ordering::Acquire)
    }

    /// Takes all mail, leaving `empty`.
    pub(crate) fn take(&self, empty: &mut Vec<Mail>) {
        // Before the lock: who sends after it sets the flag again.
        self.flag.store(false, Ordering::Relaxed);
        if let Some(all) = &mut *self.lock() {
            std::mem::swap(all, empty);
        }
    }

    /// Closes for good. `settle` runs under the lock, so that whoever finds the inbox closed finds what it did.
    pub(crate) fn close(&self, settle: impl FnOnce()) -> Vec<Mail> {
        let mut mail = self.lock();
        self.traced.closed();
        settle();
        mail.take().unwrap_or_default()
    }
}

/// What was under way when the inbox was closed. Not under its lock: a callback is code of others.
pub(crate) fn refuse(mail: Vec<Mail>) {
    for mail in mail {
        match mail {
            // SAFETY: a posted reference is counted, and its sender has given it away; the inbox is closed.
            Mail::Wake(posted) | Mail::Drop(posted) => unsafe {
                abroad::count_down(posted.0);
            },
            Mail::Call(callback) => {
                quietly(|| drop(callback));
            }
            Mail::Local(Local(callback)) => {
                quietly(|| drop(callback));
            }
        }
    }
}
