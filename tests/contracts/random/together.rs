//! The model's waits for several tasks.

use crate::model::{End, Model};
use crate::stack::{Frame, In, Limit, Moved};

impl Model<'_> {
    /// It waits for several tasks.
    pub(crate) fn go_on_together(&mut self, task: usize, frame: &Frame) -> Moved {
        match *frame {
            Frame::Gather {
                watched,
                all,
                cleans,
            } => {
                if !self.is_over(watched, cleans, task) {
                    return Moved::Waits;
                }
                if cleans {
                    self.unwind_one(task);
                    return Moved::Resumes;
                }
                let told = self.gathered(watched, all);
                self.watched[watched].alive = false;
                self.over(task, &told)
            }
            Frame::Wait { watched, wait } => {
                if !self.is_over(watched, false, task) && !self.is_told(wait) {
                    return Moved::Waits;
                }
                self.stop_timer(wait);
                self.waited(task, watched)
            }
            Frame::WaitFor { .. } => self.go_on_waiting_for(task, frame),
            Frame::Shield(watched) => {
                if !self.is_over(watched, false, task) {
                    return Moved::Waits;
                }
                self.watched[watched].alive = false;
                let end = self.end_of(self.watched[watched].tasks[0]);
                self.over(task, &format!("shielded {}", end.word()))
            }
            Frame::Group { group, is } => self.go_on_in_group(task, group, is),
            _ => unreachable!("{frame:?}"),
        }
    }

    fn unwind_one(&mut self, task: usize) {
        let place = self.tasks[task].frames.len() - 1;
        self.unwind(task, place);
    }

    fn end_of(&self, task: usize) -> End {
        self.tasks[task].end.expect("it is over")
    }

    /// Whether one end has decided, or all have told; if not, the task waits for that.
    fn is_over(&mut self, watched: usize, all: bool, task: usize) -> bool {
        let it = &mut self.watched[watched];
        let over = if all { it.left == 0 } else { it.released };
        it.waiter = (!over).then_some(task);
        over
    }

    fn gathered(&self, watched: usize, all: bool) -> String {
        let it = &self.watched[watched];
        let ends = || it.tasks.iter().map(|task| self.end_of(*task).word());
        match it.decided {
            Some(end) => format!("gathers {}", end.word()),
            None if all => {
                format!("gathers all: {}", ends().collect::<Vec<_>>().join(" "))
            }
            None => format!("gathers [{}]", ends().collect::<Vec<_>>().join(", ")),
        }
    }

    fn waited(&mut self, task: usize, watched: usize) -> Moved {
        self.watched[watched].alive = false;
        let tasks = self.watched[watched].tasks.clone();
        let over = |task: &usize| self.tasks[*task].end.is_some();
        let (done, pending): (Vec<_>, Vec<_>) = tasks.into_iter().partition(over);
        let told = format!("waited: {} done, {} pending", done.len(), pending.len());
        self.tasks[task].frames.pop();
        if let Frame::Body { handles, .. } = self.tasks[task].top() {
            *handles = pending;
        }
        self.say(task, &told);
        Moved::On
    }

    fn go_on_waiting_for(&mut self, task: usize, frame: &Frame) -> Moved {
        let &Frame::WaitFor {
            watched,
            wait,
            limit,
            asked,
        } = frame
        else {
            unreachable!("{frame:?}")
        };
        let inner = self.watched[watched].tasks[0];
        let is = |limit, asked| Frame::WaitFor {
            watched,
            wait,
            limit,
            asked,
        };
        match limit {
            Limit::Waits if self.is_over(watched, false, task) => {}
            Limit::Waits if self.is_told(wait) => {
                self.watched[watched].waiter = None;
                *self.tasks[task].top() = is(Limit::Yields, false);
                self.wake(task);
                return Moved::Waits;
            }
            Limit::Waits => return Moved::Waits,
            Limit::Yields if self.tasks[inner].end.is_some() => {}
            Limit::Yields => {
                let asked = self.cancel(inner);
                *self.tasks[task].top() = is(Limit::Ends, asked);
                return Moved::On;
            }
            _ if !self.is_over(watched, true, task) => return Moved::Waits,
            Limit::Ends => {}
            Limit::Cleans => {
                self.unwind_one(task);
                return Moved::Resumes;
            }
        }
        self.stop_timer(wait);
        self.watched[watched].alive = false;
        let word = match self.end_of(inner) {
            End::Lost if asked => "elapsed".into(),
            end => end.word(),
        };
        self.over(task, &format!("waited for {word}"))
    }

    fn go_on_in_group(&mut self, task: usize, group: usize, is: In) -> Moved {
        if is == In::Body {
            self.wait_for_children(task, In::Gave);
            return Moved::On;
        }
        if !self.groups[group].children.is_empty() {
            return Moved::Waits;
        }
        self.unwind_one(task);
        match (is, self.groups[group].failures) {
            (In::Panicked, _) => Moved::Fails,
            (In::Cleans, 0) => Moved::Resumes,
            (_, 0) => {
                self.say(task, "group ends");
                Moved::On
            }
            (_, failures) => {
                self.say(task, &format!("group fails {failures}"));
                Moved::On
            }
        }
    }
}
