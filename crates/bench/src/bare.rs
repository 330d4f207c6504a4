//! The least that runs futures by a clock: boxed futures and a heap. It wakes nobody, cancels nothing and keeps no
//! list of who waits. What chapter 5 and 8 add to it is the price of a runtime.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A deadline in nanoseconds, a number that keeps ties in order, and whose it is.
type Key = Reverse<(u64, u64, u32)>;

/// A clock that jumps, and who sleeps until when.
#[derive(Default)]
pub struct Bare {
    now: Cell<u64>,
    sequence: Cell<u64>,
    /// The number of the future that is polled.
    polled: Cell<u32>,
    heap: RefCell<BinaryHeap<Key>>,
}

/// Ready when the clock has come to its deadline, which counts from its first poll.
pub struct Sleep {
    bare: Rc<Bare>,
    wait: u64,
    deadline: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let now = self.bare.now.get();
        let Some(deadline) = self.deadline else {
            let deadline = now + self.wait;
            self.deadline = Some(deadline);
            let sequence = self.bare.sequence.replace(self.bare.sequence.get() + 1);
            let key = Reverse((deadline, sequence, self.bare.polled.get()));
            self.bare.heap.borrow_mut().push(key);
            return Poll::Pending;
        };
        if now < deadline {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}

impl Bare {
    /// A sleep on this clock.
    pub fn sleep(self: &Rc<Bare>, wait: Duration) -> Sleep {
        Sleep {
            bare: Rc::clone(self),
            wait: wait.as_nanos() as u64,
            deadline: None,
        }
    }

    /// Lets the clock come to the next deadline: whose it is.
    fn next(&self) -> Option<u32> {
        let Reverse((deadline, _, number)) = self.heap.borrow_mut().pop()?;
        self.now.set(deadline);
        self.polled.set(number);
        Some(number)
    }

    /// Runs one future, which is polled once an instant.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            let now = self.now.get();
            while self.next().is_some() {
                let key = self.heap.borrow().peek().copied();
                let more =
                    key.is_some_and(|Reverse((deadline, ..))| deadline == self.now.get());
                if !more && self.now.get() > now {
                    break;
                }
            }
        }
    }

    /// Runs many, each polled when what it sleeps for is due.
    pub fn run_all<F: Future<Output = ()>>(&self, futures: impl Iterator<Item = F>) {
        let mut context = Context::from_waker(Waker::noop());
        let mut all: Vec<Option<Pin<Box<F>>>> = Vec::new();
        for (number, future) in (0..).zip(futures) {
            self.polled.set(number);
            let mut future = Box::pin(future);
            let ended = future.as_mut().poll(&mut context).is_ready();
            all.push((!ended).then_some(future));
        }
        while let Some(number) = self.next() {
            let place = &mut all[number as usize];
            if let Some(future) = place
                && future.as_mut().poll(&mut context).is_ready()
            {
                *place = None;
            }
        }
    }
}
