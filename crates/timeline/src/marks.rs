//! What is to be seen in a chart besides who does what: wakes, ends, timers.

use crate::builder::Builder;
use crate::chart::{Arrow, Is, Mark, Sign, Who, task_is};
use crate::{By, End, Runnable, State};

impl Builder {
    pub(crate) fn sign(&mut self, step: usize, who: Who, what: Sign) {
        let column = self.columns.len() - 1;
        self.marks.push(Mark {
            column,
            who,
            what,
            step,
        });
    }

    pub(crate) fn mark(&mut self, step: usize, who: Who, what: Sign, state: &State<'_>) {
        if self.lanes.contains_key(&who) {
            self.here(step, state);
            self.sign(step, who, what);
        }
    }

    pub(crate) fn set(&mut self, who: Who, is: Is) {
        if let Some(cell) = self
            .lanes
            .get_mut(&who)
            .and_then(|lane| lane.cells.last_mut())
        {
            *cell = is;
        }
    }

    /// The lane of whoever does something, if that is drawn.
    pub(crate) fn lane_of(&self, by: By) -> Option<Who> {
        let who = match by {
            By::Task(task) => Who::Task(task),
            By::Callback(_) => Who::Callbacks,
            By::Timer(_) => Who::Timers,
            By::Socket(socket) => Who::Socket(socket),
            By::Thread => Who::Thread,
            By::Program => Who::Program,
            By::Mail => Who::Inbox,
            By::Loop => return None,
        };
        self.lanes.contains_key(&who).then_some(who)
    }

    /// Somebody outside the loop has a lane from the first thing on that it does.
    pub(crate) fn act(&mut self, step: usize, by: By, state: &State<'_>) {
        let (who, name) = match by {
            By::Thread => (Who::Thread, "another thread"),
            By::Program => (Who::Program, "the program"),
            _ => return,
        };
        self.add(who, name);
        self.mark(step, who, Sign::Acted, state);
    }

    pub(crate) fn wake(
        &mut self,
        step: usize,
        task: u32,
        how: (By, bool),
        state: &State<'_>,
    ) {
        let (by, again) = how;
        self.arrow(step, by, task, (again, false), state);
        let to = Who::Task(task);
        if self.lanes.contains_key(&to) && !again {
            self.sign(step, to, Sign::Woken);
            self.set(to, task_is(task, state));
        }
    }

    pub(crate) fn arrow(
        &mut self,
        step: usize,
        by: By,
        task: u32,
        how: (bool, bool),
        state: &State<'_>,
    ) {
        let to = Who::Task(task);
        if !self.lanes.contains_key(&to) {
            return;
        }
        self.act(step, by, state);
        self.here(step, state);
        self.arrow_to(step, by, to, how);
    }

    /// An arrow in the last column: whether it changes nothing, and whether it asks for an end.
    pub(crate) fn arrow_to(&mut self, step: usize, by: By, to: Who, how: (bool, bool)) {
        if let Some(from) = self.lane_of(by) {
            let (column, (again, cancels)) = (self.columns.len() - 1, how);
            self.arrows.push(Arrow {
                column,
                from,
                to,
                again,
                cancels,
                step,
            });
        }
    }

    pub(crate) fn end(&mut self, step: usize, task: u32, end: End, state: &State<'_>) {
        let who = Who::Task(task);
        if !self.lanes.contains_key(&who) {
            return;
        }
        if self.open != Some(Some(Runnable::Task(task))) {
            self.here(step, state);
            self.set(who, Is::Absent);
        }
        self.sign(step, who, Sign::Ended(end));
        self.open = self.open.filter(|open| *open != Some(Runnable::Task(task)));
    }
}
