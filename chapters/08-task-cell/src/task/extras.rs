//! What few tasks need: kept in a box of its own, so that the others do not pay for it.

use std::any::Any;
use std::collections::BTreeMap;

use ::tasks::Unfinished;
use wakers::{Callback, discard};

use super::{CANCELLED, DONE, HANDLE, Header, OUTPUT, PANICKED, TaskRef};
use crate::cancel::{Requests, Scope};
use crate::{JoinError, Panic};

/// Makes the callback that is queued at the task's end, with a result of its own.
pub(crate) type Prepare = Box<dyn FnOnce(&TaskRef) -> Callback>;

/// The rest of a task.
#[derive(Default)]
pub(crate) struct Extras {
    pub(crate) name: Option<Box<str>>,
    /// Who is to be called at its end, by key: in the order in which they asked.
    pub(crate) callbacks: BTreeMap<u64, Prepare>,
    /// The last key that was given out before the joiner came: those up to it are told first.
    pub(crate) joined_after: u64,
    /// The calls of `catch_cancel` that were polled in it and are pending, in that order. A task may have very many,
    /// each of which leaves by itself: by key, so that none has to be looked for.
    pub(crate) scopes: BTreeMap<u64, Scope>,
    /// Of a callback or a scope.
    pub(crate) last_key: u64,
    /// To end: what it was asked, and what it has answered.
    pub(crate) requests: Requests,
    /// What it panicked with.
    pub(crate) panic: Option<Panic>,
}

impl Extras {
    /// Its key is what takes it out again.
    pub(crate) fn add_scope(&mut self) -> u64 {
        self.last_key += 1;
        self.scopes.insert(self.last_key, Scope::default());
        self.last_key
    }
}

impl Header {
    /// It has ended by a panic. What it was thrown with is kept for the callbacks, also if there is no handle any more.
    #[cold]
    pub(super) fn panicked(&self, payload: Box<dyn Any + Send>) {
        self.state.set(PANICKED);
        self.with_extras(|extras| extras.panic = Some(Panic::new(payload)));
    }
}

impl TaskRef {
    /// `Task-N`, or the name it was given.
    pub(crate) fn name(&self) -> String {
        let own = self.extras(|extras| extras.name.clone()).flatten();
        own.map_or_else(|| format!("Task-{}", self.id), String::from)
    }

    /// What is said of it if it is dropped before its end.
    pub(crate) fn unfinished(&self) -> Unfinished {
        Unfinished {
            id: self.id,
            name: self.name(),
            spawned: self.spawned,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state.has(DONE)
    }

    /// How it ended, if not with a value. Without a handle, what it panicked with is gone.
    #[inline]
    pub(crate) fn error(&self) -> Option<JoinError> {
        let failed = self.state.has(CANCELLED | PANICKED);
        failed.then(|| self.failure())
    }

    #[cold]
    fn failure(&self) -> JoinError {
        if self.state.has(CANCELLED) {
            return JoinError::Cancelled;
        }
        let panic = self.extras(|extras| extras.panic.clone());
        JoinError::Panicked(panic.flatten().unwrap_or_default())
    }

    /// How it ended, whatever its value is.
    pub(crate) fn end(&self) -> Result<(), JoinError> {
        self.error().map_or(Ok(()), Err)
    }

    /// Asks `prepare` for a callback when the task ends. What takes that back is its key.
    pub(crate) fn at_end(&self, prepare: Prepare) -> u64 {
        self.with_extras(|extras| {
            extras.last_key += 1;
            extras.callbacks.insert(extras.last_key, prepare);
            extras.last_key
        })
    }

    /// Drops what is left of a task that is over, once nobody can ask for it any more.
    #[inline]
    pub(crate) fn discard(&self) {
        debug_assert!(self.is_over() && !self.state.has(HANDLE));
        let drops = self.state.has(OUTPUT) && self.vtable.output_needs_drop;
        let extras = self.extras.take();
        if drops || extras.is_some() {
            self.discard_both(extras);
        }
    }

    /// The name stays.
    #[cold]
    fn discard_both(&self, mut extras: Option<Box<Extras>>) {
        let name = extras.as_mut().and_then(|extras| extras.name.take());
        discard("a callback's destructor", extras);
        if name.is_some() {
            self.with_extras(|extras| extras.name = name);
        }
        discard("a task's output", Output(self.clone()));
    }
}

/// The output of a task that nobody will ask for. It may be the handle of another task, whose output is a handle, and
/// so on: so it is discarded, which needs no deeper stack.
struct Output(TaskRef);

impl Drop for Output {
    fn drop(&mut self) {
        if self.0.state.has(OUTPUT) {
            self.0.state.clear(OUTPUT);
            // SAFETY: this is a reference, so the cell is live; OUTPUT was set and is cleared.
            unsafe { (self.0.vtable.drop_output)(self.0.as_ptr()) };
        }
    }
}
