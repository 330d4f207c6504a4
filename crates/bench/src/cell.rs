//! Chapter 8's tasks beside tokio's.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use event_loop::Clock;

use crate::rounds::Row;
use crate::spawning::{SPAWNS, YIELDS, spawn_tokio, yield_tokio};
use crate::timing::tokio;

/// How many tasks yield in turns.
const MANY: u64 = 1000;
const PINGS: u64 = 300_000;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    let row = |name, events, goal, ours: fn() -> u64, theirs: fn() -> u64| Row {
        name,
        beside: "tokio current_thread",
        events,
        goal: Some(goal),
        ours: Box::new(ours),
        theirs: Box::new(theirs),
    };
    vec![
        row("cell: spawn + join", SPAWNS, 0.14, spawn_ours, spawn_tokio),
        row(
            "cell: yield, one task",
            YIELDS,
            0.20,
            yield_ours,
            yield_tokio,
        ),
        row(
            "cell: yield, 1000 tasks",
            YIELDS,
            0.20,
            many_ours,
            many_tokio,
        ),
        row(
            "cell: ping-pong, futures::mpsc",
            PINGS,
            0.60,
            pings_ours,
            pings_tokio,
        ),
        Row {
            name: "cell: ping-pong, futures::mpsc",
            beside: "the channel alone",
            events: PINGS,
            goal: None,
            ours: Box::new(pings_ours),
            theirs: Box::new(pings_alone),
        },
    ]
}

fn spawn_ours() -> u64 {
    task_cell::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..SPAWNS {
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

fn yield_ours() -> u64 {
    task_cell::run(Clock::real(), async {
        task_cell::spawn(yields(YIELDS)).await.expect("a number")
    })
}

fn many_ours() -> u64 {
    task_cell::run(Clock::real(), async {
        let spawn = |_| task_cell::spawn(yields(YIELDS / MANY));
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("a number");
        }
        sum
    })
}

fn many_tokio() -> u64 {
    tokio().block_on(async {
        let spawn = |_| {
            tokio::spawn(async {
                for _ in 0..YIELDS / MANY {
                    tokio::task::yield_now().await;
                }
                YIELDS / MANY
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

/// Sends a number there and back again.
async fn ping_pong(spawn: impl FnOnce(Pong)) -> u64 {
    use futures::{SinkExt, StreamExt};
    let (mut there, receiver) = futures::channel::mpsc::channel(0);
    let (sender, mut back) = futures::channel::mpsc::channel(0);
    spawn(Box::pin(pong(receiver, sender)));
    let mut sum = 0;
    for _ in 0..PINGS {
        there.send(1).await.expect("somebody listens");
        sum += back.next().await.expect("an answer");
    }
    sum
}

type Pong = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn pong(
    mut receiver: futures::channel::mpsc::Receiver<u64>,
    mut sender: futures::channel::mpsc::Sender<u64>,
) {
    use futures::{SinkExt, StreamExt};
    while let Some(number) = receiver.next().await {
        if sender.send(number).await.is_err() {
            return;
        }
    }
}

fn pings_ours() -> u64 {
    task_cell::run(Clock::real(), async {
        let spawn = |pong| drop(task_cell::spawn(pong));
        task_cell::spawn(ping_pong(spawn)).await.expect("a number")
    })
}

/// What the channel costs: both ends, polled in turns by hand.
fn pings_alone() -> u64 {
    let mut context = Context::from_waker(Waker::noop());
    let other: Cell<Option<Pong>> = Cell::new(None);
    let mut one = pin!(ping_pong(|pong| other.set(Some(pong))));
    let mut sum = one.as_mut().poll(&mut context);
    let mut other = other.take().expect("it was made in the first poll");
    loop {
        if let Poll::Ready(sum) = sum {
            return sum;
        }
        let _pending = other.as_mut().poll(&mut context);
        sum = one.as_mut().poll(&mut context);
    }
}

fn pings_tokio() -> u64 {
    tokio().block_on(async {
        let spawn = |pong| drop(tokio::spawn(pong));
        tokio::spawn(ping_pong(spawn)).await.expect("a number")
    })
}
