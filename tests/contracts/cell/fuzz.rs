//! Everything that a waker, a handle and a runtime can do, at random, from three threads.
//!
//! `CELL_FUZZ_SECONDS` says how long (2 unless told), `CELL_FUZZ_SEED` the first seed. A seed decides what each thread
//! does, not how the threads meet: a failure is worth a seed and some rounds of it.

use std::env;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use event_loop::Clock;
use fastrand::Rng;
use polling::yield_now;
use task_cell::{Cancelled, Executor, Handle, JoinHandle, catch_cancel};
use timers::Timers;
use wakers::ThreadPark;

use crate::watchdog;

type Virtual = Executor<Timers<ThreadPark>>;

/// What each thread does in one round.
const STEPS: usize = 60;

/// What a task was told, and what it has heard.
#[derive(Default)]
struct Line {
    told: AtomicUsize,
    heard: AtomicUsize,
    over: AtomicBool,
}

/// What all threads of one round share.
struct Round {
    wakers: Mutex<Vec<(Waker, Arc<Line>)>>,
    lines: Mutex<Vec<Arc<Line>>>,
    thread: ThreadId,
    /// Futures, values and callbacks that are not dropped.
    alive: AtomicUsize,
    elsewhere: AtomicUsize,
}

/// A value of a user. It may be dropped on its own thread alone, and once.
struct Held(Arc<Round>);

impl Held {
    fn new(round: &Arc<Round>) -> Held {
        round.alive.fetch_add(1, Ordering::Relaxed);
        Held(Arc::clone(round))
    }
}

impl Clone for Held {
    fn clone(&self) -> Held {
        Held::new(&self.0)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if thread::current().id() != self.0.thread {
            self.0.elsewhere.fetch_add(1, Ordering::Relaxed);
        }
        self.0.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Round {
    /// A waker out of the pool.
    fn pick(&self, random: &mut Rng) -> Option<(Waker, Arc<Line>)> {
        let mut wakers = self.wakers.lock().unwrap();
        match wakers.len() {
            0 => None,
            some => Some(wakers.swap_remove(random.usize(..some))),
        }
    }

    fn put(&self, waker: Waker, line: Arc<Line>) {
        self.wakers.lock().unwrap().push((waker, line));
    }

    /// One thing that any thread may do with a waker.
    fn meddle(&self, random: &mut Rng) {
        let Some((waker, line)) = self.pick(random) else {
            return;
        };
        let tell = || line.told.fetch_add(1, Ordering::Release);
        match random.u8(..6) {
            0 => drop(waker),
            1 => {
                tell();
                waker.wake();
            }
            2 => {
                self.put(waker.clone(), Arc::clone(&line));
                self.put(waker, line);
            }
            _ => {
                tell();
                waker.wake_by_ref();
                self.put(waker, line);
            }
        }
    }
}

/// A future that hears until it has heard enough, and leaves its wakers around.
async fn listens(round: Arc<Round>, line: Arc<Line>, enough: usize, seed: u64) -> Held {
    struct Over(Arc<Line>);
    impl Drop for Over {
        fn drop(&mut self) {
            self.0.over.store(true, Ordering::Relaxed);
        }
    }
    let held = Held::new(&round);
    let _over = Over(Arc::clone(&line));
    let mut random = Rng::with_seed(seed);
    let hears = poll_fn(|context: &mut Context<'_>| {
        let told = line.told.load(Ordering::Acquire);
        line.heard.store(told, Ordering::Relaxed);
        for _ in 0..random.u8(..3) {
            round.put(context.waker().clone(), Arc::clone(&line));
        }
        match told >= enough {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    });
    if seed.is_multiple_of(3) {
        if catch_cancel(hears).await == Err(Cancelled) {
            yield_now().await;
            if seed.is_multiple_of(2) {
                Cancelled::resume().await;
            }
        }
    } else {
        hears.await;
    }
    if seed.is_multiple_of(5) {
        // A panic that is not printed.
        resume_unwind(Box::new("in a task"));
    }
    held
}

fn remote(round: &Round, handle: &Handle, seed: u64) {
    let mut random = Rng::with_seed(seed);
    for _ in 0..STEPS {
        if random.u8(..16) > 0 {
            round.meddle(&mut random);
            continue;
        }
        let Some((waker, line)) = round.pick(&mut random) else {
            continue;
        };
        let call = move || {
            line.told.fetch_add(1, Ordering::Release);
            waker.wake();
        };
        let _refused = handle.call_soon(call);
    }
}

/// The runtime's thread: spawns, turns, handles.
struct Local {
    executor: Virtual,
    round: Arc<Round>,
    handles: Vec<JoinHandle<Held>>,
    random: Rng,
}

impl Local {
    fn spawn(&mut self) {
        let line = Arc::<Line>::default();
        self.round.lines.lock().unwrap().push(Arc::clone(&line));
        let enough = self.random.usize(..6);
        let seed = self.random.u64(..);
        let future = listens(Arc::clone(&self.round), line, enough, seed);
        self.handles.push(self.executor.spawn(future));
    }

    fn turn(&mut self) {
        let (round, mut random) = (Arc::clone(&self.round), self.random.fork());
        self.executor.run_until_complete(async move {
            round.meddle(&mut random);
            yield_now().await;
            round.meddle(&mut random);
        });
    }

    /// One thing with one handle.
    fn handle(&mut self) {
        if self.handles.is_empty() {
            return;
        }
        let place = self.random.usize(..self.handles.len());
        let handle = &self.handles[place];
        match self.random.u8(..6) {
            0 => _ = handle.cancel(),
            1 => handle.abort(),
            2 => drop(self.handles.swap_remove(place)),
            3 => handle.add_done_callback(|end| drop(end.clone())),
            4 => drop(handle.result().map(|end| end.is_ok())),
            _ => {
                let joined = self.handles.swap_remove(place).into_future();
                let joins = async {
                    joined
                        .await
                        .unwrap_or_else(|error| resume_unwind(Box::new(error)))
                };
                self.handles.push(self.executor.spawn(joins));
            }
        }
    }

    fn step(&mut self) {
        match self.random.u8(..8) {
            0..2 => self.spawn(),
            2..5 => self.turn(),
            5 => {
                let round = Arc::clone(&self.round);
                round.meddle(&mut self.random);
            }
            _ => self.handle(),
        }
    }

    /// Nobody else is there: what was told must be heard.
    fn settle(&mut self) {
        for _ in 0..20 {
            self.executor.run_until_complete(yield_now());
        }
        for line in self.round.lines.lock().unwrap().iter() {
            let [told, heard] =
                [&line.told, &line.heard].map(|it| it.load(Ordering::Relaxed));
            let over = line.over.load(Ordering::Relaxed);
            assert!(
                over || told == heard,
                "told {told}, heard {heard}: a wake is lost"
            );
        }
    }
}

fn round(seed: u64) {
    let mut random = Rng::with_seed(seed);
    let executor = Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()));
    let round = Arc::new(Round {
        wakers: Mutex::default(),
        lines: Mutex::default(),
        thread: thread::current().id(),
        alive: AtomicUsize::new(0),
        elsewhere: AtomicUsize::new(0),
    });
    let threads = [0; 2].map(|_| {
        let (round, handle) = (Arc::clone(&round), executor.handle());
        let seed = random.u64(..);
        thread::spawn(move || remote(&round, &handle, seed))
    });
    let mut local = Local {
        executor,
        round: Arc::clone(&round),
        handles: Vec::new(),
        random: random.fork(),
    };
    for _ in 0..random.usize(1..STEPS) {
        local.step();
    }
    // The runtime goes before the threads, or after them; the handles before it, or after it.
    let joins = || threads.into_iter().for_each(|it| it.join().unwrap());
    match random.bool() {
        true => {
            joins();
            local.settle();
            local.executor.close();
        }
        false => {
            if random.bool() {
                local.handles.clear();
            }
            local.executor.close();
            joins();
        }
    }
    drop(local);
    round.wakers.lock().unwrap().clear();
    assert_eq!(
        round.alive.load(Ordering::Relaxed),
        0,
        "something was not dropped"
    );
    assert_eq!(
        round.elsewhere.load(Ordering::Relaxed),
        0,
        "dropped on another thread"
    );
    assert_eq!(Arc::strong_count(&round), 1);
}

/// A number from the environment.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    match env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

#[test]
fn whatever_three_threads_do_nothing_is_lost_or_dropped_twice() {
    let until = Instant::now() + Duration::from_secs(number("CELL_FUZZ_SECONDS", 2));
    let first = number("CELL_FUZZ_SEED", 0);
    for seed in first.. {
        let alive = watchdog(format!("the fuzz of the task cell, CELL_FUZZ_SEED={seed}"));
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| round(seed))) {
            eprintln!("CELL_FUZZ_SEED={seed}");
            resume_unwind(payload);
        }
        drop(alive);
        if Instant::now() > until {
            eprintln!("{} rounds", seed - first + 1);
            return;
        }
    }
}
