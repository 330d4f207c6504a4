//! Chapter 8's tasks beside tokio's.

use std::fmt::Debug;
use std::task::{Context, Poll, Waker};

use event_loop::Clock;
use futures::channel::mpsc;
use futures::future::BoxFuture;
use futures::{Sink, SinkExt, Stream, StreamExt};

use crate::row::{Side, Work};
use crate::spawning::{SPAWNS, YIELDS, spawn_tokio, yield_tokio};
use crate::timing::tokio;

/// How many tasks yield in turns.
const MANY: u64 = 1000;
const PINGS: u64 = 300_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let beside = |ours, tokio| vec![Side::new("ours", ours), Side::new("tokio", tokio)];
    vec![
        Work::new("spawn", SPAWNS, beside(spawn_ours, spawn_tokio)),
        Work::new("yield", YIELDS, beside(yield_ours, yield_tokio)),
        Work {
            counted: 2 * MANY,
            ..Work::new("yield-1000", YIELDS, beside(many_ours, many_tokio))
        },
        Work::new(
            "ping-pong",
            PINGS,
            vec![
                Side::new("ours", |pings| pings_ours(unbounded(pings))),
                Side::new("tokio", |pings| pings_tokio(unbounded(pings))),
                Side::new("channel alone", |pings| pings_alone(unbounded(pings))),
            ],
        ),
        Work::new(
            "ping-pong-bounded",
            PINGS,
            vec![
                Side::new("ours", |pings| pings_ours(bounded(pings))),
                Side::new("tokio", |pings| pings_tokio(bounded(pings))),
                Side::new("channel alone", |pings| pings_alone(bounded(pings))),
            ],
        ),
    ]
}

fn spawn_ours(spawns: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..spawns {
            sum += task_cell::spawn(async move { n }).await.expect("a number");
        }
        sum
    })
}

async fn yields(times: u64) -> u64 {
    for _ in 0..times {
        polling::yield_now().await;
    }
    times
}

fn yield_ours(times: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        task_cell::spawn(yields(times)).await.expect("a number")
    })
}

fn many_ours(times: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let spawn = |_| task_cell::spawn(yields(times / MANY));
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("a number");
        }
        sum
    })
}

fn many_tokio(times: u64) -> u64 {
    tokio().block_on(async {
        let spawn = |_| {
            tokio::spawn(async move {
                for _ in 0..times / MANY {
                    tokio::task::yield_now().await;
                }
                times / MANY
            })
        };
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("a number");
        }
        sum
    })
}

/// Who sends a number and awaits it again, and who sends it back.
type Players = (BoxFuture<'static, u64>, BoxFuture<'static, ()>);

fn unbounded(pings: u64) -> Players {
    players(pings, mpsc::unbounded(), mpsc::unbounded())
}

/// With room for one number, whose sender waits until it is taken.
fn bounded(pings: u64) -> Players {
    players(pings, mpsc::channel(0), mpsc::channel(0))
}

fn players<S, R>(pings: u64, there: (S, R), back: (S, R)) -> Players
where
    S: Sink<u64, Error: Debug> + Unpin + Send + 'static,
    R: Stream<Item = u64> + Unpin + Send + 'static,
{
    let (mut to, mut arrived) = there;
    let (mut reply, mut answers) = back;
    let ping = async move {
        let mut sum = 0;
        for _ in 0..pings {
            to.send(1).await.expect("somebody listens");
            sum += answers.next().await.expect("an answer");
        }
        sum
    };
    let pong = async move {
        while let Some(number) = arrived.next().await {
            if reply.send(number).await.is_err() {
                return;
            }
        }
    };
    (Box::pin(ping), Box::pin(pong))
}

fn pings_ours((ping, pong): Players) -> u64 {
    task_cell::run(Clock::real(), async {
        let _pong = task_cell::spawn(pong);
        task_cell::spawn(ping).await.expect("a number")
    })
}

fn pings_tokio((ping, pong): Players) -> u64 {
    tokio().block_on(async {
        let _pong = tokio::spawn(pong);
        tokio::spawn(ping).await.expect("a number")
    })
}

fn pings_alone((mut ping, mut pong): Players) -> u64 {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(sum) = ping.as_mut().poll(&mut context) {
            return sum;
        }
        let _pending = pong.as_mut().poll(&mut context);
    }
}
