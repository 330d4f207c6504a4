//! The model's gathers, waits and groups: what is known of tasks whose ends somebody waits for.

use std::collections::BTreeSet;

use crate::model::{End, Entry, Model};
use crate::program::When;

/// Tasks whose ends somebody waits for, and which tell it by an entry in the queue.
#[derive(Debug)]
pub(crate) struct Watched {
    pub tasks: Vec<usize>,
    /// What lets the waiter go on, beside the end of all.
    when: When,
    /// How many have not told.
    pub left: usize,
    pub released: bool,
    /// The end that let the waiter go on.
    pub decided: Option<End>,
    /// Who waits at the moment.
    pub waiter: Option<usize>,
    /// Somebody has them still.
    pub alive: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Those that are not over.
    pub children: BTreeSet<usize>,
    pub failures: usize,
    /// They were asked to end.
    ending: bool,
    /// Its owner has nothing left to do but to wait for the last of them.
    pub waits: bool,
    /// Gone when it is over.
    pub owner: Option<usize>,
}

impl Model<'_> {
    /// Watches these tasks: whoever waits for them goes on at the end that `when` names, or when all have told.
    pub(crate) fn watch(&mut self, tasks: Vec<usize>, when: When) -> usize {
        let watched = self.watched.len();
        for &task in &tasks {
            self.at_end(task, Entry::Seen { watched, task });
        }
        self.watched.push(Watched {
            when,
            left: tasks.len(),
            released: tasks.is_empty(),
            decided: None,
            waiter: None,
            alive: true,
            tasks,
        });
        watched
    }

    pub(crate) fn seen(&mut self, watched: usize, task: usize) {
        let end = self.tasks[task].end.expect("it has ended");
        let it = &mut self.watched[watched];
        if !it.alive {
            return;
        }
        it.left -= 1;
        let decides = match it.when {
            When::First => true,
            When::Error => end == End::Failed,
            When::Unless => !matches!(end, End::Value(_)),
            When::All => false,
        };
        if decides && !it.released {
            it.decided = Some(end);
        } else if it.left > 0 {
            return;
        }
        it.released = true;
        if let Some(waiter) = it.waiter.take() {
            self.wake(waiter);
        }
    }

    /// Nobody has them any more; whoever had them may have owned them.
    pub(crate) fn unwatch(&mut self, watched: usize, owned: bool) {
        self.watched[watched].alive = false;
        for task in self.watched[watched].tasks.clone() {
            if owned {
                self.abort(task);
            }
        }
    }

    pub(crate) fn cancel_watched(&mut self, watched: usize) {
        for task in self.watched[watched].tasks.clone() {
            self.ask_once(task);
        }
    }

    pub(crate) fn new_group(&mut self, owner: usize, bodies: &[usize]) -> usize {
        let group = self.groups.len();
        self.groups.push(Group {
            owner: Some(owner),
            ..Group::default()
        });
        for body in bodies {
            if let Some(task) = self.spawn(*body) {
                self.groups[group].children.insert(task);
                self.at_end(task, Entry::Child { group, task });
            }
        }
        group
    }

    pub(crate) fn child_ended(&mut self, group: usize, task: usize) {
        let it = &mut self.groups[group];
        it.children.remove(&task);
        let mut wakes = it.waits && it.children.is_empty();
        if self.tasks[task].end == Some(End::Failed) {
            it.failures += 1;
            self.cancel_group(group);
            wakes = true;
        }
        if let Some(owner) = self.groups[group].owner.filter(|_| wakes) {
            self.wake(owner);
        }
    }

    /// Asks all children to end, once.
    pub(crate) fn cancel_group(&mut self, group: usize) {
        let it = &mut self.groups[group];
        if !std::mem::replace(&mut it.ending, true) {
            for task in it.children.clone() {
                self.ask_once(task);
            }
        }
    }

    /// The group is over, or its owner goes away: then its children are ended.
    pub(crate) fn leave_group(&mut self, group: usize) {
        let it = &mut self.groups[group];
        it.ending = true;
        it.owner = None;
        for task in it.children.clone() {
            self.abort(task);
        }
    }
}
