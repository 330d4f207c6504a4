//! Chapter 10, by me.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
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
struct Place<'a, F: Fn()> {
    waiters: &'a Waiters,
    /// From the first poll until it was called, and has heard of it.
    number: Option<u64>,
    /// Passes the call on.
    pass_on: F,
}

impl<F: Fn()> Place<'_, F> {
    fn in_list(waiters: &Waiters, pass_on: F) -> Place<'_, F> {
        let number = None;
        Place {
            waiters,
            number,
            pass_on,
        }
    }
}

impl<F: Fn() + Unpin> Future for Place<'_, F> {
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

impl<F: Fn()> Drop for Place<'_, F> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let was_called = !self.waiters.cancel(number);
            if was_called {
                (self.pass_on)();
            }
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
            // An event is for all of them: nothing is to be passed on.
            Place::in_list(&self.waiters, || {}).await;
        }
    }
}

/// So many may go on at once.
pub struct Semaphore {
    free: Cell<usize>,
    waiters: Waiters,
}

/// The right to go on. It goes back when it is dropped.
pub struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    pub fn new(permits: usize) -> Semaphore {
        Semaphore {
            free: Cell::new(permits),
            waiters: Waiters::new(),
        }
    }

    pub fn available(&self) -> usize {
        self.free.get()
    }

    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        let left = self.free.get().checked_sub(1)?;
        self.free.set(left);
        Some(Permit(self))
    }

    pub async fn acquire(&self) -> Permit<'_> {
        if let Some(permit) = self.try_acquire() {
            return permit;
        }
        Place::in_list(&self.waiters, || self.release()).await;
        // Whoever was called has been given it.
        Permit(self)
    }

    pub fn release(&self) {
        if !self.waiters.wake_one() {
            self.free.set(self.free.get() + 1);
        }
    }
}

impl Permit<'_> {
    /// Keeps it for ever: it does not go back.
    fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Items on their way from one task to another.
pub struct Queue<T> {
    items: RefCell<VecDeque<T>>,
    /// As many permits as there are items.
    filled: Semaphore,
    /// As many as there are places left.
    free: Semaphore,
}

impl<T> Queue<T> {
    pub fn bounded(limit: usize) -> Queue<T> {
        Queue {
            items: RefCell::default(),
            filled: Semaphore::new(0),
            free: Semaphore::new(limit),
        }
    }

    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    pub async fn put(&self, item: T) {
        self.free.acquire().await.forget();
        self.items.borrow_mut().push_back(item);
        self.filled.release();
    }

    pub async fn get(&self) -> T {
        self.filled.acquire().await.forget();
        let item = self.items.borrow_mut().pop_front();
        self.free.release();
        item.expect("an item for each permit")
    }
}
