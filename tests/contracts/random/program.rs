//! Random programs: bodies of tasks, and what happens in them.

use fastrand::Rng;
use serde_json::{Value, json};

/// How a task ends early by itself, what it waits for, and what it does to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sleeps for so many seconds; 0 is a yield.
    Sleep(u64),
    /// Spawns a body, and keeps the handle.
    Spawn(usize),
    /// Awaits the oldest handle that it has.
    JoinOldest,
    /// Awaits the newest.
    JoinNewest,
    /// Asks the task with this number to end, which may be its own.
    Cancel(usize),
    /// Panics, in Python raises.
    Fail,
    /// Runs a body inside a `catch_cancel`; afterwards it may resume.
    Catch {
        body: usize,
        resumes: bool,
    },
    /// Sets an event, and clears it at once or not.
    Set {
        event: usize,
        clears: bool,
    },
    WaitEvent(usize),
    /// Runs a body while it holds the lock.
    Lock(usize, usize),
    /// Runs a body while it holds a permit.
    Acquire(usize, usize),
    Put(usize),
    Get(usize),
    Gather(Vec<usize>),
    GatherAll(Vec<usize>),
    /// `wait` for all its handles, with a limit or without one; it keeps those that are pending.
    Wait(When, Option<u64>),
    WaitFor(u64, usize),
    Shield(usize),
    /// A task group with these children, and the last one as its body.
    Group(Vec<usize>, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    First,
    Error,
    All,
    /// For a gather, and not for a step: unless all give their values.
    Unless,
}

/// Bodies name bodies with higher numbers only, so every program ends. The first two are spawned at the start.
pub(crate) type Program = Vec<Vec<Step>>;

pub(crate) const EVENTS: usize = 2;
pub(crate) const LOCKS: usize = 1;
/// How many permits each semaphore has.
pub(crate) const SEMAPHORES: [usize; 2] = [1, 2];
/// How many items each queue holds.
pub(crate) const QUEUES: [usize; 2] = [1, 2];
/// No program starts more tasks than that.
pub(crate) const LIMIT: usize = 40;
/// When all tasks that are left are cancelled, again and again.
pub(crate) const LAST_MOMENT: u64 = 30;

struct Maker {
    random: Rng,
    bodies: usize,
    queues: bool,
}

/// The program of this seed. Queues are only used if that is asked for.
pub(crate) fn program(seed: u64, queues: bool) -> Program {
    let mut random = Rng::with_seed(seed);
    let bodies = random.usize(4..10);
    let mut maker = Maker {
        random,
        bodies,
        queues,
    };
    (0..bodies).map(|body| maker.body(body)).collect()
}

impl Maker {
    fn body(&mut self, body: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        for _ in 0..self.random.usize(1..7) {
            let step = self.step(body);
            let gives = matches!(
                step,
                Step::Lock(..) | Step::Acquire(..) | Step::Put(_) | Step::Get(_)
            );
            steps.push(step);
            // Who was given a turn, and has not had it: that is when a request is hard to get right.
            if gives && self.random.bool() {
                steps.push(Step::Cancel(self.random.usize(..10)));
            }
        }
        steps
    }

    fn step(&mut self, body: usize) -> Step {
        let next = body.max(1) + 1;
        let leaves = next >= self.bodies;
        match self.random.u8(..40) {
            0..8 => Step::Sleep(self.random.u64(..4)),
            8 | 9 => Step::JoinOldest,
            10 | 11 => Step::JoinNewest,
            12..15 => Step::Cancel(self.random.usize(..10)),
            15 if body > 1 => Step::Fail,
            15 | 16 => Step::Set {
                event: self.random.usize(..EVENTS),
                clears: self.random.bool(),
            },
            17 | 18 => Step::WaitEvent(self.random.usize(..EVENTS)),
            19..22 if self.queues => match self.random.bool() {
                true => Step::Put(self.random.usize(..QUEUES.len())),
                false => Step::Get(self.random.usize(..QUEUES.len())),
            },
            _ if leaves => Step::Sleep(self.random.u64(..3)),
            _ => self.branch(next),
        }
    }

    /// A step that names other bodies, from `next` on.
    fn branch(&mut self, next: usize) -> Step {
        let bodies = self.bodies;
        let other = self.random.usize(next..bodies);
        match self.random.u8(..25) {
            0..8 => Step::Spawn(other),
            8..10 => Step::Catch {
                body: other,
                resumes: self.random.bool(),
            },
            10..13 => Step::Lock(self.random.usize(..LOCKS), other),
            13..16 => Step::Acquire(self.random.usize(..SEMAPHORES.len()), other),
            16 | 17 => Step::Gather(self.some(next)),
            18 => Step::GatherAll(self.some(next)),
            19 | 20 => {
                let when = [When::First, When::Error, When::All];
                let limit = self.random.bool().then(|| self.random.u64(1..4));
                Step::Wait(when[self.random.usize(..3)], limit)
            }
            21 => Step::WaitFor(self.random.u64(1..4), other),
            22 if self.random.bool() => Step::Shield(other),
            _ => Step::Group(self.some(next), other),
        }
    }

    fn some(&mut self, next: usize) -> Vec<usize> {
        let count = self.random.usize(1..4);
        (0..count)
            .map(|_| self.random.usize(next..self.bodies))
            .collect()
    }
}

/// All programs that are a little smaller.
pub(crate) fn smaller(program: &Program) -> Vec<Program> {
    let mut found = Vec::new();
    for (place, body) in program.iter().enumerate() {
        if body.len() > 1 {
            let mut without = program.clone();
            without[place].clear();
            found.push(without);
        }
        for step in 0..body.len() {
            let mut without = program.clone();
            without[place].remove(step);
            found.push(without);
            for less in less(&body[step]) {
                let mut with = program.clone();
                with[place][step] = less;
                found.push(with);
            }
        }
    }
    found
}

fn less(step: &Step) -> Vec<Step> {
    let fewer = |bodies: &Vec<usize>| {
        let without = |place: usize| {
            let mut fewer = bodies.clone();
            fewer.remove(place);
            fewer
        };
        let places = 0..bodies.len();
        places.map(without).collect::<Vec<_>>()
    };
    match step {
        Step::Sleep(1..) => vec![Step::Sleep(0)],
        Step::Gather(bodies) => fewer(bodies).into_iter().map(Step::Gather).collect(),
        Step::GatherAll(bodies) => {
            fewer(bodies).into_iter().map(Step::GatherAll).collect()
        }
        Step::Group(bodies, body) => fewer(bodies)
            .into_iter()
            .map(|fewer| Step::Group(fewer, *body))
            .collect(),
        Step::Wait(when, Some(_)) => vec![Step::Wait(*when, None)],
        _ => Vec::new(),
    }
}

/// The program for the Python side: a list of bodies, a body a list of `[name, arguments…]`.
pub(crate) fn to_json(program: &Program) -> Value {
    let step = |step: &Step| match step {
        Step::Sleep(delay) => json!(["sleep", delay]),
        Step::Spawn(body) => json!(["spawn", body]),
        Step::JoinOldest => json!(["join", 0]),
        Step::JoinNewest => json!(["join", -1]),
        Step::Cancel(task) => json!(["cancel", task]),
        Step::Fail => json!(["fail"]),
        Step::Catch { body, resumes } => json!(["catch", body, resumes]),
        Step::Set { event, clears } => json!(["set", event, clears]),
        Step::WaitEvent(event) => json!(["wait_event", event]),
        Step::Lock(lock, body) => json!(["lock", lock, body]),
        Step::Acquire(semaphore, body) => json!(["acquire", semaphore, body]),
        Step::Put(_) | Step::Get(_) => unreachable!("asyncio.Queue barges"),
        Step::Gather(bodies) => json!(["gather", bodies]),
        Step::GatherAll(bodies) => json!(["gather_all", bodies]),
        Step::Wait(when, limit) => json!(["wait", *when as usize, limit]),
        Step::WaitFor(limit, body) => json!(["wait_for", limit, body]),
        Step::Shield(body) => json!(["shield", body]),
        Step::Group(bodies, body) => json!(["group", bodies, body]),
    };
    program
        .iter()
        .map(|body| body.iter().map(step).collect::<Value>())
        .collect()
}
