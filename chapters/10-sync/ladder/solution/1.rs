//! Chapter 10, by me.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::task::Waker;

/// Who waits, in the order of their coming.
#[derive(Default)]
pub struct Waiters {
    list: RefCell<BTreeMap<u64, Waker>>,
    next: Cell<u64>,
}

impl Waiters {
    pub fn new() -> Waiters {
        Waiters::default()
    }

    pub fn register(&self, waker: &Waker) -> u64 {
        let (number, waker) = (self.next.get(), waker.clone());
        self.next.set(number + 1);
        self.list.borrow_mut().insert(number, waker);
        number
    }

    pub fn renew(&self, number: u64, waker: &Waker) -> bool {
        let mut waker = waker.clone();
        let mut list = self.list.borrow_mut();
        let place = list.get_mut(&number);
        let stands = place.map(|it| std::mem::swap(it, &mut waker)).is_some();
        // The borrow ends before the old waker is dropped.
        drop(list);
        stands
    }

    pub fn cancel(&self, number: u64) -> bool {
        let waker = self.list.borrow_mut().remove(&number);
        waker.is_some()
    }

    pub fn wake_one(&self) -> bool {
        // The borrow ends here: whoever is woken may register again.
        let first = self.list.borrow_mut().pop_first();
        first.map(|(_, waker)| waker.wake()).is_some()
    }

    pub fn wake_all(&self) {
        // Who registers meanwhile is not among them.
        let all = self.list.take();
        all.into_values().for_each(Waker::wake);
    }

    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }
}
