//! Chapter 9's combinators beside tokio's, Python's and the futures crate's.

use std::future::pending;
use std::pin::{Pin, pin};

use combinators::{Either, gather, join_all, select};
use event_loop::Clock;
use polling::yield_now;

use crate::peers::{Bare, Peer, sides};
use crate::python;
use crate::row::{OURS, Side, Work};
use crate::timing::tokio;

/// How many tasks are gathered at once, and how many children are joined.
const MANY: u64 = 1000;
const TASKS: u64 = 500_000;
const SELECTS: u64 = 500_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let gather = |name, ours, mut sides: Vec<Side>| {
        sides.insert(0, Side::new(OURS, ours));
        Work {
            counted: 2 * MANY,
            ..Work::new(name, TASKS, sides)
        }
    };
    let mut a_thousand = sides![thousands: Tokio, TokioThreads, Smol, LocalExecutor, LocalPool, Monoio, Compio];
    a_thousand.extend(python::sides("gather-1000", 20));
    a_thousand.push(Side::new("boxes in turn", in_turn));
    let mut select = vec![
        Side::new(OURS, select_ours),
        Side::new("tokio", select_tokio),
    ];
    select.extend(sides![selects: LocalExecutor, LocalPool, Monoio, Compio]);
    select.extend(python::sides("select-two", 50));
    select.push(Side::of::<Bare>(selects::<Bare>));
    vec![
        gather("gather-1000", |n| gathers(n, MANY), a_thousand),
        gather("gather-10", |n| gathers(n, 10), sides![tens: Tokio]),
        Work::new("select", SELECTS, select),
        Work {
            counted: 2 * MANY,
            ..Work::new(
                "join-1000",
                SELECTS,
                vec![
                    Side::new("ours", join_ours),
                    Side::new("futures", join_futures),
                ],
            )
        },
    ]
}

fn gathers(tasks: u64, at_once: u64) -> u64 {
    task_cell::run(Clock::real(), async move {
        let mut sum = 0;
        for _ in 0..tasks / at_once {
            let children = (0..at_once).map(|n| async move { n });
            let values = gather(children).await.expect("numbers");
            sum += values.into_iter().sum::<u64>();
        }
        sum
    })
}

fn thousands<P: Peer>(tasks: u64) -> u64 {
    gathers_on::<P>(tasks, MANY)
}

fn tens<P: Peer>(tasks: u64) -> u64 {
    gathers_on::<P>(tasks, 10)
}

/// Tasks that are spawned, and `join_all` of the crate futures.
fn gathers_on<P: Peer>(tasks: u64, at_once: u64) -> u64 {
    P::run(async move {
        let mut sum = 0;
        for _ in 0..tasks / at_once {
            let children = (0..at_once).map(|n| P::spawn(async move { n }));
            let values = futures::future::join_all(children).await;
            sum += values.into_iter().sum::<u64>();
        }
        sum
    })
}

/// As little as there can be: each child is allocated, and awaited when its turn comes.
fn in_turn(tasks: u64) -> u64 {
    Bare::run(async move {
        let mut sum = 0;
        for _ in 0..tasks / MANY {
            let children: Vec<Pin<Box<dyn Future<Output = u64>>>> =
                (0..MANY).map(|n| Box::pin(async move { n }) as _).collect();
            for child in children {
                sum += child.await;
            }
        }
        sum
    })
}

fn select_ours(times: u64) -> u64 {
    task_cell::run(Clock::real(), async move {
        let mut sum = 0;
        for _ in 0..times {
            sum += match select(yield_now(), pending::<()>()).await {
                Either::Left(()) => 1,
                Either::Right(()) => 0,
            };
        }
        sum
    })
}

fn select_tokio(times: u64) -> u64 {
    tokio().block_on(async move {
        let mut sum = 0;
        for _ in 0..times {
            sum += tokio::select! {
                () = yield_now() => 1,
                () = pending::<()>() => 0,
            };
        }
        sum
    })
}

/// With the crate futures, which others have for it.
fn selects<P: Peer>(times: u64) -> u64 {
    P::run(async move {
        let mut sum = 0;
        for _ in 0..times {
            let soon = pin!(P::yield_now());
            sum += match futures::future::select(soon, pending::<()>()).await {
                futures::future::Either::Left(_) => 1,
                futures::future::Either::Right(_) => 0,
            };
        }
        sum
    })
}

/// Each of many children is woken once.
fn join_ours(wakes: u64) -> u64 {
    task_cell::run(Clock::real(), async move {
        for _ in 0..wakes / MANY {
            join_all((0..MANY).map(|_| yield_now())).await;
        }
        wakes
    })
}

fn join_futures(wakes: u64) -> u64 {
    task_cell::run(Clock::real(), async move {
        for _ in 0..wakes / MANY {
            futures::future::join_all((0..MANY).map(|_| yield_now())).await;
        }
        wakes
    })
}
