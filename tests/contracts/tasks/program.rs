//! Random programs, and what they log on our executor.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use proptest::collection::vec;
use proptest::prelude::*;
use tasks::{Executor, JoinHandle, Promise};
use timers::Timers;
use wakers::ThreadPark;

/// One thing that a task or a callback does. Bodies name bodies with higher numbers only, so every program ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// Sleeps for so many seconds; 0 is a yield.
    Sleep(u64),
    /// Spawns a body, and keeps the handle.
    Spawn(usize),
    /// Awaits the oldest handle that it has.
    JoinOldest,
    /// Awaits the newest.
    JoinNewest,
    /// Adds a done callback to the newest handle.
    Done(usize),
    /// Calls a body soon.
    Soon(usize),
    /// Calls it after so many seconds.
    Later(u64, usize),
    /// Awaits a promise.
    Await(usize),
    /// Keeps it.
    Keep(usize),
    /// Adds a done callback to it.
    Kept(usize, usize),
}

/// Bodies of tasks and callbacks. A callback skips the steps that suspend or need a handle. The first two are run as
/// roots, one after the other, on one executor.
pub(crate) type Program = Vec<Vec<Step>>;

pub(crate) const PROMISES: usize = 3;
/// No program starts more tasks and callbacks than that.
pub(crate) const LIMIT: usize = 60;
/// When all promises are kept at the latest, so that no program waits for ever.
pub(crate) const LAST_MOMENT: u64 = 40;

fn step(body: usize, bodies: usize) -> BoxedStrategy<Step> {
    let (promise, delay) = (0..PROMISES, 0_u64..3);
    let suspends = prop_oneof![
        3 => delay.clone().prop_map(Step::Sleep),
        1 => Just(Step::JoinOldest),
        1 => Just(Step::JoinNewest),
        1 => promise.clone().prop_map(Step::Await),
        1 => promise.clone().prop_map(Step::Keep),
    ];
    let next = body.max(1) + 1;
    if next >= bodies {
        return suspends.boxed();
    }
    let other = next..bodies;
    prop_oneof![
        7 => suspends,
        4 => other.clone().prop_map(Step::Spawn),
        1 => other.clone().prop_map(Step::Done),
        1 => other.clone().prop_map(Step::Soon),
        2 => (delay, other.clone()).prop_map(|(delay, body)| Step::Later(delay, body)),
        1 => (promise, other).prop_map(|(promise, body)| Step::Kept(promise, body)),
    ]
    .boxed()
}

pub(crate) fn program() -> impl Strategy<Value = Program> {
    (4_usize..9).prop_flat_map(|bodies| {
        (0..bodies)
            .map(|body| vec(step(body, bodies), 1..10))
            .collect::<Vec<_>>()
    })
}

/// The program for the Python side: a list of bodies, a body a list of `[name, numbers…]`.
pub(crate) fn to_json(program: &Program) -> serde_json::Value {
    use serde_json::json;
    let step = |step: &Step| match *step {
        Step::Sleep(delay) => json!(["sleep", delay]),
        Step::Spawn(body) => json!(["spawn", body]),
        Step::JoinOldest => json!(["join_oldest"]),
        Step::JoinNewest => json!(["join_newest"]),
        Step::Done(body) => json!(["done", body]),
        Step::Soon(body) => json!(["soon", body]),
        Step::Later(delay, body) => json!(["later", delay, body]),
        Step::Await(promise) => json!(["await", promise]),
        Step::Keep(promise) => json!(["keep", promise]),
        Step::Kept(promise, body) => json!(["kept", promise, body]),
    };
    program
        .iter()
        .map(|body| body.iter().map(step).collect::<serde_json::Value>())
        .collect()
}

struct World {
    program: Program,
    promises: Vec<Promise<usize>>,
    started: Cell<usize>,
    log: RefCell<String>,
}

impl World {
    fn log(&self, who: usize, what: &str) {
        let now = timers::now().as_secs();
        *self.log.borrow_mut() += &format!("{now} {who} {what}\n");
    }

    /// A number for a task or callback that begins, if there may be one more.
    fn begin(&self) -> Option<usize> {
        let number = self.started.get();
        self.started.set(number + 1);
        (number < LIMIT).then_some(number)
    }

    fn call(self: &Rc<World>, body: usize, told: usize) {
        let Some(me) = self.begin() else { return };
        self.log(me, &format!("called {told}"));
        for &step in &self.program[body] {
            drop(self.at_once(step));
        }
    }

    /// A callback that runs `body`.
    fn callback(self: &Rc<World>, body: usize) -> impl FnOnce(&usize) + 'static {
        let world = Rc::clone(self);
        move |told| world.call(body, *told)
    }

    /// A step that does not suspend.
    fn at_once(self: &Rc<World>, step: Step) -> Option<JoinHandle<usize>> {
        match step {
            Step::Spawn(body) => {
                let me = self.begin()?;
                return Some(tasks::spawn(task(Rc::clone(self), body, me)));
            }
            Step::Soon(body) => {
                let callback = self.callback(body);
                tasks::call_soon(move || callback(&0));
            }
            Step::Later(delay, body) => {
                let callback = self.callback(body);
                timers::call_later(Duration::from_secs(delay), move || callback(&0));
            }
            Step::Keep(promise) => drop(self.promises[promise].set(promise)),
            Step::Kept(promise, body) => {
                self.promises[promise].add_done_callback(self.callback(body));
            }
            _ => {}
        }
        None
    }
}

/// Boxed, since it spawns its like.
fn task(
    world: Rc<World>,
    body: usize,
    me: usize,
) -> Pin<Box<dyn Future<Output = usize>>> {
    Box::pin(async move {
        world.log(me, "starts");
        let mut handles = Vec::new();
        for step in world.program[body].clone() {
            let told = match step {
                Step::Sleep(delay) => {
                    timers::sleep(Duration::from_secs(delay)).await;
                    0
                }
                Step::JoinOldest if !handles.is_empty() => handles.remove(0).await,
                Step::JoinNewest if !handles.is_empty() => handles.pop().unwrap().await,
                Step::Await(promise) => world.promises[promise].clone().await,
                Step::Done(other) => {
                    if let Some(newest) = handles.last() {
                        let newest: &JoinHandle<usize> = newest;
                        newest.add_done_callback(world.callback(other));
                    }
                    continue;
                }
                step => {
                    handles.extend(world.at_once(step));
                    continue;
                }
            };
            world.log(me, &format!("goes on {told}"));
        }
        world.log(me, "ends");
        me
    })
}

/// Runs the program here.
pub(crate) fn run(program: &Program) -> String {
    let mut executor =
        Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()));
    let world = Rc::new(World {
        program: program.clone(),
        promises: (0..PROMISES).map(|_| tasks::promise()).collect(),
        started: Cell::new(0),
        log: RefCell::default(),
    });
    for root in 0..2 {
        let me = world.begin();
        let result = executor.run_until_complete(async {
            if root == 0 {
                let world = Rc::clone(&world);
                timers::call_later(Duration::from_secs(LAST_MOMENT), move || {
                    for promise in 0..PROMISES {
                        world.at_once(Step::Keep(promise));
                    }
                });
            }
            task(Rc::clone(&world), root, me.unwrap_or(LIMIT)).await
        });
        *world.log.borrow_mut() += &format!("root {result} is over\n");
    }
    let log = world.log.take();
    // A callback of a promise that nobody has kept holds the world, which holds the promise: a circle.
    for promise in 0..PROMISES {
        world.at_once(Step::Keep(promise));
    }
    log
}
