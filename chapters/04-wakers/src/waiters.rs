//! Who waits for something: the one list of wakers.
//!
//! Waking, cloning or dropping a waker is foreign code, which may come back to this very list. So it is never done
//! under the list's borrow: wakers are cloned before it, and dropped and called after it.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

use crate::contained;

// ANCHOR: waiters
/// Those who wait, in the order in which they came.
///
/// Each operation takes a logarithmic time at most (waking all: one for each). A list that
/// was long keeps its memory, so that waiting again and again allocates nothing.
///
/// ```
/// use std::task::Waker;
///
/// let (waiters, mut key) = (wakers::Waiters::new(), wakers::WaiterKey::default());
/// assert!(waiters.register(&mut key, Waker::noop()));
/// let (mark, mut late) = (waiters.mark(), wakers::WaiterKey::default());
/// waiters.register(&mut late, Waker::noop());
/// assert_eq!(waiters.len(), 2);
/// // Only who came before the mark.
/// assert_eq!(waiters.wake_until(&mark), 1);
/// assert!(!waiters.contains(&key) && waiters.contains(&late));
/// let mut last = wakers::WaiterKey::default();
/// waiters.register(&mut last, Waker::noop());
/// assert!(waiters.cancel(&mut last));
/// // Chosen by hand, and known by the key.
/// let (chosen, waker) = waiters.choose().unwrap();
/// assert_eq!(chosen, late);
/// waker.wake();
/// assert_eq!(waiters.wake_all(), 0);
/// ```
#[derive(Debug, Default)]
pub struct Waiters {
    list: RefCell<List>,
    last_key: Cell<u64>,
}

/// Names a waiter on the list; empty if it is not on it, or no longer.
///
/// ```
/// use std::task::Waker;
///
/// let (waiters, mut key) = (wakers::Waiters::new(), wakers::WaiterKey::default());
/// waiters.register(&mut key, Waker::noop());
/// assert!(waiters.cancel(&mut key)); // It was on the list,
/// assert!(!waiters.cancel(&mut key)); // and is not on it any more.
/// ```
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaiterKey(u64);

#[derive(Debug, Default)]
struct List {
    /// By key, which is by arrival. `None`: cancelled. The first one never is.
    entries: VecDeque<(u64, Option<Waker>)>,
    cancelled: usize,
}
// ANCHOR_END: waiters

impl List {
    /// The entry of `key`, unless it was woken or cancelled.
    #[inline(always)]
    fn find(&mut self, key: u64) -> Option<&mut Option<Waker>> {
        let entries = &mut self.entries;
        // Nearly always: the first, or somebody who was woken, or has just come.
        let index = match key.cmp(&entries.front()?.0) {
            Ordering::Less => return None,
            Ordering::Equal => 0,
            Ordering::Greater => entries.binary_search_by_key(&key, |it| it.0).ok()?,
        };
        let (_, waker) = entries.get_mut(index)?;
        waker.is_some().then_some(waker)
    }

    // ANCHOR: cancel
    fn cancel(&mut self, key: u64) -> Option<Waker> {
        let waker = self.find(key)?.take();
        self.cancelled += 1;
        // So seldom that each cancelled entry pays for two steps.
        if self.cancelled > self.entries.len() / 2 {
            self.entries.retain(|(_, waker)| waker.is_some());
            self.cancelled = 0;
        }
        self.trim();
        waker
    }
    // ANCHOR_END: cancel

    /// The first one, if it came before `mark`.
    #[inline(always)]
    fn pop(&mut self, mark: u64) -> Option<(WaiterKey, Waker)> {
        let (key, waker) = self.entries.pop_front_if(|(key, _)| *key <= mark)?;
        self.trim();
        Some((WaiterKey(key), waker?))
    }

    /// Nobody has to look past those who were cancelled to find the first.
    fn trim(&mut self) {
        while let Some((_, None)) = self.entries.front() {
            self.entries.pop_front();
            self.cancelled -= 1;
        }
    }
}

impl Waiters {
    /// Nobody waits.
    pub const fn new() -> Waiters {
        Waiters {
            list: RefCell::new(List {
                entries: VecDeque::new(),
                cancelled: 0,
            }),
            last_key: Cell::new(0),
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        let list = self.list.borrow();
        list.entries.len() - list.cancelled
    }

    /// Whether nobody waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.list.borrow().entries.is_empty()
    }

    /// Whether `key` still waits to be woken.
    pub fn contains(&self, key: &WaiterKey) -> bool {
        self.list.borrow_mut().find(key.0).is_some()
    }

    // ANCHOR: register
    /// From now on `waker` is woken for `key`, which keeps its turn if it is on the list,
    /// and otherwise comes last: then the answer is true.
    pub fn register(&self, key: &mut WaiterKey, waker: &Waker) -> bool {
        // Nearly always it is somebody who has just come.
        if key.0 > 0 && self.renew(key, waker) {
            return false;
        }
        let newest = Some(waker.clone());
        self.last_key.set(self.last_key.get() + 1);
        key.0 = self.last_key.get();
        let mut list = self.list.borrow_mut();
        if key.0 == 1 {
            // Nearly always there is one at a time: room for one, and not for four.
            list.entries.reserve_exact(1);
        }
        list.entries.push_back((key.0, newest));
        true
    }
    // ANCHOR_END: register

    // ANCHOR: renew
    /// From now on `waker` is woken for `key`. False if that is not on the list, or was woken
    /// while the waker was cloned.
    ///
    /// ```
    /// use std::task::Waker;
    ///
    /// let (waiters, mut key) = (wakers::Waiters::new(), wakers::WaiterKey::default());
    /// assert!(!waiters.renew(&key, Waker::noop()));
    /// waiters.register(&mut key, Waker::noop());
    /// assert!(waiters.renew(&key, Waker::noop()));
    /// waiters.wake_all();
    /// assert!(!waiters.renew(&key, Waker::noop()));
    /// ```
    pub fn renew(&self, key: &WaiterKey, waker: &Waker) -> bool {
        match self.list.borrow_mut().find(key.0) {
            None => return false,
            Some(Some(old)) if old.will_wake(waker) => return true,
            Some(_) => {}
        }
        let mut newest = Some(waker.clone());
        // Asked again: the clone may have changed the list.
        let mut list = self.list.borrow_mut();
        let found = list.find(key.0).map(|old| mem::swap(old, &mut newest));
        drop(list);
        contained("a waker", || drop(newest));
        found.is_some()
    }
    // ANCHOR_END: renew

    /// Nobody waits for `key` any more. False if nobody did: it was woken before, or never registered.
    #[inline]
    pub fn cancel(&self, key: &mut WaiterKey) -> bool {
        let WaiterKey(key) = mem::take(key);
        // Nearly always it was woken, and nobody else waits.
        !self.is_empty() && self.cancel_listed(key)
    }

    fn cancel_listed(&self, key: u64) -> bool {
        let waker = self.list.borrow_mut().cancel(key);
        waker.map(|it| contained("a waker", || drop(it))).is_some()
    }

    /// The present moment: between those who have come and those who will.
    pub fn mark(&self) -> WaiterKey {
        WaiterKey(self.last_key.get())
    }

    /// Wakes the one who has waited longest, if there is one.
    #[inline]
    pub fn wake_one(&self) -> bool {
        // Nearly always nobody waits.
        !self.is_empty() && self.wake_next(u64::MAX)
    }

    /// Wakes all who wait, and says how many there were. Those who come meanwhile wait for the next time.
    pub fn wake_all(&self) -> usize {
        self.wake_until(&self.mark())
    }

    /// Takes the one who has waited longest off the list, and says who that is: the caller wakes them.
    pub fn choose(&self) -> Option<(WaiterKey, Waker)> {
        self.list.borrow_mut().pop(u64::MAX)
    }

    // ANCHOR: wake
    /// Wakes those who came before `mark`, and says how many there were.
    pub fn wake_until(&self, mark: &WaiterKey) -> usize {
        // Nearly always nobody is left after the first, or before.
        let wakes = |_: &usize| !self.is_empty() && self.wake_next(mark.0);
        (0..).take_while(wakes).count()
    }

    fn wake_next(&self, mark: u64) -> bool {
        let next = self.list.borrow_mut().pop(mark);
        // One that panics does not keep the others from being woken.
        next.map(|(_, waker)| contained("a waker", || waker.wake()))
            .is_some()
    }
    // ANCHOR_END: wake
}

impl Drop for Waiters {
    /// Nobody is woken any more.
    fn drop(&mut self) {
        for (_, waker) in self.list.take().entries {
            contained("a waker", || drop(waker));
        }
    }
}
