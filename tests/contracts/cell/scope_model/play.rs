//! Plays a program in a world: the real one, or the model.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{Either, LocalBoxFuture, join, select};
use futures::stream::{FuturesUnordered, StreamExt};
use futures::{FutureExt, poll, select_biased};
use polling::yield_now;
use task_cell::Cancelled;
use timers::{sleep, timeout};

use crate::scope_model::tree::{Act, GATES, Loser, Op, Program, SLOTS, Tree};

/// What each world does in its own way. Everything else is the same code in both.
pub(crate) trait World {
    /// Makes a task of `body`. `over` is called in a turn of its own at the task's end, with whether it was cancelled.
    fn spawn(
        &self,
        task: usize,
        body: LocalBoxFuture<'static, ()>,
        over: Box<dyn FnOnce(bool)>,
    );
    fn cancel(&self, task: usize) -> bool;
    fn abort(&self, task: usize);
    fn is_over(&self, task: usize) -> bool;
    fn catch(
        &self,
        future: LocalBoxFuture<'static, ()>,
    ) -> LocalBoxFuture<'static, Result<(), Cancelled>>;
    fn resume(&self) -> LocalBoxFuture<'static, ()>;
}

/// No program needs more polls.
const MOST_POLLS: usize = 500;

/// Until then whatever can happen has happened.
const LONG: Duration = Duration::from_secs(1);

pub(crate) struct Play {
    world: Rc<dyn World>,
    log: RefCell<Vec<String>>,
    slots: [Cell<Option<LocalBoxFuture<'static, ()>>>; SLOTS],
    gates: [Rc<Gate>; GATES],
    /// The task that is being polled; 0 is the one outside.
    running: Cell<usize>,
    polls: Cell<usize>,
    /// How many requests the scopes of each task have answered.
    answers: RefCell<Vec<usize>>,
}

#[derive(Default)]
struct Gate {
    is_open: Cell<bool>,
    last_number: Cell<usize>,
    waiting: RefCell<Vec<(usize, Waker)>>,
}

impl Gate {
    fn open(&self) {
        self.is_open.set(true);
        for (_, waker) in self.waiting.take() {
            waker.wake();
        }
    }
}

/// Waits for a gate, and is forgotten by it when it is dropped.
struct Waits {
    gate: Rc<Gate>,
    number: usize,
}

impl Waits {
    fn new(gate: Rc<Gate>) -> Waits {
        gate.last_number.set(gate.last_number.get() + 1);
        let number = gate.last_number.get();
        Waits { gate, number }
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.gate.is_open.get() {
            return Poll::Ready(());
        }
        let newest = context.waker().clone();
        let mut waiting = self.gate.waiting.borrow_mut();
        match waiting.iter_mut().find(|it| it.0 == self.number) {
            Some(mine) => mine.1 = newest,
            None => waiting.push((self.number, newest)),
        }
        Poll::Pending
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        let mut waiting = self.gate.waiting.borrow_mut();
        waiting.retain(|it| it.0 != self.number);
    }
}

/// Says in the log when a task's future is dropped.
struct Held(Rc<Play>, usize);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.say(self.1, "gone");
    }
}

impl Play {
    pub(crate) fn new(world: Rc<dyn World>) -> Rc<Play> {
        Rc::new(Play {
            world,
            log: RefCell::default(),
            slots: Default::default(),
            gates: Default::default(),
            running: Cell::new(0),
            polls: Cell::new(0),
            answers: RefCell::default(),
        })
    }

    pub(crate) fn log(&self) -> String {
        self.log.borrow().join("\n")
    }

    /// Whether nothing waits for a gate any more.
    pub(crate) fn is_idle(&self) -> bool {
        self.gates.iter().all(|it| it.waiting.borrow().is_empty())
    }

    fn say(&self, who: usize, what: &str) {
        let (now, running) = (timers::now().as_nanos() / 1_000_000, self.running.get());
        let line = format!("{now} ms, task {running}: {who} {what}");
        self.log.borrow_mut().push(line);
    }

    fn cancel(&self, who: usize, task: usize) {
        let asked = self.world.cancel(task);
        self.say(who, &format!("cancels task {task}: {asked}"));
    }

    fn put(&self, slot: usize, future: LocalBoxFuture<'static, ()>) {
        drop(self.slots[slot].replace(Some(future)));
    }
}

/// The future of `tree`.
fn future(play: &Rc<Play>, tree: Tree) -> LocalBoxFuture<'static, ()> {
    let play = Rc::clone(play);
    async move {
        let me = tree.id;
        match tree.op {
            Op::Ready => {}
            Op::Forever => pending().await,
            Op::Yield(times) => {
                for _ in 0..times {
                    yield_now().await;
                }
            }
            Op::Sleep(time) => sleep(Duration::from_millis(time.into())).await,
            Op::Gate(gate) => {
                let waits = Waits::new(Rc::clone(&play.gates[gate]));
                poll_fn(|context| waits.poll(context)).await;
            }
            Op::Cancel(task) => play.cancel(me, task),
            Op::Resume => {
                play.say(me, "resumes");
                play.world.resume().await;
            }
            Op::Seq => {
                for child in tree.children {
                    future(&play, child).await;
                }
            }
            Op::Scope { resumes, stays } => scope(&play, &tree, resumes, stays).await,
            Op::Timeout(time) => {
                let time = Duration::from_millis(time.into());
                let ended = timeout(time, future(&play, tree.child(0))).await;
                play.say(me, if ended.is_ok() { "in time" } else { "too late" });
            }
            Op::Select(loser) => selects(&play, &tree, loser).await,
            Op::Join => {
                let [first, second] = [0, 1].map(|it| future(&play, tree.child(it)));
                join(first, second).await;
                play.say(me, "both");
            }
            Op::Unordered { takes, keeps } => {
                unordered(&play, &tree, takes, keeps).await;
            }
            Op::Keep(slot) => keep(&play, me, slot, future(&play, tree.child(0))).await,
            Op::Peek(slot) => {
                if let Some(kept) = play.slots[slot].take() {
                    keep(&play, me, slot, kept).await;
                }
            }
            Op::Await(slot) => {
                if let Some(kept) = play.slots[slot].take() {
                    kept.await;
                    play.say(me, "has what was kept");
                }
            }
            Op::Drop(slot) => drop(play.slots[slot].take()),
        }
    }
    .boxed_local()
}

async fn scope(play: &Rc<Play>, tree: &Tree, resumes: bool, stays: bool) {
    let mut scope = play.world.catch(future(play, tree.child(0)));
    let caught = (&mut scope).await;
    let _stays = stays.then_some(scope);
    if caught.is_ok() {
        play.say(tree.id, "has its value");
    } else {
        play.say(tree.id, "is cancelled");
        play.answers.borrow_mut()[play.running.get()] += 1;
    }
    // Also where there was a value: whether the task is suspended in a scope then is the question.
    future(play, tree.child(1)).await;
    if caught.is_ok() {
        return;
    }
    play.say(tree.id, "is clean");
    if resumes {
        play.world.resume().await;
        unreachable!("it was resumed");
    }
}

async fn selects(play: &Rc<Play>, tree: &Tree, loser: Loser) {
    let [first, second] = [0, 1].map(|it| future(play, tree.child(it)));
    let is_first = if loser == Loser::Biased {
        let (mut first, mut second) = (pin!(first.fuse()), pin!(second.fuse()));
        select_biased! { () = first => true, () = second => false }
    } else {
        let (is_first, slower) = match select(first, second).await {
            Either::Left(((), slower)) => (true, slower),
            Either::Right(((), slower)) => (false, slower),
        };
        if loser == Loser::Awaited {
            play.say(tree.id, "has one");
            slower.await;
        }
        is_first
    };
    play.say(tree.id, if is_first { "first" } else { "second" });
}

async fn unordered(play: &Rc<Play>, tree: &Tree, takes: u8, keeps: bool) {
    let children = tree.children.iter().skip(1);
    let mut set: FuturesUnordered<_> =
        children.map(|it| future(play, it.clone())).collect();
    for _ in 0..takes {
        let taken = set.next().await;
        let what = if taken.is_some() { "one more" } else { "all" };
        play.say(tree.id, what);
    }
    if !keeps {
        set.clear();
    }
    future(play, tree.child(0)).await;
}

async fn keep(
    play: &Rc<Play>,
    me: usize,
    slot: usize,
    mut kept: LocalBoxFuture<'static, ()>,
) {
    if poll!(&mut kept).is_pending() {
        play.put(slot, kept);
    } else {
        play.say(me, "is ready at once");
    }
}

/// The future of a task, which says when it is polled, and when it is dropped.
fn body(play: &Rc<Play>, task: usize, tree: Tree) -> LocalBoxFuture<'static, ()> {
    let mut inner = future(play, tree);
    let held = Held(Rc::clone(play), task);
    poll_fn(move |context| {
        let play = &held.0;
        let outer = play.running.replace(task);
        play.say(task, "is polled");
        play.polls.set(play.polls.get() + 1);
        assert!(play.polls.get() < MOST_POLLS, "it has no end");
        let polled = inner.poll_unpin(context);
        play.running.set(outer);
        polled
    })
    .boxed_local()
}

/// What happens outside: the script; then every task that is left is asked to end, until all have.
pub(crate) async fn drive(play: Rc<Play>, program: Program) {
    let tasks = program.tasks.len();
    *play.answers.borrow_mut() = vec![0; tasks + 1];
    for (place, tree) in program.tasks.into_iter().enumerate() {
        let task = place + 1;
        let ours = Rc::clone(&play);
        let over = move |cancelled| {
            ours.say(
                task,
                if cancelled {
                    "was cancelled"
                } else {
                    "has ended"
                },
            );
        };
        let body = body(&play, task, tree);
        play.world.spawn(task, body, Box::new(over));
    }
    for (delay, acts) in program.script {
        if delay > 0 {
            sleep(Duration::from_millis(delay.into())).await;
        }
        for act in acts {
            match act {
                Act::Cancel(task) => play.cancel(0, task),
                Act::Abort(task) => play.world.abort(task),
                Act::Open(gate) => play.gates[gate].open(),
                Act::GiveWay => yield_now().await,
            }
        }
    }
    let is_left = |task: &usize| !play.world.is_over(*task);
    while (1..=tasks).any(|task| is_left(&task)) {
        let before = play.answers.borrow().clone();
        let asked: Vec<_> = (1..=tasks).filter(is_left).collect();
        asked.iter().for_each(|task| play.cancel(0, *task));
        sleep(LONG).await;
        for task in asked {
            let answered = play.answers.borrow()[task] > before[task];
            assert!(
                answered || !is_left(&task),
                "task {task} outlives a request that nobody has answered"
            );
        }
    }
    for slot in &play.slots {
        drop(slot.take());
    }
    // The callbacks have their turn, and the loop looks at its timers once more.
    yield_now().await;
    yield_now().await;
}
