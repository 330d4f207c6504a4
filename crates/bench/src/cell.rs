//! Chapter 8's tasks beside tokio's.

use std::fmt::Debug;
use std::task::{Context, Poll, Waker};

use event_loop::Clock;
use futures::channel::mpsc;
use futures::future::BoxFuture;
use futures::{Sink, SinkExt, Stream, StreamExt};

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
        pings("cell: ping-pong, mpsc::unbounded", unbounded, Beside::Tokio),
        pings(
            "cell: ping-pong, mpsc::unbounded",
            unbounded,
            Beside::Channel,
        ),
        pings("cell: ping-pong, mpsc::channel(0)", bounded, Beside::Tokio),
        pings(
            "cell: ping-pong, mpsc::channel(0)",
            bounded,
            Beside::Channel,
        ),
    ]
}

enum Beside {
    Tokio,
    /// Both ends polled in turns by hand: what no executor can save.
    Channel,
}

fn pings(name: &'static str, players: fn() -> Players, other: Beside) -> Row {
    let (beside, goal, theirs): (_, _, fn(Players) -> u64) = match other {
        Beside::Tokio => ("tokio current_thread", Some(0.60), pings_tokio),
        Beside::Channel => ("the channel alone", None, pings_alone),
    };
    Row {
        name,
        beside,
        events: PINGS,
        goal,
        ours: Box::new(move || pings_ours(players())),
        theirs: Box::new(move || theirs(players())),
    }
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

/// Who sends a number and awaits it again, and who sends it back.
type Players = (BoxFuture<'static, u64>, BoxFuture<'static, ()>);

fn unbounded() -> Players {
    players(mpsc::unbounded(), mpsc::unbounded())
}

/// With room for one number, whose sender waits until it is taken.
fn bounded() -> Players {
    players(mpsc::channel(0), mpsc::channel(0))
}

fn players<S, R>(there: (S, R), back: (S, R)) -> Players
where
    S: Sink<u64, Error: Debug> + Unpin + Send + 'static,
    R: Stream<Item = u64> + Unpin + Send + 'static,
{
    let (mut to, mut arrived) = there;
    let (mut reply, mut answers) = back;
    let ping = async move {
        let mut sum = 0;
        for _ in 0..PINGS {
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
