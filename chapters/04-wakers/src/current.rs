//! What is current on a thread: a layer makes itself known to the futures that run on it.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::ptr;
use std::rc::Rc;
use std::thread::LocalKey;

/// What is current on this thread, if anything is: the content of a thread-local.
///
/// It has no destructor of its own, so it can be asked at any time: also by what is dropped
/// while the thread ends, when other thread-locals are gone already. Nothing leaks by that,
/// since whoever [`enter`]s also restores.
///
/// ```
/// use std::rc::Rc;
/// use wakers::Current;
///
/// thread_local! {
///     static NAME: Current<str> = const { Current::new() };
/// }
///
/// let guard = wakers::enter(&NAME, Rc::from("taxi"));
/// assert_eq!(NAME.with(Current::get).as_deref(), Some("taxi"));
/// assert!(!NAME.with(|current| current.is("bus")));
/// assert_eq!(NAME.with(|it| it.look(str::len)), Some(4));
/// drop(guard);
/// assert_eq!(NAME.with(Current::get), None);
/// ```
// ANCHOR: current
#[derive(Debug)]
pub struct Current<T: ?Sized>(RefCell<Option<ManuallyDrop<Rc<T>>>>);

impl<T: ?Sized> Current<T> {
    /// Nothing is current.
    pub const fn new() -> Current<T> {
        Current(RefCell::new(None))
    }

    /// What is current: a reference of one's own, since what is done with it may run
    /// foreign code, which may make something else current.
    pub fn get(&self) -> Option<Rc<T>> {
        let current = self.0.borrow();
        current.as_deref().map(Rc::clone)
    }

    /// Makes `next` current. What was comes back: to be dropped without a borrow.
    fn replace(&self, next: Option<Rc<T>>) -> Option<Rc<T>> {
        let before = self.0.replace(next.map(ManuallyDrop::new));
        before.map(ManuallyDrop::into_inner)
    }
}
// ANCHOR_END: current

impl<T: ?Sized> Current<T> {
    /// Looks at what is current. `look` runs no foreign code: it may neither drop nor wake, nor make anything current.
    pub fn look<R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let current = self.0.borrow();
        current.as_deref().map(|current| look(current))
    }

    /// Whether it is `value` that is current.
    #[inline]
    pub fn is(&self, value: &T) -> bool {
        self.look(|current| ptr::eq(current, value)) == Some(true)
    }
}

impl<T: ?Sized> Default for Current<T> {
    fn default() -> Current<T> {
        Current::new()
    }
}

// ANCHOR: enter
/// Makes `value` current in `key` until the guard is dropped, which restores what was, also
/// on unwind.
///
/// ```
/// use std::rc::Rc;
/// use wakers::{Current, enter};
///
/// thread_local! {
///     static DEPTH: Current<u32> = const { Current::new() };
/// }
///
/// let _outer = enter(&DEPTH, Rc::new(1));
/// let inner = enter(&DEPTH, Rc::new(2));
/// assert_eq!(DEPTH.with(Current::get).as_deref(), Some(&2));
/// drop(inner);
/// assert_eq!(DEPTH.with(Current::get).as_deref(), Some(&1));
/// ```
pub fn enter<T: ?Sized>(key: &'static LocalKey<Current<T>>, value: Rc<T>) -> Entered<T> {
    let before = key.with(|current| current.replace(Some(value)));
    Entered { key, before }
}

/// Something is current; made by [`enter`].
#[must_use = "what was current before is restored when this is dropped"]
pub struct Entered<T: ?Sized + 'static> {
    key: &'static LocalKey<Current<T>>,
    before: Option<Rc<T>>,
}

impl<T: ?Sized> Drop for Entered<T> {
    fn drop(&mut self) {
        let before = self.before.take();
        // Dropped here, and foreign code perhaps: the cell is not borrowed any more.
        let _ours = self.key.with(|current| current.replace(before));
    }
}
// ANCHOR_END: enter
