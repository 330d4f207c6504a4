//! The lists that a player shows, and what a step changes in them.

use serde_json::{Value, json};

use super::source::Focus;
use super::timers::Timers;
use super::{Change, entry, name, time};
use crate::state::{Letter, Move};
use crate::{End, Host, Mail, Network, Outcome, Phase, Runnable, State, Task, Way, What};

/// What is shown now.
#[derive(Debug, Default)]
pub(super) struct Panes {
    /// The rows of all tasks.
    tasks: Vec<Value>,
    timers: Timers,
    focus: Focus,
    /// Of each socket, whether it is ready to be read and to be written.
    ready: Vec<[bool; 2]>,
    /// The rows of all simulated hosts.
    hosts: Vec<Value>,
    /// Which messages are under way.
    under_way: Vec<u32>,
    /// How many lines there are.
    lines: usize,
    /// Lists of one row.
    clock: Option<Value>,
    runs: Option<Value>,
    line: Option<Value>,
}

impl Panes {
    /// What `event`, which has led to `state`, changes.
    pub(super) fn changes(&mut self, event: &What, state: &State<'_>) -> Vec<Change> {
        let mut changes = Vec::new();
        let clock = Some(json!(time(state.now())));
        only("clock", &mut self.clock, clock, &mut changes);
        self.tasks_and_queue(state, &mut changes);
        only("runs", &mut self.runs, Some(runs(state)), &mut changes);
        self.timers.changes(event, state, &mut changes);
        self.socket(event, state, &mut changes);
        self.hosts(state.network(), &mut changes);
        self.messages(event, state.network(), &mut changes);
        if let What::Printed { text, .. } = event {
            let at = self.lines;
            self.lines += 1;
            changes.push(put("output", at, json!(text)));
        }
        let line = self.focus.on(event, state);
        only("line", &mut self.line, line, &mut changes);
        changes
    }

    /// Where a task was suspended last.
    pub(super) fn stopped_at(&self, task: u32) -> Option<usize> {
        self.focus.stopped_at(task)
    }

    fn tasks_and_queue(&mut self, state: &State<'_>, changes: &mut Vec<Change>) {
        for moved in &state.moves {
            match *moved {
                Move::Touched(task) => self.task(task, state, changes),
                Move::Queued(at, who) => {
                    changes.push(put("queue", at, json!(entry(who))))
                }
                Move::Unqueued(at) => changes.push(take("queue", at)),
                Move::Mailed(at, letter) => {
                    changes.push(put("inbox", at, json!(label(letter, state))));
                }
                Move::Read(at) => changes.push(take("inbox", at)),
            }
        }
    }

    fn task(&mut self, task: u32, state: &State<'_>, changes: &mut Vec<Change>) {
        let Some(known) = state.task(task) else {
            return;
        };
        let (at, row) = (task as usize - 1, row(known));
        match self.tasks.get_mut(at) {
            Some(before) if *before == row => {}
            Some(before) => {
                before.clone_from(&row);
                changes.push(set("tasks", at, row));
            }
            None => {
                self.tasks.push(row.clone());
                changes.push(put("tasks", at, row));
            }
        }
    }

    fn socket(&mut self, event: &What, state: &State<'_>, changes: &mut Vec<Change>) {
        let (socket, is_new) = match *event {
            What::SocketOpened { socket, .. } => (socket, true),
            What::Tried { socket, .. }
            | What::Ready { socket, .. }
            | What::SocketClosed { socket } => (socket, false),
            _ => return,
        };
        let at = socket as usize - 1;
        if is_new {
            self.ready.push([false; 2]);
        }
        match *event {
            What::Ready { way, .. } => self.ready[at][way as usize] = true,
            What::Tried {
                way,
                outcome: Outcome::WouldBlock,
                ..
            } => {
                self.ready[at][way as usize] = false;
            }
            _ => {}
        }
        let known = state.sockets()[at];
        let ways =
            [Way::Read, Way::Write].map(|way| match self.ready[at][way as usize] {
                true => way_name(way),
                false => "",
            });
        let ready = match known.open {
            true => ways.join(" ").trim().replace(' ', ", "),
            false => "closed".to_string(),
        };
        let tried = known.tried.map(|(way, outcome)| {
            let outcome = match outcome {
                Outcome::Done => "done",
                Outcome::WouldBlock => "would block",
                Outcome::Failed => "failed",
            };
            format!("{}: {outcome}", way_name(way))
        });
        let name = format!("{} {socket}", known.name);
        let row = json!([name, known.open, ready, tried.unwrap_or_default()]);
        changes.push(if is_new {
            put("sockets", at, row)
        } else {
            set("sockets", at, row)
        });
    }
}

impl Panes {
    fn hosts(&mut self, network: &Network<'_>, changes: &mut Vec<Change>) {
        for (at, (host, number)) in network.hosts().iter().zip(1..).enumerate() {
            let row = host_row(host, network.is_at_fault(number));
            match self.hosts.get_mut(at) {
                Some(before) if *before == row => {}
                Some(before) => {
                    before.clone_from(&row);
                    changes.push(set("hosts", at, row));
                }
                None => {
                    self.hosts.push(row.clone());
                    changes.push(put("hosts", at, row));
                }
            }
        }
    }

    fn messages(
        &mut self,
        event: &What,
        network: &Network<'_>,
        changes: &mut Vec<Change>,
    ) {
        let (What::Sent { message, .. }
        | What::Arrived { message }
        | What::Lost { message }) = *event
        else {
            return;
        };
        let known = &network.messages()[message as usize - 1];
        let at = self.under_way.iter().position(|it| *it == message);
        match at {
            None => {
                let name = |host: u32| network.hosts()[host as usize - 1].name;
                let (from, to) = (name(known.from), name(known.to));
                let row = json!([message, from, to, known.about]);
                changes.push(put("messages", self.under_way.len(), row));
                self.under_way.push(message);
            }
            Some(at) if known.under_way == 0 => {
                self.under_way.remove(at);
                changes.push(take("messages", at));
            }
            Some(_) => {}
        }
    }
}

/// Its name, whether it runs, what it says of itself or why it says nothing, whether it leads.
fn host_row(host: &Host<'_>, at_fault: bool) -> Value {
    let is = match (host.runs, host.ended, host.what) {
        (false, _, _) => "does not run",
        (true, true, _) => "has done its work",
        (true, false, "") => "runs",
        (true, false, what) => what,
    };
    let is = match (host.runs, at_fault) {
        (true, true) => format!("{is} (fault)"),
        _ => is.to_string(),
    };
    json!([host.name, host.runs, is, host.leads])
}

fn way_name(way: Way) -> &'static str {
    match way {
        Way::Read => "read",
        Way::Write => "write",
    }
}

/// A list of one row, or of none.
fn only(
    pane: &'static str,
    shown: &mut Option<Value>,
    row: Option<Value>,
    changes: &mut Vec<Change>,
) {
    if *shown != row {
        let removed = usize::from(shown.is_some());
        let rows = row.iter().cloned().collect();
        changes.push(Change {
            pane,
            at: 0,
            removed,
            rows,
        });
        *shown = row;
    }
}

pub(super) fn put(pane: &'static str, at: usize, row: Value) -> Change {
    Change {
        pane,
        at,
        removed: 0,
        rows: vec![row],
    }
}

pub(super) fn set(pane: &'static str, at: usize, row: Value) -> Change {
    Change {
        pane,
        at,
        removed: 1,
        rows: vec![row],
    }
}

pub(super) fn take(pane: &'static str, at: usize) -> Change {
    Change {
        pane,
        at,
        removed: 1,
        rows: Vec::new(),
    }
}

/// Who runs, innermost; or, in words, why nobody does.
fn runs(state: &State<'_>) -> Value {
    match (state.running().last(), state.parked()) {
        (Some(who), _) => json!(entry(*who)),
        (None, Some(_)) => json!("the loop waits"),
        (None, None) => json!("nobody"),
    }
}

fn label(letter: Letter, state: &State<'_>) -> String {
    let what = match letter.what {
        Mail::Wake => "wake",
        Mail::Drop => "drop",
        Mail::Call => "call",
    };
    match letter.task {
        Some(task) => format!("{what}: {}", name(Runnable::Task(task), state)),
        None => what.to_string(),
    }
}

/// Its name, where it is, the same in words, how often it has run, the line at which it is suspended.
fn row(task: &Task<'_>) -> Value {
    let (is, words) = match task.phase() {
        Phase::Running if task.is_dropping => ("running", "is dropped"),
        Phase::Running => ("running", "runs"),
        Phase::Ready => ("ready", "ready"),
        Phase::Waiting if task.polls == 0 => ("waiting", "new"),
        Phase::Waiting => ("waiting", "waits"),
        Phase::Over(End::Finished) => ("over", "over"),
        Phase::Over(End::Dropped) => ("over", "dropped"),
        Phase::Over(End::Cancelled) => ("over", "cancelled"),
        Phase::Over(End::Panicked) => ("over", "panicked"),
    };
    let words = match (words, task.why) {
        ("waits", Some(why)) => format!("waits: {why}"),
        _ => words.to_string(),
    };
    let place = match task.phase() {
        Phase::Ready | Phase::Waiting => task.suspended_at,
        Phase::Running | Phase::Over(_) => None,
    };
    json!([task.name, is, words, task.polls, place])
}
