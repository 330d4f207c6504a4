//! Chapter 9's combinators beside tokio's and the futures crate's.

use std::future::pending;

use combinators::{Either, gather, join_all, select};
use event_loop::Clock;
use polling::yield_now;

use crate::row::{Side, Work};
use crate::timing::tokio;

/// How many tasks are gathered at once, and how many children are joined.
const MANY: u64 = 1000;
const TASKS: u64 = 500_000;
const SELECTS: u64 = 500_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let beside = |ours, tokio| vec![Side::new("ours", ours), Side::new("tokio", tokio)];
    let gather = |name, ours, tokio| Work {
        counted: 2 * MANY,
        ..Work::new(name, TASKS, beside(ours, tokio))
    };
    vec![
        gather(
            "gather-1000",
            |n| gathers(n, MANY),
            |n| gathers_tokio(n, MANY),
        ),
        gather("gather-10", |n| gathers(n, 10), |n| gathers_tokio(n, 10)),
        Work::new("select", SELECTS, beside(select_ours, select_tokio)),
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

fn gathers_tokio(tasks: u64, at_once: u64) -> u64 {
    tokio().block_on(async move {
        let mut sum = 0;
        for _ in 0..tasks / at_once {
            let children = (0..at_once).map(|n| tokio::spawn(async move { n }));
            let values = futures::future::join_all(children).await;
            sum += values
                .into_iter()
                .map(|n| n.expect("a number"))
                .sum::<u64>();
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
