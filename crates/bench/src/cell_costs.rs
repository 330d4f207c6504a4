//! Chapter 8's tasks: waking from another thread beside tokio's, and what names, lines and the list of tasks cost.

use std::future::poll_fn;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Waker};
use std::thread;

use event_loop::Clock;
use readiness::Reactor;
use task_cell::{Executor, JoinHandle};
use timers::Timers;

use crate::rounds::Row;
use crate::timing::tokio;

const CALLS: u64 = 20_000;
/// How many tasks another thread wakes at a time.
const WOKEN: u64 = 1_000;
const TIMES: u64 = 200;
const SPAWNS: u64 = 200_000;
const YIELDS: u64 = 1_000_000;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    let row = |name, beside, events, goal, ours: fn() -> u64, theirs: fn() -> u64| Row {
        name,
        beside,
        events,
        goal,
        ours: Box::new(ours),
        theirs: Box::new(theirs),
    };
    let (calls, woken) = (CALLS, WOKEN * TIMES);
    let peer = "tokio current_thread";
    vec![
        row(
            "cell: a thread wakes a sleeping loop",
            peer,
            calls,
            Some(1.0),
            || with_sockets(called()),
            || tokio().block_on(called()),
        ),
        row(
            "cell: a thread wakes a running loop",
            peer,
            woken,
            Some(1.0),
            || with_sockets(many_called(spawn_ours)),
            || tokio().block_on(many_called(spawn_tokio)),
        ),
        row(
            "cell: spawn + join, named",
            "without a name",
            SPAWNS,
            None,
            || spawns(|n| task_cell::spawn_named("meter", async move { n })),
            || spawns(|n| task_cell::spawn(async move { n })),
        ),
        row(
            "cell: yield that says its line",
            "one that does not",
            YIELDS,
            None,
            || yields(polling::yield_now),
            || yields(|| Silent(false)),
        ),
        row(
            "cell: tasks(), for each of 1000",
            "their names alone",
            woken,
            None,
            || listed(|_| task_cell::tasks().len() as u64 - 1),
            || listed(|tasks| black_box(names(tasks)).len() as u64),
        ),
    ]
}

/// On what a server runs on: timers and sockets.
fn with_sockets<F: Future>(future: F) -> F::Output {
    let reactor = Reactor::new().expect("a reactor");
    Executor::new(Timers::new(reactor, Clock::real())).run_until_complete(future)
}

/// Waits, each time, for another thread to wake it.
async fn called() -> u64 {
    let (call_me, to_call) = channel::<Waker>();
    let answered = Arc::new(AtomicU64::new(0));
    let answers = Arc::clone(&answered);
    let thread = thread::spawn(move || {
        for waker in to_call {
            answers.fetch_add(1, Ordering::Release);
            waker.wake();
        }
    });
    for call in 1..=CALLS {
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
async fn many_called(spawn: impl Fn(Sender<Waker>)) -> u64 {
    let (call_me, to_call) = channel::<Waker>();
    let mut called = 0;
    for _ in 0..TIMES {
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

fn spawn_ours(call_me: Sender<Waker>) {
    drop(task_cell::spawn(wait_once(call_me)));
}

fn spawn_tokio(call_me: Sender<Waker>) {
    drop(tokio::spawn(wait_once(call_me)));
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

fn spawns(spawn: fn(u64) -> JoinHandle<u64>) -> u64 {
    task_cell::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..SPAWNS {
            sum += spawn(n).await.expect("a number");
        }
        sum
    })
}

fn yields<F: Future<Output = ()> + 'static>(one: fn() -> F) -> u64 {
    let all = async move {
        for _ in 0..YIELDS {
            one().await;
        }
        YIELDS
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
fn listed(look: fn(&[JoinHandle<()>]) -> u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let idle = |_| task_cell::spawn(std::future::pending());
        let tasks: Vec<_> = (0..WOKEN).map(idle).collect();
        (0..TIMES).map(|_| look(&tasks)).sum()
    })
}

fn names(tasks: &[JoinHandle<()>]) -> Vec<String> {
    tasks.iter().map(JoinHandle::name).collect()
}
