//! Chapter 8's tasks beside those of other runtimes: spawning, yielding, and four channels there and back.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::channel::mpsc;
use futures::future::BoxFuture;
use futures::{Sink, SinkExt, Stream, StreamExt};

use crate::peers::{Bare, Peer, everywhere};
use crate::python;
use crate::row::{Side, Work};
use crate::spawning::{SPAWNS, YIELDS, spawn, yields};

/// How many tasks yield in turns.
const MANY: u64 = 1000;
const PINGS: u64 = 300_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let mut many = everywhere!(many);
    many.extend(python::sides("yield-1000", 20));
    many.push(Side::new("boxes in turn", boxes_in_turn));
    vec![
        Work::new(
            "spawn",
            SPAWNS,
            beside(everywhere!(spawn), "spawn", spawn::<Bare>),
        ),
        Work::new(
            "yield",
            YIELDS,
            beside(everywhere!(yields), "yield", yields::<Bare>),
        ),
        Work {
            counted: 2 * MANY,
            ..Work::new("yield-1000", YIELDS, many)
        },
        ping_pong("ping-pong", everywhere!(over_unbounded), |n| {
            alone(unbounded(n))
        }),
        ping_pong("ping-pong-bounded", everywhere!(over_bounded), |n| {
            alone(bounded(n))
        }),
        ping_pong("ping-pong-tokio", everywhere!(over_tokios), |n| {
            alone(tokios(n))
        }),
        ping_pong("ping-pong-async", everywhere!(over_async_channel), |n| {
            alone(async_channels(n))
        }),
    ]
}

/// These, the program `name` of Python's, and the limit.
fn beside(mut sides: Vec<Side>, name: &'static str, bare: fn(u64) -> u64) -> Vec<Side> {
    sides.extend(python::sides(name, 20));
    sides.push(Side::of::<Bare>(bare));
    sides
}

fn many<P: Peer>(times: u64) -> u64 {
    P::run(async move {
        let spawn = |_| {
            P::spawn(async move {
                for _ in 0..times / MANY {
                    P::yield_now().await;
                }
                times / MANY
            })
        };
        let tasks: Vec<_> = (0..MANY).map(spawn).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    })
}

/// The least that lets a thousand futures take turns: a queue of boxes.
fn boxes_in_turn(times: u64) -> u64 {
    let turns = || async move {
        for _ in 0..times / MANY {
            Bare::yield_now().await;
        }
        times / MANY
    };
    let mut queue: VecDeque<Pin<Box<dyn Future<Output = u64>>>> = VecDeque::new();
    queue.extend((0..MANY).map(|_| Box::pin(turns()) as _));
    let (mut sum, mut context) = (0, Context::from_waker(Waker::noop()));
    while let Some(mut future) = queue.pop_front() {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(turns) => sum += turns,
            Poll::Pending => queue.push_back(future),
        }
    }
    sum
}

/// Who sends a number and awaits it again, and who sends it back.
type Players = (BoxFuture<'static, u64>, BoxFuture<'static, ()>);

/// A row: the sides, and what the channel takes without tasks.
fn ping_pong(name: &'static str, mut sides: Vec<Side>, alone: fn(u64) -> u64) -> Work {
    sides.push(Side::new("channel alone", alone));
    Work::new(name, PINGS, sides)
}

fn over_unbounded<P: Peer>(pings: u64) -> u64 {
    on::<P>(unbounded(pings))
}

fn over_bounded<P: Peer>(pings: u64) -> u64 {
    on::<P>(bounded(pings))
}

fn over_tokios<P: Peer>(pings: u64) -> u64 {
    on::<P>(tokios(pings))
}

fn over_async_channel<P: Peer>(pings: u64) -> u64 {
    on::<P>(async_channels(pings))
}

/// A channel with room for any number.
fn unbounded(pings: u64) -> Players {
    players(pings, mpsc::unbounded(), mpsc::unbounded())
}

/// A channel with room for one number, whose sender waits until it is taken.
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

/// tokio's channel with room for one. It works on every runtime.
fn tokios(pings: u64) -> Players {
    let (to, mut arrived) = tokio::sync::mpsc::channel(1);
    let (reply, mut answers) = tokio::sync::mpsc::channel(1);
    let ping = async move {
        let mut sum = 0;
        for _ in 0..pings {
            to.send(1).await.expect("somebody listens");
            sum += answers.recv().await.expect("an answer");
        }
        sum
    };
    let pong = async move {
        while let Some(number) = arrived.recv().await {
            if reply.send(number).await.is_err() {
                return;
            }
        }
    };
    (Box::pin(ping), Box::pin(pong))
}

/// The channel of smol's authors, with room for one.
fn async_channels(pings: u64) -> Players {
    let (to, arrived) = async_channel::bounded(1);
    let (reply, answers) = async_channel::bounded(1);
    let ping = async move {
        let mut sum = 0;
        for _ in 0..pings {
            to.send(1).await.expect("somebody listens");
            sum += answers.recv().await.expect("an answer");
        }
        sum
    };
    let pong = async move {
        while let Ok(number) = arrived.recv().await {
            if reply.send(number).await.is_err() {
                return;
            }
        }
    };
    (Box::pin(ping), Box::pin(pong))
}

fn on<P: Peer>((ping, pong): Players) -> u64 {
    P::run(async {
        let _pong = P::spawn(pong);
        P::spawn(ping).await
    })
}

fn alone((mut ping, mut pong): Players) -> u64 {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(sum) = ping.as_mut().poll(&mut context) {
            return sum;
        }
        let _pending = pong.as_mut().poll(&mut context);
    }
}
