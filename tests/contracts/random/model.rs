//! The model: one queue, a list of timers, and tasks that are stacks of what they are in the middle of. It is written
//! from what the runtime promises, in plain data: there is no waker, no future, no callback.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::groups::{Group, Watched};
use crate::program::{LAST_MOMENT, LIMIT, LOCKS, Program, QUEUES, SEMAPHORES, Step};
use crate::stack::{Frame, Polled};

/// How a task has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Value(usize),
    Lost,
    Failed,
}

impl End {
    pub(crate) fn word(self) -> String {
        match self {
            End::Value(value) => value.to_string(),
            End::Lost => "lost".into(),
            End::Failed => "failed".into(),
        }
    }
}

/// Something that has its turn in the queue.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry {
    Turn(usize),
    /// A task of a gather, a wait, a shield or a wait_for has ended.
    Seen {
        watched: usize,
        task: usize,
    },
    /// A child of a group has.
    Child {
        group: usize,
        task: usize,
    },
    /// All tasks that are left are cancelled.
    CancelAll,
}

/// A request that a task should end.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// It came before the poll that is under way, or that comes next.
    pub before_the_poll: bool,
    pub answered: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Task {
    pub frames: Vec<Frame>,
    pub begun: bool,
    queued: bool,
    running: bool,
    /// It ends at its next suspension, or at its turn.
    pub ending: bool,
    pub request: Option<Request>,
    /// A scope has answered in its last poll, or in the one that is under way: it may be cleaning up.
    pub answered: bool,
    further: usize,
    pub end: Option<End>,
    /// What is queued at its end, in the order in which it was asked for.
    pub watchers: Vec<Entry>,
}

/// So many turns, and the line of those who wait for one: tasks, with the number of what they wait in.
#[derive(Debug, Default)]
struct Turns {
    free: usize,
    line: VecDeque<(usize, usize)>,
}

#[derive(Debug, Default)]
pub(crate) struct Model<'p> {
    pub program: &'p [Vec<Step>],
    now: u64,
    pub queue: VecDeque<Entry>,
    /// In the order in which they were set: when, for whom, and what.
    timers: Vec<(u64, usize, usize)>,
    pub tasks: Vec<Task>,
    begun: usize,
    /// The numbers of those waits that are over: the timer has gone off, the turn was given, the event was set.
    told: BTreeSet<usize>,
    last_wait: usize,
    turns: Vec<Turns>,
    pub items: [VecDeque<usize>; QUEUES.len()],
    events: BTreeMap<usize, Vec<(usize, usize)>>,
    set: BTreeSet<usize>,
    pub watched: Vec<Watched>,
    pub groups: Vec<Group>,
    log: String,
}

/// The places of the lines in `turns`.
pub(crate) const SEMAPHORE: usize = LOCKS;
pub(crate) const GET: usize = SEMAPHORE + SEMAPHORES.len();
pub(crate) const PUT: usize = GET + QUEUES.len();

/// Nobody's number: the timer that cancels all.
const NOBODY: usize = usize::MAX;

/// What `program` should log.
pub(crate) fn run(program: &Program) -> String {
    let permits = [1; LOCKS].into_iter().chain(SEMAPHORES);
    let permits = permits.chain([0; QUEUES.len()]).chain(QUEUES);
    let new = |free| Turns {
        free,
        line: VecDeque::new(),
    };
    let mut model = Model {
        program,
        turns: permits.map(new).collect(),
        ..Model::default()
    };
    model.timers.push((LAST_MOMENT, NOBODY, 0));
    model.spawn(0);
    model.spawn(1);
    loop {
        match model.queue.pop_front() {
            Some(entry) => model.take(entry),
            None if model.timers.is_empty() => return model.log,
            None => model.let_time_pass(),
        }
    }
}

impl Model<'_> {
    pub(crate) fn say(&mut self, who: usize, what: &str) {
        self.log += &format!("{} {who} {what}\n", self.now);
    }

    fn let_time_pass(&mut self) {
        let moments = self.timers.iter().map(|timer| timer.0);
        self.now = self.now.max(moments.min().expect("there is one"));
        let (due, later) = self.timers.iter().partition(|timer| timer.0 <= self.now);
        self.timers = later;
        let mut due: Vec<_> = due;
        due.sort_by_key(|timer: &(u64, usize, usize)| timer.0);
        for (_, task, wait) in due {
            match task {
                NOBODY => self.queue.push_back(Entry::CancelAll),
                task => self.tell(task, wait),
            }
        }
    }

    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Turn(task) => self.turn(task),
            Entry::Seen { watched, task } => self.seen(watched, task),
            Entry::Child { group, task } => self.child_ended(group, task),
            Entry::CancelAll => {
                if self.tasks.iter().all(|task| task.end.is_some()) {
                    self.timers.clear();
                    return;
                }
                for task in 0..self.tasks.len() {
                    self.cancel(task);
                }
                self.timers.push((self.now + 1, NOBODY, 0));
            }
        }
    }

    /// Spawns a task, if there may be one more.
    pub(crate) fn spawn(&mut self, body: usize) -> Option<usize> {
        self.begun += 1;
        if self.begun > LIMIT {
            return None;
        }
        self.tasks.push(Task {
            frames: vec![Frame::body(body)],
            ..Task::default()
        });
        let task = self.tasks.len() - 1;
        self.wake(task);
        Some(task)
    }

    pub(crate) fn wake(&mut self, task: usize) {
        if !std::mem::replace(&mut self.tasks[task].queued, true) {
            self.queue.push_back(Entry::Turn(task));
        }
    }

    /// The wait with this number is over.
    fn tell(&mut self, task: usize, wait: usize) {
        self.told.insert(wait);
        self.wake(task);
    }

    pub(crate) fn is_told(&self, wait: usize) -> bool {
        self.told.contains(&wait)
    }

    /// A number for a wait.
    pub(crate) fn new_wait(&mut self) -> usize {
        self.last_wait += 1;
        self.last_wait
    }

    pub(crate) fn set_timer(&mut self, task: usize, wait: usize, delay: u64) {
        self.timers.push((self.now + delay, task, wait));
    }

    pub(crate) fn stop_timer(&mut self, wait: usize) {
        self.timers.retain(|timer| timer.2 != wait);
    }

    pub(crate) fn is_set(&self, event: usize) -> bool {
        self.set.contains(&event)
    }

    pub(crate) fn wait_for_event(&mut self, event: usize, task: usize, wait: usize) {
        self.events.entry(event).or_default().push((task, wait));
    }

    pub(crate) fn forget_event(&mut self, event: usize, wait: usize) {
        self.events
            .entry(event)
            .or_default()
            .retain(|it| it.1 != wait);
    }

    pub(crate) fn set(&mut self, event: usize, clears: bool) {
        self.set.insert(event);
        for (task, wait) in self.events.remove(&event).unwrap_or_default() {
            self.tell(task, wait);
        }
        if clears {
            self.set.remove(&event);
        }
    }

    /// Takes a turn, if one is free.
    pub(crate) fn try_take(&mut self, place: usize) -> bool {
        let free = self.turns[place].free;
        self.turns[place].free = free.saturating_sub(1);
        free > 0
    }

    pub(crate) fn queue_up(&mut self, place: usize, task: usize, wait: usize) {
        self.turns[place].line.push_back((task, wait));
    }

    /// Gives a turn to whoever has waited longest, or leaves it free.
    pub(crate) fn give(&mut self, place: usize) {
        match self.turns[place].line.pop_front() {
            Some((task, wait)) => self.tell(task, wait),
            None => self.turns[place].free += 1,
        }
    }

    /// Whoever waits goes away: who was given a turn passes it on.
    pub(crate) fn leave(&mut self, place: usize, wait: usize) {
        match self.is_told(wait) {
            true => self.give(place),
            false => self.turns[place].line.retain(|it| it.1 != wait),
        }
    }

    pub(crate) fn cancel(&mut self, task: usize) -> bool {
        let it = &mut self.tasks[task];
        match (it.end, it.ending, &it.request) {
            (Some(_), ..) => return false,
            (None, true, _) => {}
            (None, false, Some(_)) => it.further += 1,
            (None, false, None) => self.ask(task),
        }
        true
    }

    /// Whoever cancels its children asks each once: not one that was asked just now.
    pub(crate) fn ask_once(&mut self, task: usize) {
        let it = &self.tasks[task];
        if !it.ending && !it.answered && it.request.is_none() {
            self.cancel(task);
        }
    }

    fn ask(&mut self, task: usize) {
        let it = &mut self.tasks[task];
        if !it.running && it.scope().is_none() {
            return self.abort(task);
        }
        it.request = Some(Request {
            before_the_poll: !it.running,
            answered: false,
        });
        if !it.running {
            self.wake(task);
        }
    }

    /// It ends at its turn, without another poll.
    pub(crate) fn abort(&mut self, task: usize) {
        let it = &mut self.tasks[task];
        if it.end.is_none() {
            it.ending = true;
            it.request = None;
            self.wake(task);
        }
    }

    fn turn(&mut self, task: usize) {
        let it = &mut self.tasks[task];
        (it.queued, it.answered) = (false, false);
        match (it.end, it.ending) {
            (Some(_), _) => return,
            (None, true) => return self.end(task, End::Lost),
            (None, false) => it.running = true,
        }
        let polled = self.poll(task);
        let it = &mut self.tasks[task];
        it.running = false;
        match polled {
            Polled::Ready => return self.end(task, End::Value(task)),
            Polled::Failed => return self.end(task, End::Failed),
            Polled::Pending if it.ending => return self.end(task, End::Lost),
            Polled::Pending => {}
        }
        match it.request.take() {
            None => {}
            Some(request) if !request.answered && request.before_the_poll => {
                self.end(task, End::Lost);
            }
            Some(request) if !request.answered => self.ask(task),
            Some(_) if it.further > 0 => {
                it.further -= 1;
                self.ask(task);
            }
            Some(_) => {}
        }
    }

    fn end(&mut self, task: usize, end: End) {
        self.unwind(task, 0);
        let it = &mut self.tasks[task];
        it.end = Some(end);
        for entry in std::mem::take(&mut it.watchers) {
            match entry {
                Entry::Turn(other) => self.wake(other),
                entry => self.queue.push_back(entry),
            }
        }
    }

    /// `entry` is queued when the task has ended.
    pub(crate) fn at_end(&mut self, task: usize, entry: Entry) {
        match self.tasks[task].end {
            Some(_) => self.queue.push_back(entry),
            None => self.tasks[task].watchers.push(entry),
        }
    }
}
