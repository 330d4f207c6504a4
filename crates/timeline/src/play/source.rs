//! Which line of source a step is about.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::name;
use crate::{By, Runnable, State, What};

/// What is known of lines so far.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// Where each task was suspended last.
    stopped: HashMap<u32, usize>,
    /// The line that was named last.
    last: Option<usize>,
}

impl Focus {
    pub(super) fn stopped_at(&self, task: u32) -> Option<usize> {
        self.stopped.get(&task).copied()
    }

    /// The line, what it is to the step (`""`: nothing, and it is only shown), and a word on whoever runs there.
    pub(super) fn on(&mut self, event: &What, state: &State<'_>) -> Option<Value> {
        let named = self.hear(event);
        let (place, is, word) = match event {
            What::Spawned { .. } if named.is_some() => (named, "spawned", String::new()),
            What::Pending { .. } if named.is_some() => (named, "stopped", String::new()),
            _ => match innermost(state) {
                Some(task) => {
                    let spawned = state.task(task).and_then(|known| known.spawned_at);
                    let place = self.stopped_at(task).or(spawned);
                    return place.map(|it| json!([it, "running", goes_on(task, state)]));
                }
                None => (
                    waiting(about(event, state), state),
                    "stopped",
                    String::new(),
                ),
            },
        };
        match (place, self.last) {
            (Some(place), _) => Some(json!([place, is, word])),
            (None, last) => last.map(|place| json!([place, "", ""])),
        }
    }

    /// The place that `event` names, if it names one.
    fn hear(&mut self, event: &What) -> Option<usize> {
        let named = match *event {
            What::Spawned { place, .. } => place,
            What::Pending { task, place, .. } => {
                match place {
                    Some(place) => self.stopped.insert(task, place),
                    None => self.stopped.remove(&task),
                };
                place
            }
            _ => None,
        };
        self.last = named.or(self.last);
        named
    }
}

fn innermost(state: &State<'_>) -> Option<u32> {
    state.running().iter().rev().find_map(|who| match who {
        Runnable::Task(task) => Some(*task),
        Runnable::Callback(_) => None,
    })
}

fn goes_on(task: u32, state: &State<'_>) -> String {
    let known = state.task(task);
    let word = match known {
        Some(known) if known.is_dropping => "is dropped",
        Some(known) if known.polls > 1 => "goes on",
        _ => "starts",
    };
    format!("{} {word}", name(Runnable::Task(task), state))
}

/// The task whose turn `event` brings nearer.
fn about(event: &What, state: &State<'_>) -> Option<u32> {
    match *event {
        What::TimerFired { timer, .. } => match state.timers()[timer as usize - 1].by {
            By::Task(task) => Some(task),
            _ => None,
        },
        What::Mailed { task, .. }
        | What::MailRead { task, .. }
        | What::MailRefused { task, .. } => task,
        What::Woken { task, .. }
        | What::Requeued { task }
        | What::Named { task, .. }
        | What::CancelAsked { task, .. } => Some(task),
        _ => None,
    }
}

fn waiting(task: Option<u32>, state: &State<'_>) -> Option<usize> {
    state.task(task?)?.suspended_at
}
