//! Chapter 10, by me.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

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

/// A place in a list: ready once it was called.
struct Place<'a> {
    waiters: &'a Waiters,
    /// From the first poll until it was called.
    number: Option<u64>,
}

impl Place<'_> {
    fn in_list(waiters: &Waiters) -> Place<'_> {
        let number = None;
        Place { waiters, number }
    }
}

impl Future for Place<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.number {
            None => self.number = Some(self.waiters.register(context.waker())),
            Some(number) if self.waiters.renew(number, context.waker()) => {}
            // Not in the list any more: somebody has called.
            Some(_) => {
                self.number = None;
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.waiters.cancel(number);
        }
    }
}

/// Something that happens once for all who wait for it.
#[derive(Default)]
pub struct Event {
    set: Cell<bool>,
    waiters: Waiters,
}

impl Event {
    pub fn new() -> Event {
        Event::default()
    }

    pub fn is_set(&self) -> bool {
        self.set.get()
    }

    pub fn set(&self) {
        self.set.set(true);
        self.waiters.wake_all();
    }

    pub fn clear(&self) {
        self.set.set(false);
    }

    pub async fn wait(&self) {
        if !self.is_set() {
            Place::in_list(&self.waiters).await;
        }
    }
}
