//! Foreign code whose panic must end here.
//!
//! A loop calls wakers, callbacks and destructors that others wrote. If one of them panics, that is no reason for the
//! loop to end, nor for those who come after it to be forgotten. So its panic is caught and *reported*, as asyncio
//! does with an exception in a callback; and what it was thrown with is dropped with the same care.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::mem::{self, ManuallyDrop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::{Current, enter};

/// What is told to a [panic hook](set_panic_hook): somebody has panicked, and nobody else will hear of it.
///
/// ```
/// use std::rc::Rc;
///
/// let _hook = wakers::set_panic_hook(Rc::new(|report: &wakers::PanicReport<'_>| {
///     assert_eq!(report.what, "a callback");
///     assert_eq!(report.to_string(), "a callback panicked: no fuel");
/// }));
/// wakers::contained("a callback", || panic!("no fuel"));
/// ```
#[derive(Debug)]
pub struct PanicReport<'a> {
    /// What panicked: `a callback`, `a waker`.
    pub what: &'a str,
    /// What it panicked with; [`panic_message`] is its text.
    pub payload: &'a (dyn Any + Send),
}

/// Whom panics are reported to.
pub type PanicHook = dyn Fn(&PanicReport<'_>);

thread_local! {
    static HOOK: Current<PanicHook> = const { Current::new() };
}

impl fmt::Display for PanicReport<'_> {
    /// `a callback panicked: the meter is broken`, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} panicked", self.what)?;
        match panic_message(self.payload) {
            Some(message) => write!(f, ": {}", message.replace('\n', " ")),
            None => Ok(()),
        }
    }
}

/// The text that a panic's payload is, if it is one.
///
/// ```
/// let payload = std::panic::catch_unwind(|| panic!("no fuel")).unwrap_err();
/// assert_eq!(wakers::panic_message(&*payload), Some("no fuel"));
/// ```
pub fn panic_message(payload: &(dyn Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

/// Reports panics on this thread to `hook` until the guard is dropped: those that end in [`contained`]. Without a
/// hook a line on standard error tells of them.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// let heard = Rc::new(RefCell::new(String::new()));
/// let note = Rc::clone(&heard);
/// let hook = wakers::set_panic_hook(Rc::new(move |report| *note.borrow_mut() = report.to_string()));
/// wakers::contained("a waker", || panic!("a flat tyre"));
/// drop(hook);
/// assert_eq!(*heard.borrow(), "a waker panicked: a flat tyre");
/// ```
pub fn set_panic_hook(hook: Rc<PanicHook>) -> impl Sized + 'static {
    enter(&HOOK, hook)
}

// ANCHOR: contained
/// Runs `work`, foreign code whose panic must end here: it is reported as that of `what`,
/// and the answer is `None`.
///
/// ```
/// assert_eq!(wakers::contained("a callback", || 1 + 2), Some(3));
/// assert_eq!(wakers::contained("a callback", || panic!("no fuel")), None::<u32>);
/// ```
#[inline]
pub fn contained<T>(what: &str, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.map_err(|payload| report(what, payload)).ok()
}

/// Tells the hook that `what` has panicked, and drops the payload.
///
/// ```
/// use std::rc::Rc;
///
/// let _hook = wakers::set_panic_hook(Rc::new(|report| assert_eq!(report.what, "closing")));
/// wakers::report("closing", Box::new("there is no end to it"));
/// ```
#[cold]
pub fn report(what: &str, payload: Box<dyn Any + Send>) {
    let told = catch_unwind(AssertUnwindSafe(|| tell(what, &*payload)));
    drop_payload(payload);
    told.unwrap_or_else(drop_payload);
}
// ANCHOR_END: contained

fn tell(what: &str, payload: &(dyn Any + Send)) {
    let report = PanicReport { what, payload };
    match HOOK.with(Current::get) {
        Some(hook) => hook(&report),
        // Not `eprintln!`, which panics if nobody can be told.
        None => drop(writeln!(io::stderr(), "{report}")),
    }
}

/// Drops what a panic was thrown with. If that panics too, it is leaked.
fn drop_payload(payload: Box<dyn Any + Send>) {
    catch_unwind(AssertUnwindSafe(|| drop(payload))).unwrap_or_else(mem::forget);
}

thread_local! {
    /// Whether something is being discarded here, and what was found in it. Neither has a destructor.
    static DISCARDING: Cell<bool> = const { Cell::new(false) };
    static FOUND: RefCell<ManuallyDrop<VecDeque<Discard>>> =
        const { RefCell::new(ManuallyDrop::new(VecDeque::new())) };
}

/// Something that is dropped later, and its name in a report.
type Discard = (&'static str, Box<dyn FnOnce()>);

// ANCHOR: discard
/// Drops `value`, which is foreign code: its panic is reported as that of `what`.
///
/// Whatever that discards waits until `value` is gone. So a value that holds a value
/// that holds a value, a million deep, needs no deeper stack than one.
///
/// ```
/// struct Nested(Option<Box<Nested>>);
///
/// impl Drop for Nested {
///     fn drop(&mut self) {
///         if let Some(inner) = self.0.take() {
///             wakers::discard("a value", inner);
///         }
///     }
/// }
///
/// let deep = (0..100_000).fold(Nested(None), |inner, _| Nested(Some(Box::new(inner))));
/// wakers::discard("a value", deep); // By itself it would overflow the stack.
/// ```
pub fn discard<T: 'static>(what: &'static str, value: T) {
    if !mem::needs_drop::<T>() {
        return;
    }
    if DISCARDING.replace(true) {
        let later: Discard = (what, Box::new(move || drop(value)));
        return FOUND.with_borrow_mut(|found| found.push_back(later));
    }
    contained(what, || drop(value));
    while let Some((what, later)) = FOUND.with_borrow_mut(|found| found.pop_front()) {
        contained(what, later);
    }
    DISCARDING.set(false);
    // No thread keeps memory that nobody would free when it ends.
    FOUND.with_borrow_mut(|found| drop(mem::take(&mut **found)));
}
// ANCHOR_END: discard
