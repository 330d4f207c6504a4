//! Tasks as spans of the crate `tracing`. What a subscriber does is foreign code, and its panic ends here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use task_cell::{JoinError, TaskHandle, TaskInfo};
use tracing::{Span, debug, debug_span, warn};
use wakers::contained;

use crate::debug::Report;

/// The spans of one runtime's tasks that are not over, by the tasks' numbers.
pub(crate) struct Spans {
    runtime: Option<Rc<str>>,
    all: RefCell<HashMap<u64, Span>>,
}

impl Spans {
    pub(crate) fn new(runtime: Option<Rc<str>>) -> Spans {
        let all = RefCell::default();
        Spans { runtime, all }
    }

    /// Lets `task` have its `turn`, within its span.
    pub(crate) fn watch(&self, task: &TaskHandle, turn: &mut dyn FnMut()) {
        let known = self.all.borrow().get(&task.id()).cloned();
        let span = known.unwrap_or_else(|| {
            let new = contained("a subscriber", || self.span_of(task));
            let new = new.unwrap_or_else(Span::none);
            self.all.borrow_mut().insert(task.id(), new.clone());
            new
        });
        let entered = contained("a subscriber", || span.enter());
        turn();
        if let Some(end) = task.end() {
            contained("a subscriber", || told(end));
        }
        contained("a subscriber", || drop(entered));
        if task.is_finished() {
            let kept = self.all.borrow_mut().remove(&task.id());
            if let Some(last) = kept {
                let_go(last);
            }
        }
        let_go(span);
    }

    fn span_of(&self, task: &TaskHandle) -> Span {
        let TaskInfo {
            id, name, spawned, ..
        } = TaskInfo::of(task.clone());
        let runtime = self.runtime.as_deref();
        debug_span!(target: "taxi", parent: None, "task", id, name, %spawned, runtime)
    }

    /// The tasks are gone.
    pub(crate) fn close(&self) {
        self.all.take().into_values().for_each(let_go);
    }
}

/// Closes the span, if it is the last of its kind.
fn let_go(span: Span) {
    contained("a subscriber", || drop(span));
}

fn told(end: Result<(), JoinError>) {
    match end {
        Ok(()) => debug!(target: "taxi", end = "value", "over"),
        Err(JoinError::Cancelled) => debug!(target: "taxi", end = "cancelled", "over"),
        Err(JoinError::Panicked(panic)) => {
            let message = panic.message().unwrap_or_default();
            debug!(target: "taxi", end = "panicked", panic = message, "over");
        }
    }
}

/// What tells of the reports of debug mode, if nothing else was said.
pub(crate) fn warn_of(report: &Report) {
    warn!(target: "taxi", task = report.task, "{report:#}");
}
