//! Waiting for the ends of some tasks: what gather, wait, shield and wait_for are made of.
//!
//! Each task tells of its end, and of its place. So an end costs the same however many tasks there are: one counter goes
//! down, and the waiter is woken once, by a callback, when an end decides or was the last.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use polling::{Suspension, suspended};
use task_cell::{EndKey, JoinError, JoinHandle, TaskHandle, spawn};
use timers::{Sleep, sleep};
use wakers::{WaiterKey, Waiters, callback_sink};

use crate::awaited::{Children, Noted};
use crate::handles::Handles;
use crate::told::Told;

// ANCHOR: watched
/// Tasks whose ends somebody waits for. If they are owned, dropping this aborts them.
pub(crate) struct Watched<H: Handles> {
    shared: Rc<Shared<H>>,
    owned: bool,
}

/// What the callbacks of the tasks share with the one who waits.
struct Shared<H> {
    /// Gone once the waiter has taken them.
    handles: RefCell<Option<H>>,
    /// How many are not over.
    left: Cell<usize>,
    /// The place of the first end that lets the waiter go on before the last one.
    decided: Cell<Option<usize>>,
    released: Cell<bool>,
    waiters: Waiters,
    /// What takes the callbacks back, by place.
    keys: RefCell<Vec<EndKey>>,
}

/// Whether the end of the task in a place lets the waiter go on at once.
pub(crate) type Decides<H> = fn(&H, usize, &Result<(), JoinError>) -> bool;
// ANCHOR_END: watched

/// Asks `task` to end, unless somebody has asked it just now: whoever cancels all tasks asks
/// parents and children, and a second request would cut a clean-up short.
pub(crate) fn ask_once(task: &TaskHandle) {
    if !task.is_cancelling() {
        task.cancel();
    }
}

/// What waits at the caller's line, and for what.
#[track_caller]
pub fn here(why: &'static str) -> Suspension {
    Suspension {
        location: Location::caller(),
        why,
    }
}

impl<T: 'static> Watched<Vec<JoinHandle<T>>> {
    // ANCHOR: spawn
    /// Spawns `futures`, and watches their tasks until the end of one decides, by its value
    /// or `None`, or all are over.
    #[track_caller]
    pub(crate) fn spawn<F: Future<Output = T> + 'static>(
        futures: impl IntoIterator<Item = F>,
        decides: fn(Option<&T>) -> bool,
    ) -> Watched<Vec<JoinHandle<T>>> {
        let shared = Rc::<Shared<_>>::default();
        let futures = futures.into_iter();
        let mut handles = Vec::with_capacity(futures.size_hint().0);
        for future in futures {
            let (place, watched) = (handles.len(), Rc::clone(&shared));
            // Before it is spawned: without an executor it is dropped, and tells.
            shared.left.set(place + 1);
            let tell = move |value: Option<&T>| {
                // As a callback of the task would be: in a turn of its own.
                if watched.ended(place, decides(value))
                    && let Some(call_soon) = callback_sink()
                {
                    call_soon(Box::new(move || watched.release()));
                }
            };
            handles.push(spawn(Told::new(future, tell)));
        }
        shared.begin(handles);
        Watched {
            shared,
            owned: true,
        }
    }
    // ANCHOR_END: spawn
}

impl<H: Handles> Watched<H> {
    // ANCHOR: new
    /// Watches the tasks of `handles`, until one end decides or all are over.
    pub(crate) fn new(handles: H, owned: bool, decides: Decides<H>) -> Watched<H> {
        let (count, shared) = (handles.count(), Rc::<Shared<H>>::default());
        shared.begin(handles);
        for place in 0..count {
            let watched = Rc::downgrade(&shared);
            let key = shared.task(place).on_end(move |end| {
                if let Some(shared) = watched.upgrade() {
                    let decided = shared.ended(place, shared.asks(decides, place, &end));
                    if decided {
                        shared.release();
                    }
                }
            });
            shared.keys.borrow_mut().push(key);
        }
        Watched { shared, owned }
    }
    // ANCHOR_END: new

    /// Ready when the waiter may go on: true. False: `limit` was over before.
    pub(crate) fn released(
        &self,
        limit: Option<Duration>,
        at: Suspension,
    ) -> Released<'_, H> {
        self.wait(false, limit, at)
    }

    /// Ready when all of them are over.
    pub(crate) fn all_over(&self, at: Suspension) -> Released<'_, H> {
        self.wait(true, None, at)
    }

    fn wait(
        &self,
        all: bool,
        limit: Option<Duration>,
        at: Suspension,
    ) -> Released<'_, H> {
        Released {
            watched: self,
            all,
            limit: limit.map(sleep),
            key: WaiterKey::default(),
            noted: Noted::default(),
            at,
        }
    }

    /// Asks all of them to end.
    pub(crate) fn cancel(&self) {
        self.each(ask_once);
    }

    /// The place of the end that decided, if one did before the last.
    pub(crate) fn decided(&self) -> Option<usize> {
        self.shared.decided.get()
    }

    /// The handles: from now on the tasks are watched no more, and owned by nobody.
    pub(crate) fn into_handles(self) -> H {
        self.forget();
        let handles = self.shared.handles.take();
        handles.expect("they are taken once")
    }

    /// Takes back what was asked of those that are not over: somebody who waits for a
    /// task again and again leaves nothing with it.
    fn forget(&self) {
        if self.shared.left.get() == 0 {
            return;
        }
        for (place, key) in self.shared.keys.take().into_iter().enumerate() {
            if let Some(task) = self.shared.try_task(place) {
                task.forget(key);
            }
        }
    }

    fn each(&self, mut work: impl FnMut(&TaskHandle)) {
        for place in 0..self.shared.count() {
            // Foreign code, which may drop this: so each is asked for anew.
            if let Some(task) = self.shared.try_task(place) {
                work(&task);
            }
        }
    }
}

impl<H: Handles> Drop for Watched<H> {
    fn drop(&mut self) {
        if self.owned {
            self.each(TaskHandle::abort);
        }
        self.forget();
        // Their values are foreign code, and no callback may find them under a borrow.
        drop(self.shared.handles.take());
    }
}

impl<H> Default for Shared<H> {
    fn default() -> Shared<H> {
        Shared {
            handles: RefCell::new(None),
            left: Cell::new(0),
            decided: Cell::new(None),
            released: Cell::new(false),
            waiters: Waiters::new(),
            keys: RefCell::default(),
        }
    }
}

impl<H: Handles> Shared<H> {
    fn count(&self) -> usize {
        self.handles.borrow().as_ref().map_or(0, Handles::count)
    }

    fn try_task(&self, place: usize) -> Option<TaskHandle> {
        let handles = self.handles.borrow();
        handles.as_ref().map(|it| it.task(place).clone())
    }

    fn task(&self, place: usize) -> TaskHandle {
        self.try_task(place).expect("they are not taken yet")
    }

    fn begin(&self, handles: H) {
        self.left.set(handles.count());
        self.released.set(handles.count() == 0);
        self.handles.replace(Some(handles));
    }

    fn asks(
        &self,
        decides: Decides<H>,
        place: usize,
        end: &Result<(), JoinError>,
    ) -> bool {
        let handles = self.handles.borrow();
        handles.as_ref().is_some_and(|it| decides(it, place, end))
    }

    // ANCHOR: ended
    /// The task in this place is over, and its end decides or not: whether the waiter is to
    /// go on now.
    fn ended(&self, place: usize, decides: bool) -> bool {
        // hole: ended — count down; true for the first end that decides, and for the last one
        // tried by: gather, errors, wait
        // also: combinators
        self.left.set(self.left.get() - 1);
        let first = decides && self.decided.get().is_none();
        if first {
            self.decided.set(Some(place));
        }
        first || self.left.get() == 0
        // end hole
    }

    /// The waiter may go on.
    fn release(&self) {
        self.released.set(true);
        self.waiters.wake_one();
    }
    // ANCHOR_END: ended
}

impl<H: Handles> Children for Shared<H> {
    fn each_child(&self, tell: &mut dyn FnMut(&TaskHandle)) {
        for place in 0..self.count() {
            self.try_task(place).iter().for_each(&mut *tell);
        }
    }
}

/// The future of [`Watched::released`] and [`Watched::all_over`].
pub(crate) struct Released<'w, H: Handles> {
    watched: &'w Watched<H>,
    all: bool,
    limit: Option<Sleep>,
    key: WaiterKey,
    noted: Noted,
    at: Suspension,
}

impl<H: Handles> Released<'_, H> {
    fn is_over(&self) -> bool {
        let shared = &self.watched.shared;
        match self.all {
            true => shared.left.get() == 0,
            false => shared.released.get(),
        }
    }
}

impl<H: Handles> Future for Released<'_, H> {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let this = &mut *self;
        if !this.is_over() {
            let waiters = &this.watched.shared.waiters;
            waiters.register(&mut this.key, context.waker());
        }
        // Looked at after it is registered: cloning a waker is foreign code.
        if this.is_over() {
            return Poll::Ready(true);
        }
        if let Some(limit) = &mut this.limit
            && Pin::new(limit).poll(context).is_ready()
        {
            return Poll::Ready(false);
        }
        let shared = &this.watched.shared;
        let children = || Rc::downgrade(shared) as Weak<dyn Children>;
        this.noted.note(context.waker(), children);
        suspended(this.at.location, this.at.why);
        Poll::Pending
    }
}

impl<H: Handles> Drop for Released<'_, H> {
    fn drop(&mut self) {
        self.watched.shared.waiters.cancel(&mut self.key);
    }
}
