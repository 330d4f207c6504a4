//! Chapter 10's channels, locks and semaphores beside tokio's, Python's and those of the crates async-lock and futures.

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use ::sync::{Lock, Semaphore, mpsc, oneshot};
use event_loop::Clock;
use tokio::sync as theirs;

use crate::peers::{LocalExecutor, LocalPool, Peer, Smol, Tokio, TokioThreads};
use crate::python;
use crate::row::{Side, Work};
use crate::timing::tokio;

const ROUND_TRIPS: u64 = 300_000;
const TAKEN: u64 = 3_000_000;
/// How many permits so many tasks share.
const PERMITS: usize = 3;
const TASKS: u64 = 10_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let beside = |ours, tokio| vec![Side::new("ours", ours), Side::new("tokio", tokio)];
    let with = |mut sides: Vec<Side>, others: Vec<Side>, name, limit: Option<Side>| {
        sides.extend(others);
        sides.extend(python::sides(name, 50));
        sides.extend(limit);
        sides
    };
    let crowd = |name, tasks, sides| Work {
        counted: tasks,
        ..Work::new(name, tasks, sides)
    };
    let locks = vec![
        Side::of::<LocalExecutor>(lock_async),
        Side::of::<LocalPool>(lock_futures),
    ];
    let locks = with(
        beside(lock_ours, lock_tokio),
        locks,
        "lock",
        Some(Side::new("RefCell", lock_bare)),
    );
    let semaphores = with(
        beside(semaphore_ours, semaphore_tokio),
        vec![Side::of::<LocalExecutor>(semaphore_async)],
        "semaphore",
        Some(Side::new("Cell", semaphore_bare)),
    );
    let crowds = with(
        beside(crowd_ours, crowd_on::<Tokio, theirs::Semaphore>),
        vec![
            Side::of::<TokioThreads>(crowd_on::<TokioThreads, theirs::Semaphore>),
            Side::of::<Smol>(crowd_on::<Smol, async_lock::Semaphore>),
            Side::of::<LocalExecutor>(crowd_on::<LocalExecutor, async_lock::Semaphore>),
        ],
        "semaphore-3",
        None,
    );
    vec![
        Work::new(
            "mpsc",
            ROUND_TRIPS,
            with(beside(mpsc_ours, mpsc_tokio), vec![], "mpsc", None),
        ),
        Work::new("oneshot", ROUND_TRIPS, beside(oneshot_ours, oneshot_tokio)),
        Work::new("lock", TAKEN, locks),
        Work::new("semaphore", TAKEN, semaphores),
        crowd("semaphore-3", TASKS, crowds),
        crowd(
            "semaphore-3-100k",
            10 * TASKS,
            beside(crowd_ours, crowd_on::<Tokio, theirs::Semaphore>),
        ),
    ]
}

fn mpsc_ours(trips: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let (to, mut arrived) = mpsc::bounded(1);
        let (reply, mut answers) = mpsc::bounded(1);
        let _pong = task_cell::spawn(async move {
            while let Some(number) = arrived.recv().await {
                if reply.send(number).await.is_err() {
                    return;
                }
            }
        });
        let ping = task_cell::spawn(async move {
            let mut sum = 0;
            for _ in 0..trips {
                to.send(1).await.expect("somebody listens");
                sum += answers.recv().await.expect("an answer");
            }
            sum
        });
        ping.await.expect("a number")
    })
}

fn mpsc_tokio(trips: u64) -> u64 {
    tokio().block_on(async {
        let (to, mut arrived) = theirs::mpsc::channel(1);
        let (reply, mut answers) = theirs::mpsc::channel(1);
        let _pong = tokio::spawn(async move {
            while let Some(number) = arrived.recv().await {
                if reply.send(number).await.is_err() {
                    return;
                }
            }
        });
        let ping = tokio::spawn(async move {
            let mut sum = 0;
            for _ in 0..trips {
                to.send(1).await.expect("somebody listens");
                sum += answers.recv().await.expect("an answer");
            }
            sum
        });
        ping.await.expect("a number")
    })
}

fn oneshot_ours(trips: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let (requests, mut arrived) = mpsc::bounded::<oneshot::Sender<u64>>(1);
        let _desk = task_cell::spawn(async move {
            while let Some(reply) = arrived.recv().await {
                reply.send(1).expect("somebody waits");
            }
        });
        let asks = task_cell::spawn(async move {
            let mut sum = 0;
            for _ in 0..trips {
                let (reply, answer) = oneshot::channel();
                let asked = requests.send(reply).await;
                assert!(asked.is_ok());
                sum += answer.await.expect("an answer");
            }
            sum
        });
        asks.await.expect("a number")
    })
}

fn oneshot_tokio(trips: u64) -> u64 {
    tokio().block_on(async {
        let (requests, mut arrived) =
            theirs::mpsc::channel::<theirs::oneshot::Sender<_>>(1);
        let _desk = tokio::spawn(async move {
            while let Some(reply) = arrived.recv().await {
                reply.send(1).expect("somebody waits");
            }
        });
        let asks = tokio::spawn(async move {
            let mut sum = 0;
            for _ in 0..trips {
                let (reply, answer) = theirs::oneshot::channel();
                requests.send(reply).await.expect("somebody listens");
                sum += answer.await.expect("an answer");
            }
            sum
        });
        asks.await.expect("a number")
    })
}

fn lock_ours(times: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let lock = black_box(Lock::new(0));
        for _ in 0..times {
            *lock.lock().await += 1;
        }
        lock.into_inner()
    })
}

fn lock_tokio(times: u64) -> u64 {
    tokio().block_on(async {
        let lock = black_box(theirs::Mutex::new(0));
        for _ in 0..times {
            *lock.lock().await += 1;
        }
        lock.into_inner()
    })
}

fn lock_async(times: u64) -> u64 {
    LocalExecutor::run(async move {
        let lock = black_box(async_lock::Mutex::new(0));
        for _ in 0..times {
            *lock.lock().await += 1;
        }
        lock.into_inner()
    })
}

fn lock_futures(times: u64) -> u64 {
    LocalPool::run(async move {
        let lock = black_box(futures::lock::Mutex::new(0));
        for _ in 0..times {
            *lock.lock().await += 1;
        }
        lock.into_inner()
    })
}

/// Where nobody can wait, a flag is enough.
fn lock_bare(times: u64) -> u64 {
    let lock = black_box(RefCell::new(0));
    for _ in 0..times {
        *black_box(&lock).borrow_mut() += 1;
    }
    lock.into_inner()
}

fn semaphore_ours(times: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let semaphore = black_box(Semaphore::new(PERMITS));
        let mut sum = 0;
        for _ in 0..times {
            let _permit = semaphore.acquire().await;
            sum += black_box(1);
        }
        sum
    })
}

fn semaphore_tokio(times: u64) -> u64 {
    tokio().block_on(async {
        let semaphore = black_box(theirs::Semaphore::new(PERMITS));
        let mut sum = 0;
        for _ in 0..times {
            let _permit = semaphore.acquire().await.expect("it is open");
            sum += black_box(1);
        }
        sum
    })
}

fn semaphore_async(times: u64) -> u64 {
    LocalExecutor::run(async move {
        let semaphore = black_box(async_lock::Semaphore::new(PERMITS));
        let mut sum = 0;
        for _ in 0..times {
            let _permit = semaphore.acquire().await;
            sum += black_box(1);
        }
        sum
    })
}

/// Where nobody can wait, a number is enough.
fn semaphore_bare(times: u64) -> u64 {
    let permits = black_box(Cell::new(PERMITS));
    let mut sum = 0;
    for _ in 0..times {
        let permits = black_box(&permits);
        permits.set(permits.get() - 1);
        sum += black_box(1);
        permits.set(permits.get() + 1);
    }
    sum
}

/// So many tasks, of which three at a time stop where they have a permit.
fn crowd_ours(tasks: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let semaphore = Rc::new(Semaphore::new(PERMITS));
        let spawn = |_| {
            let semaphore = Rc::clone(&semaphore);
            task_cell::spawn(async move {
                let _permit = semaphore.acquire().await;
                polling::yield_now().await;
                1
            })
        };
        let all: Vec<_> = (0..tasks).map(spawn).collect();
        let mut sum = 0;
        for task in all {
            sum += task.await.expect("a number");
        }
        sum
    })
}

/// Others' semaphores.
trait Permits: Send + Sync + 'static {
    fn of(permits: usize) -> Self;

    /// Goes through it, and stops once where it has a permit.
    fn pass<P: Peer>(&self) -> impl Future<Output = ()> + Send;
}

impl Permits for theirs::Semaphore {
    fn of(permits: usize) -> Self {
        theirs::Semaphore::new(permits)
    }

    async fn pass<P: Peer>(&self) {
        let _permit = self.acquire().await.expect("it is open");
        P::yield_now().await;
    }
}

impl Permits for async_lock::Semaphore {
    fn of(permits: usize) -> Self {
        async_lock::Semaphore::new(permits)
    }

    async fn pass<P: Peer>(&self) {
        let _permit = self.acquire().await;
        P::yield_now().await;
    }
}

fn crowd_on<P: Peer, S: Permits>(tasks: u64) -> u64 {
    P::run(async move {
        let semaphore = Arc::new(S::of(PERMITS));
        let spawn = |_| {
            let semaphore = Arc::clone(&semaphore);
            P::spawn(async move {
                semaphore.pass::<P>().await;
                1
            })
        };
        let all: Vec<_> = (0..tasks).map(spawn).collect();
        let mut sum = 0;
        for task in all {
            sum += task.await;
        }
        sum
    })
}
