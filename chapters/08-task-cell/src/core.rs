//! The scheduler: what a runtime shares with its tasks, and what it does with them.

use std::cell::{Cell, OnceCell};
use std::num::NonZeroU64;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;

use ::tasks::{MOST_ROUNDS, RoundLimit};
use wakers::contained;

use crate::queue::{Entry, Queue};
use crate::sync::Arc;
use crate::task::{self, Inbox, Mail, NewTask, Registry, TaskRef, is_current};
use crate::{JoinHandle, TaskHandle};

/// What is called for each turn: with the task, or with `None` if it is a callback's, and with the turn. See
/// [`Executor::set_watch`](crate::Executor::set_watch).
pub type Watch = dyn Fn(Option<&TaskHandle>, &mut dyn FnMut());

/// Everybody who was in the queue at one moment.
pub(crate) struct Pass {
    /// How many of them have not had their turn.
    pub(crate) left: usize,
    /// With nobody else in the queue, those woken while the loop waited need not go to its end.
    pub(crate) at_once: bool,
    /// When it is interrupted, on the wall clock.
    pub(crate) limit: Option<RoundLimit>,
}

// ANCHOR: struct
/// What a runtime shares with its tasks.
pub(crate) struct Core {
    /// Its number, which no other runtime of this process has, had, or will have.
    pub(crate) number: NonZeroU64,
    pub(crate) inbox: Arc<Inbox>,
    /// The list that the inbox gets when its mail is read; empty.
    pub(crate) mail: Cell<Vec<Mail>>,
    pub(crate) queue: Queue,
    pub(crate) registry: Registry,
    /// Whether the present round is the last one.
    pub(crate) stopping: Cell<bool>,
    pub(crate) closed: Cell<bool>,
    /// Whoever looks at each turn.
    pub(crate) watch: OnceCell<Box<Watch>>,
    last_id: Cell<u64>,
}
// ANCHOR_END: struct

impl Core {
    pub(crate) fn new(unparker: Waker) -> Core {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Core {
            number: NonZeroU64::new(number).expect("they do not run out"),
            inbox: Arc::new(Inbox::new(unparker)),
            mail: Cell::default(),
            queue: Queue::default(),
            registry: Registry::default(),
            stopping: Cell::new(false),
            closed: Cell::new(false),
            watch: OnceCell::new(),
            last_id: Cell::new(0),
        }
    }

    /// A number that no task of this runtime has had.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id.replace(self.last_id.get() + 1) + 1
    }

    /// Makes a task of `future`: it starts when those already queued have had their turn.
    pub(crate) fn spawn<F: Future<Output: 'static> + 'static>(
        &self,
        future: NewTask<F>,
        name: Option<String>,
        location: &'static Location<'static>,
    ) -> JoinHandle<F::Output> {
        let (task, handle) = future.spawn(self, location);
        if let Some(name) = name {
            task.traced.named(format_args!("{name}"));
            task.with_extras(|extras| extras.name = Some(name.into()));
        }
        self.start(task);
        handle
    }

    /// Queues a new task.
    pub(crate) fn start(&self, task: TaskRef) {
        task.traced.woken(false);
        self.queue.push(Entry::Poll(task));
    }

    pub(crate) fn call_soon(&self, callback: wakers::Callback) {
        // A closed executor calls nobody. While it closes, it drops what is queued.
        if self.closed.get() && !is_current(self.number) {
            return wakers::discard("a callback's destructor", callback);
        }
        self.queue.push_call(trace::queued(callback));
    }

    // ANCHOR: round
    /// Deals with every entry that is in the queue now: a pass. What comes in meanwhile
    /// waits for the next one. Under virtual time that is a round. On the wall clock a round
    /// is as many passes as its limit allows, and a long pass takes more than one round.
    pub(crate) fn round(&self, pass: &mut Pass, root: Option<u64>) {
        let (mut left, mut at_once) = match pass.left {
            0 => (self.queue.len(), self.queue.only_woken()),
            left => (left, pass.at_once),
        };
        while left > 0 {
            left -= 1;
            self.deal_with(self.queue.pop(), at_once, root);
            if let Some(limit) = &mut pass.limit {
                if limit.is_reached() {
                    break;
                }
                if left == 0 && !self.stopping.get() {
                    (left, at_once) = (self.queue.len(), false);
                }
            }
        }
        (pass.left, pass.at_once) = (left, at_once);
    }

    fn deal_with(&self, entry: Option<Entry>, at_once: bool, root: Option<u64>) {
        let task = match entry {
            Some(Entry::Poll(task)) => task,
            Some(Entry::Woken(task)) if at_once => task,
            other => return self.deal_with_other(other, root),
        };
        match self.watch.get() {
            None => self.poll_task(&task),
            Some(watch) => self.watched(watch, task),
        }
    }

    /// By value, so that the others can keep theirs in a register.
    #[cold]
    fn watched(&self, watch: &Watch, task: TaskRef) {
        let task = TaskHandle(task);
        watch(Some(&task), &mut || self.poll_task(&task.0));
    }

    /// Out of line, so that a turn goes through two branches and no jump table.
    #[inline(never)]
    fn deal_with_other(&self, entry: Option<Entry>, root: Option<u64>) {
        match entry {
            Some(Entry::Poll(task) | Entry::Woken(task)) => {
                trace::requeued(task.id);
                self.queue.push(Entry::Poll(task));
            }
            Some(Entry::Call) => {
                let mut call = Some(self.queue.take_callback());
                let mut turn = || _ = call.take().map(|it| contained("a callback", it));
                match self.watch.get() {
                    None => turn(),
                    Some(watch) => watch(None, &mut turn),
                }
            }
            // Of a root that stop() has cut off, if it is another one.
            Some(Entry::Over(id)) if Some(id) == root => self.stopping.set(true),
            Some(Entry::Over(_)) | None => {}
        }
    }
    // ANCHOR_END: round

    /// Drops all futures and callbacks. Each is foreign code, and may spawn another: false if there was no end to it.
    pub(crate) fn drop_all(&self) -> bool {
        for _ in 0..MOST_ROUNDS {
            for _ in 0..self.queue.len() {
                if let Some(Entry::Call) = self.queue.pop() {
                    let callback = self.queue.take_callback();
                    // Here and now, while this executor is current.
                    contained("a callback's destructor", || drop(callback));
                }
            }
            let left = self.registry.unfinished();
            if left.is_empty() && self.queue.len() == 0 {
                return true;
            }
            for task in left.iter().filter(|task| !task.is_over()) {
                self.end_cancelled(task);
            }
        }
        false
    }
}

/// Between two runs, what was woken before something is queued is queued before it.
pub(crate) fn read_mail(core: &Rc<Core>) {
    if core.inbox.has_mail() && !core.closed.get() {
        let _entered = task::enter(Rc::clone(core));
        core.inbox.read(core);
    }
}
