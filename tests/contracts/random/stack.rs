//! The model's tasks: each is a stack of what it is in the middle of, and goes on at the top of it.

use crate::model::{End, Entry, GET, Model, PUT, SEMAPHORE, Task};
use crate::program::{Step, When};

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
enum Moved {
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

    fn top(&mut self) -> &mut Frame {
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

    fn wait_for_children(&mut self, task: usize, now: In) {
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
    fn over(&mut self, task: usize, what: &str) -> Moved {
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

    fn leave_body(&mut self, task: usize) -> Moved {
        self.tasks[task].frames.pop();
        Moved::On
    }

    /// It waits for several tasks.
    fn go_on_together(&mut self, task: usize, frame: &Frame) -> Moved {
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

    /// The next step of the body at the top.
    fn begin_step(&mut self, task: usize, step: &Step) -> Moved {
        let Frame::Body { place, handles, .. } = self.tasks[task].top() else {
            unreachable!("a step is a body's")
        };
        *place += 1;
        match step {
            Step::JoinOldest | Step::JoinNewest => {
                let Some(newest) = handles.len().checked_sub(1) else {
                    return Moved::On;
                };
                let place = if *step == Step::JoinOldest { 0 } else { newest };
                let other = handles.remove(place);
                if self.tasks[other].end.is_none() {
                    self.at_end(other, Entry::Turn(task));
                }
                self.enter(task, Frame::Join(other))
            }
            Step::Wait(when, limit) => {
                let tasks = std::mem::take(handles);
                if tasks.is_empty() {
                    return Moved::On;
                }
                let watched = self.watch(tasks, *when);
                let wait = self.new_wait();
                if let Some(limit) = limit {
                    self.set_timer(task, wait, *limit);
                }
                self.enter(task, Frame::Wait { watched, wait })
            }
            Step::Spawn(body) => {
                let spawned = self.spawn(*body);
                if let Frame::Body { handles, .. } = self.tasks[task].top() {
                    handles.extend(spawned);
                }
                Moved::On
            }
            Step::Cancel(other) if *other < self.tasks.len() => {
                let cancels = self.cancel(*other);
                self.say(task, &format!("cancels: {}", u8::from(cancels)));
                Moved::On
            }
            Step::Cancel(_) => Moved::On,
            Step::Fail => Moved::Fails,
            Step::Set { event, clears } => {
                self.set(*event, *clears);
                Moved::On
            }
            step => self.begin_wait(task, step),
        }
    }

    fn enter(&mut self, task: usize, frame: Frame) -> Moved {
        self.tasks[task].frames.push(frame);
        Moved::On
    }

    /// A step that may suspend.
    fn begin_wait(&mut self, task: usize, step: &Step) -> Moved {
        match step {
            Step::Sleep(0) => self.enter(task, Frame::Yield { polled: false }),
            Step::Sleep(delay) => {
                let wait = self.new_wait();
                self.set_timer(task, wait, *delay);
                self.enter(task, Frame::Sleep(wait))
            }
            Step::WaitEvent(event) if self.is_set(*event) => {
                self.say(task, "goes on");
                Moved::On
            }
            Step::WaitEvent(event) => {
                let (event, wait) = (*event, self.new_wait());
                self.wait_for_event(event, task, wait);
                self.enter(task, Frame::Event { event, wait })
            }
            Step::Lock(place, _) => self.take_turn(task, *place, step),
            Step::Acquire(place, _) => self.take_turn(task, SEMAPHORE + place, step),
            Step::Get(place) => self.take_turn(task, GET + place, step),
            Step::Put(place) => self.take_turn(task, PUT + place, step),
            step => self.begin_together(task, step),
        }
    }

    /// Takes a turn, or queues up for one.
    fn take_turn(&mut self, task: usize, place: usize, step: &Step) -> Moved {
        if self.try_take(place) {
            return self.has_turn(task, step);
        }
        let (wait, then) = (self.new_wait(), step.clone());
        self.queue_up(place, task, wait);
        self.enter(task, Frame::Line { place, wait, then })
    }

    /// It has the turn that it wanted for this.
    fn has_turn(&mut self, task: usize, step: &Step) -> Moved {
        let (told, place, body) = match *step {
            Step::Lock(place, body) => (format!("locks {place}"), place, body),
            Step::Acquire(place, body) => {
                (format!("acquires {place}"), SEMAPHORE + place, body)
            }
            Step::Put(queue) => {
                self.items[queue].push_back(task);
                self.give(GET + queue);
                self.say(task, &format!("has put into {queue}"));
                return Moved::On;
            }
            Step::Get(queue) => {
                let item = self.items[queue].pop_front().expect("it has one's turn");
                self.give(PUT + queue);
                self.say(task, &format!("gets {item}"));
                return Moved::On;
            }
            _ => unreachable!("{step:?}"),
        };
        self.say(task, &told);
        self.enter(task, Frame::Held(place));
        self.enter(task, Frame::body(body))
    }

    /// A step that runs a body, or tasks.
    fn begin_together(&mut self, task: usize, step: &Step) -> Moved {
        match step {
            Step::Catch { body, resumes } => {
                let resumes = *resumes;
                self.enter(task, Frame::Catch { resumes });
                self.enter(task, Frame::body(*body))
            }
            Step::Gather(bodies) | Step::GatherAll(bodies) => {
                let tasks: Vec<_> =
                    bodies.iter().filter_map(|body| self.spawn(*body)).collect();
                let all = matches!(step, Step::GatherAll(_));
                let when = if all { When::All } else { When::Unless };
                let watched = self.watch(tasks, when);
                let cleans = false;
                self.enter(
                    task,
                    Frame::Gather {
                        watched,
                        all,
                        cleans,
                    },
                )
            }
            Step::WaitFor(delay, body) => {
                let Some(inner) = self.spawn(*body) else {
                    return Moved::On;
                };
                let watched = self.watch(vec![inner], When::First);
                let wait = self.new_wait();
                self.set_timer(task, wait, *delay);
                self.enter(
                    task,
                    Frame::WaitFor {
                        watched,
                        wait,
                        limit: Limit::Waits,
                        asked: false,
                    },
                )
            }
            Step::Shield(body) => {
                let Some(inner) = self.spawn(*body) else {
                    return Moved::On;
                };
                let watched = self.watch(vec![inner], When::First);
                self.enter(task, Frame::Shield(watched))
            }
            Step::Group(bodies, body) => {
                let group = self.new_group(task, bodies);
                let is = In::Body;
                self.enter(task, Frame::Group { group, is });
                self.enter(task, Frame::body(*body))
            }
            step => unreachable!("{step:?}"),
        }
    }
}
