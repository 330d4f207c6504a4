//! Traces to test with: written by hand, or by a loop that plays dice.

#![allow(dead_code, reason = "each test file needs some of it")]

use std::collections::VecDeque;

use timeline::{By, ClockKind, Event, Place, Trace, What};

pub(crate) const S: u64 = 1_000_000_000;

/// A trace of these events.
pub(crate) fn trace(events: &[(u64, What)]) -> Trace {
    let mut trace = Trace::new("ch99-tests", "test", &[]);
    for line in 1..=3 {
        trace.places.push(Place {
            file: "a.rs".into(),
            line,
            text: format!("sleep({line}).await;"),
        });
    }
    for (at, what) in events {
        push(&mut trace, *at, what.clone());
    }
    trace
}

pub(crate) fn push(trace: &mut Trace, at: u64, what: What) {
    let says = format!("step {}", trace.events.len());
    trace.events.push(Event { at, what, says });
}

pub(crate) fn starts() -> What {
    What::LoopStarted {
        clock: ClockKind::Virtual,
        of_one: false,
    }
}

pub(crate) fn spawned(task: u32, name: &str) -> What {
    let (name, place) = (name.to_string(), Some(0));
    What::Spawned { task, name, place }
}

pub(crate) fn woken(task: u32, by: By) -> What {
    let again = false;
    What::Woken { task, by, again }
}

pub(crate) fn polled(task: u32) -> What {
    What::Polled { task }
}

pub(crate) fn pending(task: u32) -> What {
    let (place, why) = (Some(1), Some("sleep".to_string()));
    What::Pending { task, place, why }
}

pub(crate) fn set(timer: u32, deadline: u64, task: u32, heap: &[u32]) -> What {
    let (by, heap) = (By::Task(task), Some(heap.to_vec()));
    What::TimerSet {
        timer,
        deadline,
        by,
        heap,
    }
}

pub(crate) fn fired(timer: u32, heap: &[u32]) -> What {
    let heap = Some(heap.to_vec());
    What::TimerFired { timer, heap }
}

/// Two tasks that sleep, and one that is woken by another's end.
pub(crate) fn small() -> Trace {
    trace(&[
        (0, starts()),
        (0, spawned(1, "main")),
        (0, woken(1, By::Loop)),
        (0, polled(1)),
        (0, spawned(2, "taxi A")),
        (0, woken(2, By::Task(1))),
        (0, spawned(3, "taxi B")),
        (0, woken(3, By::Task(1))),
        (0, pending(1)),
        (0, polled(2)),
        (0, set(1, 3 * S, 2, &[1])),
        (0, pending(2)),
        (0, polled(3)),
        (0, set(2, S, 3, &[2, 1])),
        (0, pending(3)),
        (0, What::Jumped { to: S }),
        (S, fired(2, &[1])),
        (S, woken(3, By::Timer(2))),
        (S, polled(3)),
        (
            S,
            What::Printed {
                text: "B".into(),
                host: None,
            },
        ),
        (S, What::Finished { task: 3 }),
        (S, What::Jumped { to: 3 * S }),
        (3 * S, fired(1, &[])),
        (3 * S, woken(2, By::Timer(1))),
        (3 * S, polled(2)),
        (3 * S, woken(1, By::Task(2))),
        (3 * S, What::Finished { task: 2 }),
        (3 * S, polled(1)),
        (3 * S, What::Finished { task: 1 }),
        (3 * S, What::LoopEnded),
    ])
}

/// A loop that decides by `dice`: tasks yield, sleep, spawn, print, wake one another and end.
pub(crate) fn random_run(dice: &[u8]) -> Trace {
    let mut run = Run::default();
    run.push(starts());
    run.spawn(By::Loop);
    for &roll in dice {
        run.turn(roll);
    }
    run.push(What::LoopEnded);
    run.trace
}

struct Run {
    trace: Trace,
    now: u64,
    queue: VecDeque<u32>,
    waiting: Vec<u32>,
    tasks: u32,
    timers: u32,
    /// Deadline, number, and who waits for it.
    heap: Vec<(u64, u32, u32)>,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            trace: trace(&[]),
            now: 0,
            queue: VecDeque::new(),
            waiting: Vec::new(),
            tasks: 0,
            timers: 0,
            heap: Vec::new(),
        }
    }
}

impl Run {
    fn push(&mut self, what: What) {
        push(&mut self.trace, self.now, what);
    }

    fn spawn(&mut self, by: By) {
        self.tasks += 1;
        let task = self.tasks;
        self.push(spawned(task, &format!("Task-{task}")));
        self.push(woken(task, by));
        self.queue.push_back(task);
    }

    fn turn(&mut self, roll: u8) {
        let Some(task) = self.queue.pop_front() else {
            return self.advance();
        };
        let by = By::Task(task);
        self.push(polled(task));
        if roll & 1 == 1 {
            self.push(What::Printed {
                text: format!("{task}"),
                host: None,
            });
        }
        match roll / 32 {
            0 | 1 => self.spawn(by),
            2 => {
                if let Some(other) = self.waiting.pop() {
                    self.push(woken(other, by));
                    self.queue.push_back(other);
                }
            }
            3 => {
                self.push(What::Finished { task });
                return;
            }
            _ => {}
        }
        match roll % 4 {
            0 => {
                self.push(woken(task, by));
                self.queue.push_back(task);
            }
            1 => self.waiting.push(task),
            _ => self.sleep(task, u64::from(roll % 7) * S),
        }
        self.push(pending(task));
    }

    fn sleep(&mut self, task: u32, time: u64) {
        self.timers += 1;
        self.heap.push((self.now + time, self.timers, task));
        self.heap.sort_unstable();
        let heap: Vec<u32> = self.heap.iter().map(|(_, timer, _)| *timer).collect();
        self.push(set(self.timers, self.now + time, task, &heap));
    }

    /// Nobody is ready: time passes.
    fn advance(&mut self) {
        if self.heap.is_empty() {
            return;
        }
        let (deadline, timer, task) = self.heap.remove(0);
        if deadline > self.now {
            self.push(What::Jumped { to: deadline });
            self.now = deadline;
        }
        let heap: Vec<u32> = self.heap.iter().map(|(_, timer, _)| *timer).collect();
        self.push(fired(timer, &heap));
        self.push(woken(task, By::Timer(timer)));
        self.queue.push_back(task);
    }
}
