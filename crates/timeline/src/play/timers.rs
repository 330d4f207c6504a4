//! The timers in order, and the array of the heap.

use serde_json::{Value, json};

use super::panes::{put, set, take};
use super::{Change, time};
use crate::{By, State, TimerState, What};

/// What is shown now.
#[derive(Debug, Default)]
pub(super) struct Timers {
    /// Those that will fire, and those that were cancelled and are still on the heap: the earliest first.
    listed: Vec<u32>,
    /// Those among them that were cancelled.
    dead: Vec<u32>,
    /// One that has fired in the last step stands above the others.
    fires: bool,
    /// The heap's array; `[0]` if it was too long to be recorded.
    heap: Vec<u32>,
}

impl Timers {
    pub(super) fn changes(
        &mut self,
        event: &What,
        state: &State<'_>,
        changes: &mut Vec<Change>,
    ) {
        if std::mem::take(&mut self.fires) {
            changes.push(take("timers", 0));
        }
        let (timer, heap) = match event {
            What::TimerSet { timer, heap, .. } => {
                let at = self.place(*timer, state);
                self.listed.insert(at, *timer);
                changes.push(put("timers", at, row(*timer, "", state)));
                (*timer, heap)
            }
            What::TimerFired { timer, heap } | What::TimerCancelled { timer, heap } => {
                (*timer, heap)
            }
            _ => return,
        };
        let on_heap =
            |timer: &u32| heap.as_ref().is_some_and(|heap| heap.contains(timer));
        for gone in self
            .dead
            .extract_if(.., |it| !on_heap(it))
            .collect::<Vec<_>>()
        {
            self.unlist(gone, state, changes);
        }
        self.relist(timer, heap.as_deref().unwrap_or_default(), state, changes);
        match event {
            What::TimerCancelled { .. } if on_heap(&timer) => {
                self.dead.push(timer);
                changes.push(set(
                    "timers",
                    self.place(timer, state),
                    row(timer, "dead", state),
                ));
            }
            What::TimerCancelled { .. } => self.unlist(timer, state, changes),
            What::TimerFired { .. } => {
                self.unlist(timer, state, changes);
                self.fires = true;
                changes.push(put("timers", 0, row(timer, "fires", state)));
            }
            _ => {}
        }
        self.see(heap.as_deref().unwrap_or(&[0]), changes);
    }

    /// Lists the dead that a heap which was too long to be recorded has kept: now it is short enough to show them.
    /// What becomes of `timer` is told by the event itself.
    fn relist(
        &mut self,
        timer: u32,
        heap: &[u32],
        state: &State<'_>,
        changes: &mut Vec<Change>,
    ) {
        for back in heap.iter().copied().filter(|it| *it != timer) {
            let is = state.timers()[back as usize - 1].is;
            if is == TimerState::Cancelled && !self.dead.contains(&back) {
                let at = self.place(back, state);
                self.listed.insert(at, back);
                self.dead.push(back);
                changes.push(put("timers", at, row(back, "dead", state)));
            }
        }
    }

    /// Where a timer stands, or would.
    fn place(&self, timer: u32, state: &State<'_>) -> usize {
        let key = |timer: u32| (state.timers()[timer as usize - 1].deadline, timer);
        self.listed.partition_point(|it| key(*it) < key(timer))
    }

    fn unlist(&mut self, timer: u32, state: &State<'_>, changes: &mut Vec<Change>) {
        let at = self.place(timer, state);
        self.listed.remove(at);
        changes.push(take("timers", at));
    }

    /// Shows what has changed in the array, in one piece.
    fn see(&mut self, heap: &[u32], changes: &mut Vec<Change>) {
        let same = |(a, b): &(&u32, &u32)| a == b;
        let ahead = self.heap.iter().zip(heap).take_while(same).count();
        let (old, new) = (&self.heap[ahead..], &heap[ahead..]);
        let behind = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take_while(same)
            .count();
        let (removed, rows) = (old.len() - behind, &new[..new.len() - behind]);
        if removed > 0 || !rows.is_empty() {
            let rows = rows.iter().map(|timer| json!(timer)).collect();
            changes.push(Change {
                pane: "heap",
                at: ahead,
                removed,
                rows,
            });
            self.heap = heap.to_vec();
        }
    }
}

/// Its number, when it is due, whose it is (a task's number, or words), and what has become of it.
fn row(timer: u32, word: &str, state: &State<'_>) -> Value {
    let known = state.timers()[timer as usize - 1];
    let whose = match known.by {
        By::Task(task) => json!(task),
        By::Callback(callback) => json!(format!("callback {callback}")),
        By::Program => json!("the program"),
        By::Thread => json!("another thread"),
        By::Timer(_) | By::Socket(_) | By::Mail | By::Loop => json!("the loop"),
    };
    json!([timer, time(known.deadline), whose, word])
}
