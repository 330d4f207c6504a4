//! The scheduler: what a runtime shares with its tasks, and what it does with them.

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;

use wakers::contained;

use crate::join::JoinHandle;
use crate::queue::{Entry, Queue};
use crate::sync::Arc;
use crate::task::{self, Inbox, NewTask, Registry, TaskRef, is_current, quietly};

/// How many entries are dealt with on the wall clock before timers, sockets and mail are looked at again.
const LONGEST_TURN: usize = 128;

/// How often closing may find that a destructor has spawned or called again.
const MOST_ROUNDS: usize = 1000;

/// What a runtime shares with its tasks.
pub(crate) struct Core {
    /// Its number, which no other runtime of this process has, had, or will have.
    pub(crate) number: u64,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) queue: Queue,
    pub(crate) registry: Registry,
    /// Whether the present turn is the last one.
    pub(crate) stopping: Cell<bool>,
    pub(crate) closed: Cell<bool>,
    last_id: Cell<u64>,
}

impl Core {
    pub(crate) fn new(unparker: Waker) -> Core {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Core {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            inbox: Arc::new(Inbox::new(unparker)),
            queue: Queue::default(),
            registry: Registry::default(),
            stopping: Cell::new(false),
            closed: Cell::new(false),
            last_id: Cell::new(0),
        }
    }

    /// A number that no task of this runtime has had.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// Makes a task of `future`: it starts when those already queued have had their turn.
    pub(crate) fn spawn<F>(
        &self,
        future: NewTask<F>,
        name: Option<String>,
        location: &'static Location<'static>,
    ) -> JoinHandle<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        let (task, outcome) = future.spawn(self, location);
        if let Some(name) = name {
            task.traced.named(format_args!("{name}"));
            task.with_extras(|extras| extras.name = Some(name.into()));
        }
        self.start(task);
        JoinHandle::new(outcome)
    }

    /// Queues a new task.
    pub(crate) fn start(&self, task: TaskRef) {
        task.traced.woken(false);
        self.queue.push(Entry::Poll(task));
    }

    pub(crate) fn call_soon(&self, callback: wakers::Callback) {
        // A closed executor calls nobody. While it closes, it drops what is queued.
        if !self.closed.get() || is_current(self.number) {
            self.queue.push_call(trace::queued(callback));
        }
    }

    /// Deals with every entry that is in the queue now. What comes in meanwhile waits for the next pass. Under virtual
    /// time that is a turn. On the wall clock a turn is as many passes as make up its length: looking at the clock
    /// costs more than a poll.
    pub(crate) fn turn(&self, root: Option<u64>, whole: bool) {
        let mut left = if whole { LONGEST_TURN } else { usize::MAX };
        // With nobody else in the queue, those woken while the loop waited need not go to its end.
        let at_once = self.queue.only_woken() && self.queue.len() <= left;
        loop {
            let pass = self.queue.len().min(left);
            for _ in 0..pass {
                match self.queue.pop() {
                    Some(Entry::Woken(task)) if !at_once => {
                        trace::requeued(task.id);
                        self.queue.push(Entry::Poll(task));
                    }
                    Some(Entry::Poll(task) | Entry::Woken(task)) => self.poll_task(&task),
                    Some(Entry::Call) => {
                        contained("a callback", self.queue.take_callback());
                    }
                    // Of a root that stop() has cut off, if it is another one.
                    Some(Entry::Over(id)) if Some(id) == root => self.stopping.set(true),
                    Some(Entry::Over(_)) => {}
                    None => break,
                }
            }
            left -= pass;
            if !whole || left == 0 || pass == 0 || self.stopping.get() {
                return;
            }
        }
    }

    /// Drops all futures and callbacks. Each is foreign code, and may spawn another.
    #[track_caller]
    pub(crate) fn drop_all(&self) {
        for _ in 0..MOST_ROUNDS {
            for _ in 0..self.queue.len() {
                if let Some(Entry::Call) = self.queue.pop() {
                    quietly(|| drop(self.queue.take_callback()));
                }
            }
            let left = self.registry.unfinished();
            if left.is_empty() && self.queue.len() == 0 {
                return;
            }
            for task in left {
                if !task.is_over() {
                    self.end_cancelled(&task);
                }
            }
        }
        panic!("closing has no end: a Drop spawns its like");
    }
}

/// Between two runs, what was woken before something is queued is queued before it.
pub(crate) fn read_mail(core: &Rc<Core>) {
    if core.inbox.has_mail() && !core.closed.get() {
        let _entered = task::enter(Rc::clone(core));
        core.inbox.read(core);
    }
}
