//! What a player shows of a run: a few lists, and what each step changes in them.
//!
//! Whoever plays a trace needs to know nothing of loops: all that a step does is worked out here, from the one
//! [`Replay`], and written as pieces of lists that are taken out and put in. A trace that cannot have happened is
//! refused here, and no such document is written of it.

mod ask;
mod panes;
mod source;
mod timers;

use serde::Serialize;
use serde_json::Value;

use crate::json::{json, lines};
use crate::says::time;
use crate::{Damaged, Replay, Runnable, State, Trace, What};

use ask::Question;
use panes::Panes;

/// A piece of the list `pane`: from `at` on, `removed` rows go and `rows` come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pane: &'static str,
    at: usize,
    removed: usize,
    rows: Vec<Value>,
}

/// `["queue", 0, 1]`, `["queue", 3, 0, 7]`.
impl Serialize for Change {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let head = (self.pane, self.at, self.removed);
        let (pane, at, removed) = (head.0.into(), head.1.into(), head.2.into());
        let rows = self.rows.iter().cloned();
        serializer.collect_seq(
            [pane, at, removed]
                .into_iter()
                .chain::<Vec<Value>>(rows.collect()),
        )
    }
}

/// What a step changes, and what may be asked before the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Step {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ask: Option<Question>,
}

impl Trace {
    /// The document for a player: as [`to_json`](Trace::to_json), with what each step changes on the screen.
    ///
    /// # Errors
    ///
    /// If the trace is damaged.
    ///
    /// ```
    /// # let json = r#"{"format": "from-yield-to-await trace", "version": 4, "chapter": "", "program": "",
    /// #     "args": [], "places": [], "sources": [], "left_out": 0, "events": [
    /// #     {"at": 0, "kind": "spawned", "task": 1, "name": "A", "place": null, "says": "A is spawned"}]}"#;
    /// let trace = timeline::Trace::parse(json)?;
    /// let document = trace.to_playable()?;
    /// assert!(document.contains(r#"["tasks",0,0,["A","waiting","new",0,null]]"#));
    /// // Whoever reads a trace reads this, too.
    /// assert_eq!(timeline::Trace::parse(&document)?, trace);
    /// # Ok::<(), timeline::Damaged>(())
    /// ```
    pub fn to_playable(&self) -> Result<String, Damaged> {
        let steps = self.steps()?;
        let more = [("flag", json(&has_flag(self))), ("steps", lines(&steps))];
        Ok(self.write(&more))
    }

    fn steps(&self) -> Result<Vec<Step>, Damaged> {
        let mut replay = Replay::new(self);
        let mut panes = Panes::default();
        let asker = ask::Asker::of(self);
        let mut steps = Vec::with_capacity(self.events.len());
        for (step, event) in self.events.iter().enumerate() {
            replay.apply(event)?;
            let state = replay.state();
            steps.push(Step {
                changes: panes.changes(&event.what, state),
                ask: asker.question(step, state, &panes),
            });
        }
        replay.finish()?;
        Ok(steps)
    }
}

/// Whether each loop of the run drives one future: then there is no queue, and a wake raises a flag.
fn has_flag(trace: &Trace) -> bool {
    let mut loops = trace.events.iter().filter_map(|event| match event.what {
        What::LoopStarted { of_one, .. } => Some(of_one),
        _ => None,
    });
    loops
        .next()
        .is_some_and(|of_one| of_one && loops.all(|of_one| of_one))
}

/// A task is its number here, and a callback its number negated.
fn entry(runnable: Runnable) -> i64 {
    match runnable {
        Runnable::Task(task) => i64::from(task),
        Runnable::Callback(callback) => -i64::from(callback),
    }
}

/// What somebody who runs is called.
fn name(runnable: Runnable, state: &State<'_>) -> String {
    match runnable {
        Runnable::Task(task) => match state.task(task) {
            Some(known) => known.name.to_string(),
            None => format!("task {task}"),
        },
        Runnable::Callback(callback) => format!("callback {callback}"),
    }
}
