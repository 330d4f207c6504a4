//! What a group knows of its children.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::Location;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use polling::suspended;
use task_cell::{JoinError, TaskHandle};
use wakers::{WaiterKey, Waiters};

use crate::awaited::{Children, Noted};
use crate::watched::ask_once;

// ANCHOR: scope
/// What a group shares with its children.
pub(super) struct Scope<F> {
    /// Those that are not over, by number.
    children: RefCell<BTreeMap<u64, TaskHandle>>,
    failures: RefCell<Vec<F>>,
    /// The children were asked to end: it takes no new one.
    ending: Cell<bool>,
    /// It is over: whoever spawns into it has kept it too long.
    over: Cell<bool>,
    /// The owner has nothing left to do but to wait for the last child.
    waits: Cell<bool>,
    owner: Waiters,
    key: Cell<WaiterKey>,
    noted: Noted,
    line: &'static Location<'static>,
}
// ANCHOR_END: scope

impl<F: 'static> Scope<F> {
    pub(super) fn new(line: &'static Location<'static>) -> Scope<F> {
        Scope {
            children: RefCell::default(),
            failures: RefCell::default(),
            ending: Cell::new(false),
            over: Cell::new(false),
            waits: Cell::new(false),
            owner: Waiters::new(),
            key: Cell::default(),
            noted: Noted::default(),
            line,
        }
    }

    #[track_caller]
    pub(super) fn must_not_be_over(&self) {
        assert!(
            !self.over.get(),
            "the group (made at {}) is over: spawn before its body and its children have ended",
            self.line
        );
    }

    // ANCHOR: adopt
    /// Takes `task` as a child, which `failure` judges at its end.
    pub(super) fn adopt(
        self: &Rc<Self>,
        task: &TaskHandle,
        failure: impl FnOnce(Result<(), JoinError>) -> Option<F> + 'static,
    ) {
        let id = task.id();
        self.children.borrow_mut().insert(id, task.clone());
        let scope = Rc::clone(self);
        task.on_end(move |end| {
            let child = scope.children.borrow_mut().remove(&id);
            drop(child);
            if let Some(failure) = failure(end) {
                scope.fail(failure);
            }
            if scope.waits.get() && scope.is_empty() {
                scope.owner.wake_all();
            }
        });
        if self.ending.get() {
            task.cancel();
        }
    }

    /// Notes a failure. The first one cancels all children, and ends the body.
    pub(super) fn fail(&self, failure: F) {
        // hole: fail — note it, ask the children to end, and tell the owner
        // tried by: group
        // also: combinators
        self.failures.borrow_mut().push(failure);
        self.cancel();
        self.owner.wake_all();
        // end hole
    }
    // ANCHOR_END: adopt

    pub(super) fn has_failed(&self) -> bool {
        !self.failures.borrow().is_empty()
    }

    /// Asks all children to end, once, in the order in which they were spawned.
    pub(super) fn cancel(&self) {
        if !self.ending.replace(true) {
            self.each(ask_once);
        }
    }

    fn each(&self, work: impl Fn(&TaskHandle)) {
        // Foreign code, so not under the borrow.
        let children = Vec::from_iter(self.children.borrow().values().cloned());
        for task in &children {
            work(task);
        }
    }

    fn is_empty(&self) -> bool {
        self.children.borrow().is_empty()
    }

    /// From now on it is `waker` that is told of failures and of the last end.
    pub(super) fn register(self: &Rc<Self>, waker: &Waker) {
        let mut key = self.key.take();
        self.owner.register(&mut key, waker);
        self.key.set(key);
        let children = || Rc::downgrade(self) as Weak<dyn Children>;
        self.noted.note(waker, children);
    }

    /// Waits until all children are over.
    pub(super) async fn all_over(self: &Rc<Self>) {
        self.waits.set(true);
        poll_fn(|context| {
            if !self.is_empty() {
                // Foreign code: before the look.
                self.register(context.waker());
            }
            if self.is_empty() {
                return Poll::Ready(());
            }
            suspended(self.line, "group");
            Poll::Pending
        })
        .await;
    }

    /// It is over: its failures.
    pub(super) fn end(&self) -> Vec<F> {
        self.over.set(true);
        self.failures.take()
    }
}

impl<F> Children for Scope<F> {
    fn each_child(&self, tell: &mut dyn FnMut(&TaskHandle)) {
        self.children.borrow().values().for_each(tell);
    }
}

/// Aborts the children when it is dropped.
pub(super) struct AbortOnDrop<'s, F: 'static>(pub(super) &'s Scope<F>);

impl<F: 'static> Drop for AbortOnDrop<'_, F> {
    fn drop(&mut self) {
        self.0.ending.set(true);
        self.0.each(TaskHandle::abort);
        let mut key = self.0.key.take();
        self.0.owner.cancel(&mut key);
        self.0.noted.clear();
    }
}
