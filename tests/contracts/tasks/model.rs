//! What a random program should log: one queue, a list of timers, nothing else.

use std::collections::VecDeque;

use crate::program::{LAST_MOMENT, LIMIT, PROMISES, Program, Step};

/// Something that has its turn in the queue.
#[derive(Clone, Copy)]
enum Entry {
    /// The task goes on, told what it waited for.
    GoOn(usize, usize),
    /// A timer of the task went off: it queues up.
    Woken(usize),
    /// A body is called, and told this.
    Call(usize, usize),
    /// All promises are kept.
    KeepAll,
    /// The root is over: the last turn.
    Over,
}

#[derive(Clone, Copy)]
enum Watcher {
    Task(usize),
    Call(usize),
}

#[derive(Default)]
struct Task {
    me: usize,
    body: usize,
    place: usize,
    handles: Vec<usize>,
    over: bool,
    watchers: Vec<Watcher>,
}

#[derive(Default)]
struct Model<'p> {
    program: &'p [Vec<Step>],
    now: u64,
    ready: VecDeque<Entry>,
    /// In the order in which they were set.
    timers: Vec<(u64, Entry)>,
    tasks: Vec<Task>,
    kept: [bool; PROMISES],
    watchers: [Vec<Watcher>; PROMISES],
    started: usize,
    root: usize,
    stopping: bool,
    log: String,
}

pub(crate) fn run(program: &Program) -> String {
    let mut model = Model {
        program,
        ..Model::default()
    };
    model.timers.push((LAST_MOMENT, Entry::KeepAll));
    for root in 0..2 {
        let me = model.begin().unwrap_or(LIMIT);
        model.root = model.spawn(root, me);
        model.run();
        model.log += &format!("root {me} is over\n");
    }
    model.log
}

impl Model<'_> {
    fn log(&mut self, who: usize, what: &str) {
        self.log += &format!("{} {who} {what}\n", self.now);
    }

    fn begin(&mut self) -> Option<usize> {
        self.started += 1;
        (self.started <= LIMIT).then_some(self.started - 1)
    }

    fn run(&mut self) {
        self.stopping = false;
        while !self.stopping {
            if self.ready.is_empty() {
                let moments = self.timers.iter().map(|timer| timer.0);
                self.now = self.now.max(moments.min().expect("a timer, or a deadlock"));
            }
            // A stable sort: of equal moments, the order in which they were set.
            self.timers.sort_by_key(|timer| timer.0);
            let due = self.timers.partition_point(|timer| timer.0 <= self.now);
            self.ready
                .extend(self.timers.drain(..due).map(|timer| timer.1));
            for _ in 0..self.ready.len() {
                match self.ready.pop_front().unwrap() {
                    Entry::GoOn(task, told) => self.go_on(task, told),
                    Entry::Woken(task) => self.ready.push_back(Entry::GoOn(task, 0)),
                    Entry::Call(body, told) => self.call(body, told),
                    Entry::KeepAll => {
                        (0..PROMISES).for_each(|promise| self.keep(promise))
                    }
                    Entry::Over => self.stopping = true,
                }
            }
        }
    }

    fn spawn(&mut self, body: usize, me: usize) -> usize {
        let task = self.tasks.len();
        self.tasks.push(Task {
            me,
            body,
            ..Task::default()
        });
        self.ready.push_back(Entry::GoOn(task, 0));
        task
    }

    fn call(&mut self, body: usize, told: usize) {
        let Some(me) = self.begin() else { return };
        self.log(me, &format!("called {told}"));
        for &step in &self.program[body] {
            self.at_once(step);
        }
    }

    fn tell(&mut self, watchers: Vec<Watcher>, told: usize) {
        self.ready
            .extend(watchers.into_iter().map(|watcher| match watcher {
                Watcher::Task(task) => Entry::GoOn(task, told),
                Watcher::Call(body) => Entry::Call(body, told),
            }));
    }

    fn keep(&mut self, promise: usize) {
        self.kept[promise] = true;
        let watchers = std::mem::take(&mut self.watchers[promise]);
        self.tell(watchers, promise);
    }

    fn at_once(&mut self, step: Step) -> Option<usize> {
        match step {
            Step::Spawn(body) => {
                let me = self.begin()?;
                return Some(self.spawn(body, me));
            }
            Step::Soon(body) => self.ready.push_back(Entry::Call(body, 0)),
            Step::Later(delay, body) => {
                self.timers.push((self.now + delay, Entry::Call(body, 0)));
            }
            Step::Keep(promise) => self.keep(promise),
            Step::Kept(promise, body) if self.kept[promise] => {
                self.ready.push_back(Entry::Call(body, promise));
            }
            Step::Kept(promise, body) => {
                self.watchers[promise].push(Watcher::Call(body));
            }
            _ => {}
        }
        None
    }

    /// Takes the steps of a task until it waits or ends.
    fn go_on(&mut self, task: usize, told: usize) {
        let me = self.tasks[task].me;
        match self.tasks[task].place {
            0 => self.log(me, "starts"),
            _ => self.log(me, &format!("goes on {told}")),
        }
        let program = self.program;
        while let Some(&step) = program[self.tasks[task].body].get(self.tasks[task].place)
        {
            self.tasks[task].place += 1;
            match self.wait_or_go(task, step) {
                None => return,
                Some(Some(told)) => self.log(me, &format!("goes on {told}")),
                Some(None) => {}
            }
        }
        self.log(me, "ends");
        self.tasks[task].over = true;
        let watchers = std::mem::take(&mut self.tasks[task].watchers);
        self.tell(watchers, me);
        if task == self.root {
            self.ready.push_back(Entry::Over);
        }
    }

    /// One step: `None` if the task waits now, and else what it was told if it would have waited.
    fn wait_or_go(&mut self, task: usize, step: Step) -> Option<Option<usize>> {
        let handles = &mut self.tasks[task].handles;
        match step {
            Step::Sleep(0) => self.ready.push_back(Entry::GoOn(task, 0)),
            Step::Sleep(delay) => {
                self.timers.push((self.now + delay, Entry::Woken(task)));
            }
            Step::JoinOldest | Step::JoinNewest if !handles.is_empty() => {
                let place = match step {
                    Step::JoinOldest => 0,
                    _ => handles.len() - 1,
                };
                let other = handles.remove(place);
                if self.tasks[other].over {
                    return Some(Some(self.tasks[other].me));
                }
                self.tasks[other].watchers.push(Watcher::Task(task));
            }
            Step::Await(promise) if self.kept[promise] => return Some(Some(promise)),
            Step::Await(promise) => self.watchers[promise].push(Watcher::Task(task)),
            Step::Done(body) => {
                if let Some(&other) = handles.last() {
                    let other = &mut self.tasks[other];
                    match other.over {
                        true => self.ready.push_back(Entry::Call(body, other.me)),
                        false => other.watchers.push(Watcher::Call(body)),
                    }
                }
                return Some(None);
            }
            step => {
                let spawned = self.at_once(step);
                self.tasks[task].handles.extend(spawned);
                return Some(None);
            }
        }
        None
    }
}
