//! Chapter 8's tasks: waking from another thread beside others', and what names, lines and the list of tasks cost.

use std::future::poll_fn;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Waker};
use std::thread;

use event_loop::Clock;
use task_cell::JoinHandle;

use crate::peers::{Compio, Monoio, Peer, everywhere};
use crate::python;
use crate::row::{Side, Work};

const CALLS: u64 = 20_000;
/// How many tasks another thread wakes at a time.
const WOKEN: u64 = 1_000;
const SPAWNS: u64 = 200_000;
const YIELDS: u64 = 1_000_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let mut running = everywhere!(many_called_on);
    for side in &mut running {
        if [Monoio::NAME, Compio::NAME].contains(&side.name) {
            side.absent = || Some("on it, this row does not end".into());
        }
    }
    let mut sleeping = everywhere!(called_on);
    sleeping.extend(python::sides("wake-sleeping", 10));
    sleeping.push(Side::new("block_on", |calls| {
        futures::executor::block_on(called(calls))
    }));
    vec![
        Work::new("wake-sleeping", CALLS, sleeping),
        Work {
            counted: 2 * WOKEN,
            ..Work::new("wake-running", 200 * WOKEN, running)
        },
        Work::new(
            "named",
            SPAWNS,
            vec![
                Side::new("ours", |times| {
                    spawns(times, |n| task_cell::spawn_named("meter", async move { n }))
                }),
                Side::new("without a name", |times| {
                    spawns(times, |n| task_cell::spawn(async move { n }))
                }),
            ],
        ),
        Work::new(
            "line",
            YIELDS,
            vec![
                Side::new("ours", |times| yields(times, polling::yield_now)),
                Side::new("silent", |times| yields(times, || Silent(false))),
            ],
        ),
        Work {
            counted: 2 * WOKEN,
            ..Work::new(
                "tasks",
                200 * WOKEN,
                vec![
                    Side::new("ours", |times| {
                        listed(times, |_| task_cell::tasks().len() as u64 - 1)
                    }),
                    Side::new("their names alone", |times| {
                        listed(times, |tasks| black_box(names(tasks)).len() as u64)
                    }),
                ],
            )
        },
    ]
}

fn called_on<P: Peer>(calls: u64) -> u64 {
    P::run(called(calls))
}

fn many_called_on<P: Peer>(times: u64) -> u64 {
    // As a task like the others.
    P::run(async move {
        let spawn = |call_me| P::detach(wait_once(call_me));
        P::spawn(many_called(times, spawn)).await
    })
}

/// Waits, each time, for another thread to wake it.
async fn called(calls: u64) -> u64 {
    let (call_me, to_call) = channel::<Waker>();
    let answered = Arc::new(AtomicU64::new(0));
    let answers = Arc::clone(&answered);
    let thread = thread::spawn(move || {
        for waker in to_call {
            answers.fetch_add(1, Ordering::Release);
            waker.wake();
        }
    });
    for call in 1..=calls {
        let mut asked = false;
        poll_fn(|context| {
            if !std::mem::replace(&mut asked, true) {
                let sent = call_me.send(context.waker().clone());
                sent.expect("the thread listens");
                return Poll::Pending;
            }
            match answered.load(Ordering::Acquire) == call {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
    drop(call_me);
    thread.join().expect("the thread ends");
    answered.load(Ordering::Relaxed)
}

/// While the loop is busy with a poll, another thread wakes all the tasks, one after the other.
async fn many_called(times: u64, spawn: impl Fn(Sender<Waker>)) -> u64 {
    let (call_me, to_call) = channel::<Waker>();
    let mut called = 0;
    for _ in 0..times / WOKEN {
        for _ in 0..WOKEN {
            spawn(call_me.clone());
        }
        let mut wakers: Vec<Waker> = Vec::new();
        while wakers.len() < WOKEN as usize {
            polling::yield_now().await;
            wakers.extend(to_call.try_iter());
        }
        called += wakers.len() as u64;
        let thread = thread::spawn(|| wakers.into_iter().for_each(Waker::wake));
        thread.join().expect("the thread ends");
    }
    called
}

async fn wait_once(call_me: Sender<Waker>) {
    let mut asked = false;
    poll_fn(|context| match std::mem::replace(&mut asked, true) {
        true => Poll::Ready(()),
        false => {
            let sent = call_me.send(context.waker().clone());
            sent.expect("the loop listens");
            Poll::Pending
        }
    })
    .await;
}

fn spawns(times: u64, spawn: fn(u64) -> JoinHandle<u64>) -> u64 {
    task_cell::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..times {
            sum += spawn(n).await.expect("a number");
        }
        sum
    })
}

fn yields<F: Future<Output = ()> + 'static>(times: u64, one: fn() -> F) -> u64 {
    let all = async move {
        for _ in 0..times {
            one().await;
        }
        times
    };
    task_cell::run(Clock::real(), async {
        task_cell::spawn(all).await.expect("a number")
    })
}

/// A yield that leaves no line behind.
struct Silent(bool);

impl Future for Silent {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Looks at a thousand idle tasks, again and again.
fn listed(times: u64, look: fn(&[JoinHandle<()>]) -> u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let idle = |_| task_cell::spawn(std::future::pending());
        let tasks: Vec<_> = (0..WOKEN).map(idle).collect();
        (0..times / WOKEN).map(|_| look(&tasks)).sum()
    })
}

fn names(tasks: &[JoinHandle<()>]) -> Vec<String> {
    tasks.iter().map(|it| it.name()).collect()
}
