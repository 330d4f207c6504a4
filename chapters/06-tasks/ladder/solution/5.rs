//! Chapter 6, by me.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::timers::{TimerPark, Timers};
use crate::wakers::{Park, ThreadPark};

/// The tasks that are to be polled: first come, first served.
pub struct Ready {
    queue: Mutex<VecDeque<Arc<Entry>>>,
    /// Wakes the thread that polls them.
    unparker: Waker,
}

/// What the waker of a task is.
struct Entry {
    id: u64,
    /// Whether it is in the queue.
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Ready {
    pub fn new(unparker: Waker) -> Arc<Ready> {
        Arc::new(Ready {
            queue: Mutex::default(),
            unparker,
        })
    }

    pub fn waker(self: &Arc<Ready>, id: u64) -> Waker {
        Waker::from(Arc::new(Entry {
            id,
            queued: AtomicBool::new(false),
            ready: self.clone(),
        }))
    }

    pub fn pop(&self) -> Option<u64> {
        let entry = self.queue.lock().unwrap().pop_front()?;
        // From here on a wake counts anew.
        entry.queued.swap(false, Ordering::Acquire);
        Some(entry.id)
    }

    pub fn len(&self) -> usize {
        self.queue.lock().unwrap().len()
    }
}

impl Wake for Entry {
    fn wake(self: Arc<Entry>) {
        if self.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        let ready = self.ready.clone();
        ready.queue.lock().unwrap().push_back(self);
        ready.unparker.wake_by_ref();
    }
}

/// Polls the tasks that were woken. Clones are the same executor.
#[derive(Clone)]
pub struct Executor(Rc<Inner>);

struct Inner {
    ready: Arc<Ready>,
    tasks: RefCell<HashMap<u64, Task>>,
    next: Cell<u64>,
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

impl Executor {
    pub fn new(unparker: Waker) -> Executor {
        Executor(Rc::new(Inner {
            ready: Ready::new(unparker),
            tasks: RefCell::default(),
            next: Cell::new(0),
        }))
    }

    pub fn spawn<F: Future + 'static>(&self, future: F) -> JoinHandle<F::Output> {
        let slot = Rc::new(RefCell::new(Slot {
            value: None,
            joiner: None,
        }));
        let handle = JoinHandle(slot.clone());
        self.add(async move {
            let value = future.await;
            slot.borrow_mut().value = Some(value);
            // No borrow is left when the joiner is woken.
            let joiner = slot.borrow_mut().joiner.take();
            if let Some(joiner) = joiner {
                joiner.wake();
            }
        });
        handle
    }

    fn add(&self, future: impl Future<Output = ()> + 'static) {
        let id = self.0.next.get();
        self.0.next.set(id + 1);
        let waker = self.0.ready.waker(id);
        waker.wake_by_ref();
        let future = Box::pin(future);
        self.0.tasks.borrow_mut().insert(id, Task { future, waker });
    }

    pub fn round(&self) {
        // Who is woken meanwhile waits for the next round.
        for _ in 0..self.0.ready.len() {
            let Some(id) = self.0.ready.pop() else { return };
            // Out of the map while it is polled: it may spawn.
            let task = self.0.tasks.borrow_mut().remove(&id);
            let Some(mut task) = task else { continue };
            let mut context = Context::from_waker(&task.waker);
            if task.future.as_mut().poll(&mut context).is_pending() {
                self.0.tasks.borrow_mut().insert(id, task);
            }
        }
    }

    pub fn block_on<P: Park, F: Future + 'static>(
        &self,
        park: &mut P,
        future: F,
    ) -> F::Output {
        let root = self.spawn(future);
        loop {
            self.round();
            let value = root.0.borrow_mut().value.take();
            if let Some(value) = value {
                // Tasks that are left hold this executor, and it holds them.
                let left = self.0.tasks.take();
                drop(left);
                return value;
            }
            let idle = self.0.ready.len() == 0;
            park.park((!idle).then_some(Duration::ZERO));
        }
    }
}

/// Awaiting it gives what the task returns.
pub struct JoinHandle<T>(Rc<RefCell<Slot<T>>>);

struct Slot<T> {
    value: Option<T>,
    joiner: Option<Waker>,
}

impl<T> Future for JoinHandle<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.0.borrow_mut();
        if let Some(value) = slot.value.take() {
            return Poll::Ready(value);
        }
        slot.joiner = Some(context.waker().clone());
        Poll::Pending
    }
}

/// What a program runs on: tasks and a clock.
#[derive(Clone)]
pub struct Runtime {
    pub executor: Executor,
    pub timers: Timers,
}

pub fn run<F: Future + 'static>(program: impl FnOnce(Runtime) -> F) -> F::Output {
    let timers = Timers::new();
    let mut park = TimerPark::new(&timers, ThreadPark::new());
    let executor = Executor::new(park.unparker());
    let future = program(Runtime {
        executor: executor.clone(),
        timers,
    });
    executor.block_on(&mut park, future)
}
