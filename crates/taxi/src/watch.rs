//! Whoever looks at each turn of a runtime: debug mode, and the spans of `tracing`.

use task_cell::{TaskHandle, Unfinished};

use crate::debug::Debug;

pub(crate) struct Watch {
    pub(crate) debug: Option<Debug>,
    #[cfg(feature = "tracing")]
    pub(crate) spans: Option<crate::spans::Spans>,
}

impl Watch {
    /// Lets `task`, or a callback, have its `turn`.
    pub(crate) fn turn(&self, task: Option<&TaskHandle>, turn: &mut dyn FnMut()) {
        let mut turn = || match &self.debug {
            Some(debug) => debug.watch(task, turn),
            None => turn(),
        };
        // Outside, so that a report is told within the task's span.
        #[cfg(feature = "tracing")]
        if let (Some(spans), Some(task)) = (&self.spans, task) {
            return spans.watch(task, &mut turn);
        }
        turn();
    }

    /// These were dropped with their runtime.
    pub(crate) fn destroyed(&self, unfinished: &[Unfinished]) {
        if let Some(debug) = &self.debug {
            debug.destroyed(unfinished);
        }
        #[cfg(feature = "tracing")]
        if let Some(spans) = &self.spans {
            spans.close();
        }
    }
}
