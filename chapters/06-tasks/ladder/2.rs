//! Polling those who are ready
//!
//! The other half: the futures themselves, and a loop over those in the queue.
//!
//!     /// Clones are the same executor.
//!     #[derive(Clone)]
//!     pub struct Executor { /* … */ }
//!
//!     impl Executor {
//!         pub fn new(unparker: Waker) -> Executor
//!
//!         /// Puts `future` at the end of the queue. It does not run before its turn.
//!         pub fn spawn(&self, future: impl Future<Output = ()> + 'static)
//!
//!         /// One round: polls those that are ready now, each once.
//!         pub fn round(&self)
//!     }
//!
//! Whoever is woken during a round waits for the next one. A task may spawn others while it is polled. And a task that
//! has ended is gone: a waker of it that is still about wakes nobody.
//!
//! hint: A map from numbers to futures: `HashMap<u64, Task>`, with `Pin<Box<dyn Future<Output = ()>>>` and a waker in
//! each `Task`. What must happen so that a new task is polled for the first time?
//!
//! hint: A round looks once how many are ready, and pops as many. Take the task out of the map before you poll it: else
//! the map is borrowed, and the task cannot spawn. Put it back if it is pending.
//!
//! hint: The round, with `ready`, `tasks: RefCell<HashMap<u64, Task>>` and `next: Cell<u64>` behind an `Rc`:
//!
//!     for _ in 0..self.0.ready.len() {
//!         let Some(id) = self.0.ready.pop() else { return };
//!         let task = self.0.tasks.borrow_mut().remove(&id);
//!         let Some(mut task) = task else { continue };
//!         let mut context = Context::from_waker(&task.waker);
//!         if task.future.as_mut().poll(&mut context).is_pending() {
//!             self.0.tasks.borrow_mut().insert(id, task);
//!         }
//!     }
//!
//! done: That is an executor: a map, a queue, and eight lines between them. No task is polled that was not woken. But
//! nobody learns what came of a task. Next, its value comes back.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use mine::tasks::Executor;

type Log = Rc<RefCell<Vec<String>>>;

/// What happened since the last look.
fn new(log: &Log) -> String {
    log.take().join(" ")
}

fn executor() -> Executor {
    Executor::new(Waker::noop().clone())
}

/// Says `Pending` once, and wakes its task meanwhile.
async fn yields() {
    let mut asked = false;
    poll_fn(|context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Leaves its waker, and waits.
async fn waits(waker: Rc<RefCell<Option<Waker>>>) {
    let mut asked = false;
    poll_fn(|context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        waker.replace(Some(context.waker().clone()));
        Poll::Pending
    })
    .await;
}

fn in_turn() {
    ladder::tries("two tasks that are spawned");
    let (executor, log) = (executor(), Log::default());
    for name in ["A", "B"] {
        let log = log.clone();
        executor.spawn(async move {
            log.borrow_mut().push(format!("{name}1"));
            yields().await;
            log.borrow_mut().push(format!("{name}2"));
        });
    }
    let at_once = new(&log);
    ladder::check!(
        at_once.is_empty(),
        "{at_once} has run inside spawn: the spawner has not given way yet"
    );

    ladder::tries("two tasks that wake themselves, and a round");
    ladder::hangs(
        "the round never ends: whoever wakes itself is to wait for the next one",
    );
    executor.round();
    let first = new(&log);
    ladder::check!(
        !first.is_empty(),
        "nobody was polled: who puts a new task into the queue?"
    );
    ladder::check!(first != "B1 A1", "the last one that was spawned runs first");
    ladder::check!(
        first != "A1 B1 A2 B2",
        "both ran to their end in one round: who is woken meanwhile waits for the next one"
    );
    ladder::check!(first == "A1 B1", "a round should be A1 B1, and was {first}");

    ladder::tries("two tasks that have woken themselves, and a second round");
    executor.round();
    let second = new(&log);
    ladder::check!(
        !second.is_empty(),
        "nobody was polled: the wake that came while the task was polled is lost"
    );
    ladder::check!(
        second == "A2 B2",
        "the second round should be A2 B2, and was {second}"
    );
}

fn only_when_woken() {
    ladder::tries("a task that waits, and a round that it was not woken for");
    let executor = executor();
    let polls = Rc::new(Cell::new(0));
    let counted = polls.clone();
    let waker = Rc::new(RefCell::new(None));
    let mut task = Box::pin(waits(waker.clone()));
    executor.spawn(poll_fn(move |context| {
        counted.set(counted.get() + 1);
        task.as_mut().poll(context)
    }));
    executor.round();
    executor.round();
    ladder::check!(
        polls.get() == 1,
        "it was polled {} times, and nobody had woken it",
        polls.get()
    );

    ladder::tries("a task that is woken from outside, and a round");
    let waker: Waker = waker.take().expect("a waker");
    waker.wake_by_ref();
    executor.round();
    ladder::check!(polls.get() == 2, "it was woken, and is not polled");

    ladder::tries("a wake of a task that has ended, and a round");
    waker.wake();
    let panicked = ladder::panics(|| executor.round());
    ladder::check!(
        panicked.is_none() && polls.get() == 2,
        "it is polled again after its end: a task that is over is gone"
    );
}

fn inside() {
    ladder::tries("a task that spawns another one");
    let (executor, log) = (executor(), Log::default());
    let (inner, inner_log) = (executor.clone(), log.clone());
    executor.spawn(async move {
        let log = inner_log.clone();
        inner.spawn(async move { log.borrow_mut().push("child".to_string()) });
        inner_log.borrow_mut().push("parent".to_string());
    });
    let panicked = ladder::panics(|| executor.round());
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("borrow"),
            "the tasks are still borrowed while one of them is polled, and it wants to spawn"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    executor.round();
    let order = new(&log);
    ladder::check!(
        order == "parent child",
        "the order should be parent, child, and is {order}"
    );
}

fn main() {
    in_turn();
    only_when_woken();
    inside();
}
