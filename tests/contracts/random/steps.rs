//! The model's steps: how each begins.

use crate::model::{Entry, GET, Model, PUT, SEMAPHORE};
use crate::program::{Step, When};
use crate::stack::{Frame, In, Limit, Moved};

impl Model<'_> {
    /// The next step of the body at the top.
    pub(crate) fn begin_step(&mut self, task: usize, step: &Step) -> Moved {
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
    pub(crate) fn has_turn(&mut self, task: usize, step: &Step) -> Moved {
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
