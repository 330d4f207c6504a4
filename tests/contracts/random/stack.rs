//! The model's tasks: each is a stack of what it is in the middle of, and goes on at the top of it.

use crate::model::{Entry, Model, Task};
use crate::program::Step;

/// What a task is in the middle of. A `wait` is a number that is told when it is over.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    Body {
        body: usize,
        place: usize,
        handles: Vec<usize>,
    },
    /// It goes no further: a cancellation goes on.
    Resume,
    Catch {
        resumes: bool,
    },
    /// It has a turn, of the lock or semaphore in this place.
    Held(usize),
    Sleep(usize),
    Yield {
        polled: bool,
    },
    Join(usize),
    Event {
        event: usize,
        wait: usize,
    },
    /// In the line for a turn; then it does this.
    Line {
        place: usize,
        wait: usize,
        then: Step,
    },
    Gather {
        watched: usize,
        all: bool,
        cleans: bool,
    },
    Wait {
        watched: usize,
        wait: usize,
    },
    WaitFor {
        watched: usize,
        wait: usize,
        limit: Limit,
        asked: bool,
    },
    Shield(usize),
    Group {
        group: usize,
        is: In,
    },
}

/// Where a `wait_for` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Waits,
    /// The time is up: the task has one more turn.
    Yields,
    /// The task was asked.
    Ends,
    /// And it was this one's own task that was asked first.
    Cleans,
}

/// Where a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum In {
    Body,
    /// The body has ended like this.
    Gave,
    Failed,
    Panicked,
    Cleans,
}

/// What came of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Polled {
    Pending,
    Ready,
    Failed,
}

/// What came of a look at the top of the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    On,
    Waits,
    Ends,
    Fails,
    /// A cancellation goes on.
    Resumes,
}

impl Frame {
    pub(crate) fn body(body: usize) -> Frame {
        Frame::Body {
            body,
            place: 0,
            handles: Vec::new(),
        }
    }

    /// Whether it answers a request.
    fn is_scope(&self) -> bool {
        match self {
            Frame::Catch { .. } => true,
            Frame::Gather { cleans, .. } => !cleans,
            Frame::WaitFor { limit, .. } => *limit != Limit::Cleans,
            Frame::Group { is, .. } => *is != In::Cleans,
            _ => false,
        }
    }
}

impl Task {
    /// The innermost that answers a request.
    pub(crate) fn scope(&self) -> Option<usize> {
        self.frames.iter().rposition(Frame::is_scope)
    }

    pub(crate) fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("it is in the middle of it")
    }
}

impl Model<'_> {
    /// The task goes on until it waits or ends.
    pub(crate) fn poll(&mut self, task: usize) -> Polled {
        if !std::mem::replace(&mut self.tasks[task].begun, true) {
            self.say(task, "starts");
        }
        self.leave_failed_group(task);
        loop {
            match self.go_on(task) {
                Moved::On => {}
                Moved::Ends => {
                    self.say(task, "ends");
                    return Polled::Ready;
                }
                Moved::Fails => {
                    if !self.fail(task) {
                        return Polled::Failed;
                    }
                }
                Moved::Resumes => {
                    if !self.hear(task) {
                        self.tasks[task].ending = true;
                        return Polled::Pending;
                    }
                }
                Moved::Waits => {
                    let request = self.tasks[task].request.as_ref();
                    let asked = request.is_some_and(|it| !it.answered);
                    if !asked || !self.hear(task) {
                        return Polled::Pending;
                    }
                }
            }
        }
    }

    /// The outermost group whose child has failed leaves its body.
    fn leave_failed_group(&mut self, task: usize) {
        let failed = |frame: &Frame| match frame {
            Frame::Group {
                group,
                is: In::Body,
            } => self.groups[*group].failures > 0,
            _ => false,
        };
        if let Some(place) = self.tasks[task].frames.iter().position(failed) {
            self.unwind(task, place + 1);
            self.wait_for_children(task, In::Failed);
        }
    }

    pub(crate) fn wait_for_children(&mut self, task: usize, now: In) {
        if let Frame::Group { group, is } = self.tasks[task].top() {
            *is = now;
            let group = *group;
            self.groups[group].waits = true;
        }
    }

    /// A failure leaves all up to the innermost group's body. False: there is none.
    fn fail(&mut self, task: usize) -> bool {
        let frames = &self.tasks[task].frames;
        let body = |frame: &Frame| matches!(frame, Frame::Group { is: In::Body, .. });
        let Some(place) = frames.iter().rposition(body) else {
            self.unwind(task, 0);
            return false;
        };
        self.unwind(task, place + 1);
        if let Frame::Group { group, .. } = *self.tasks[task].top() {
            self.cancel_group(group);
        }
        self.wait_for_children(task, In::Panicked);
        true
    }

    /// The innermost scope hears. False: there is none.
    fn hear(&mut self, task: usize) -> bool {
        let Some(place) = self.tasks[task].scope() else {
            return false;
        };
        self.unwind(task, place + 1);
        // Also if it hears of it because a cancellation goes on: it answers both.
        let it = &mut self.tasks[task];
        if let Some(request) = it.request.as_mut().filter(|it| !it.answered) {
            (request.answered, it.answered) = (true, true);
        }
        match self.tasks[task].top() {
            Frame::Catch { resumes } => {
                let resumes = *resumes;
                self.tasks[task].frames.pop();
                self.say(task, "hears");
                if resumes {
                    self.tasks[task].frames.push(Frame::Resume);
                }
            }
            Frame::Gather {
                watched, cleans, ..
            } => {
                *cleans = true;
                let watched = *watched;
                self.cancel_watched(watched);
            }
            Frame::WaitFor {
                watched,
                limit,
                asked,
                wait,
            } => {
                *limit = Limit::Cleans;
                let (watched, asked, wait) = (*watched, *asked, *wait);
                self.stop_timer(wait);
                if !asked {
                    self.cancel_watched(watched);
                }
            }
            Frame::Group { group, .. } => {
                let group = *group;
                self.wait_for_children(task, In::Cleans);
                self.cancel_group(group);
            }
            other => unreachable!("{other:?}"),
        }
        true
    }

    /// Drops what is above `place`, the innermost first.
    pub(crate) fn unwind(&mut self, task: usize, place: usize) {
        while self.tasks[task].frames.len() > place {
            match self.tasks[task].frames.pop().expect("there is one") {
                Frame::Body { .. }
                | Frame::Resume
                | Frame::Catch { .. }
                | Frame::Yield { .. } => {}
                Frame::Held(place) => self.give(place),
                Frame::Sleep(wait) => self.stop_timer(wait),
                Frame::Join(other) => self.tasks[other]
                    .watchers
                    .retain(|it| !matches!(it, Entry::Turn(waiter) if *waiter == task)),
                Frame::Event { event, wait } => self.forget_event(event, wait),
                Frame::Line { place, wait, .. } => self.leave(place, wait),
                Frame::Gather { watched, .. } => self.unwatch(watched, true),
                Frame::Wait { watched, wait } => {
                    self.stop_timer(wait);
                    self.unwatch(watched, false);
                }
                Frame::WaitFor { watched, wait, .. } => {
                    self.stop_timer(wait);
                    self.unwatch(watched, true);
                }
                Frame::Shield(watched) => self.unwatch(watched, false),
                Frame::Group { group, .. } => self.leave_group(group),
            }
        }
    }

    /// Pops the top, which is over, and says so.
    pub(crate) fn over(&mut self, task: usize, what: &str) -> Moved {
        self.tasks[task].frames.pop();
        self.say(task, what);
        Moved::On
    }

    fn go_on(&mut self, task: usize) -> Moved {
        let Some(frame) = self.tasks[task].frames.last().cloned() else {
            return Moved::Ends;
        };
        match frame {
            Frame::Body { body, place, .. } => match self.program[body].get(place) {
                Some(step) => self.begin_step(task, &step.clone()),
                None => self.leave_body(task),
            },
            Frame::Resume => Moved::Resumes,
            Frame::Catch { .. } => self.leave_body(task),
            Frame::Held(place) => {
                self.give(place);
                self.leave_body(task)
            }
            Frame::Sleep(wait) | Frame::Event { wait, .. } => match self.is_told(wait) {
                true => self.over(task, "goes on"),
                false => Moved::Waits,
            },
            Frame::Yield { polled: true } => self.over(task, "goes on"),
            Frame::Yield { polled: false } => {
                *self.tasks[task].top() = Frame::Yield { polled: true };
                self.wake(task);
                Moved::Waits
            }
            Frame::Join(other) => match self.tasks[other].end {
                Some(end) => self.over(task, &format!("joins {}", end.word())),
                None => Moved::Waits,
            },
            Frame::Line { wait, then, .. } => match self.is_told(wait) {
                true => {
                    self.tasks[task].frames.pop();
                    self.has_turn(task, &then)
                }
                false => Moved::Waits,
            },
            frame => self.go_on_together(task, &frame),
        }
    }

    pub(crate) fn leave_body(&mut self, task: usize) -> Moved {
        self.tasks[task].frames.pop();
        Moved::On
    }
}
