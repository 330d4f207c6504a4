//! Three pieces of advice, weighed: what does each save, of a cheap item's time and of a dear one's?
//!
//! rows: P34
//! twin: same
//! clock: virtual
//! flag: --turn N  nanoseconds of a turn of the loop; 200 if nothing is said
//! flag: --call N  nanoseconds of a system call; 2000

use std::time::Duration;

use chapter::{Args, BadInput};
use performance::on_clock;
use taxi::time::{now, sleep};
use trace::say;

// ANCHOR: costs
/// Nanoseconds.
#[derive(Clone, Copy)]
struct Costs {
    /// A turn of the loop.
    turn: u64,
    /// A read, whatever comes.
    call: u64,
    /// What is done with an item.
    item: u64,
}

/// So many items in a turn, and so many in a read.
#[derive(Clone, Copy)]
struct Plan {
    a_turn: u64,
    a_read: u64,
}
// ANCHOR_END: costs

// ANCHOR: serve
/// How long 1000 items take. Work is time that passes.
async fn serve(costs: Costs, plan: Plan) -> u64 {
    let start = now();
    for number in 0..1000 {
        let mut nanos = costs.item;
        if number % plan.a_turn == 0 {
            nanos += costs.turn;
        }
        if number % plan.a_read == 0 {
            nanos += costs.call;
        }
        sleep(Duration::from_nanos(nanos)).await;
    }
    (now() - start).as_nanos() as u64
}
// ANCHOR_END: serve

// ANCHOR: main
async fn weigh(turn: u64, call: u64) {
    say!("                       item of 100 ns  item of 50 µs");
    let one = Plan {
        a_turn: 1,
        a_read: 1,
    };
    let plans = [
        ("as it is", turn, one),
        ("a loop twice as fast", turn / 2, one),
        ("a hundred a turn", turn, Plan { a_turn: 100, ..one }),
        ("a hundred a read", turn, Plan { a_read: 100, ..one }),
        (
            "both",
            turn,
            Plan {
                a_turn: 100,
                a_read: 100,
            },
        ),
    ];
    for (name, with, plan) in plans {
        let mut shares = Vec::new();
        for item in [100, 50_000] {
            let before = serve(Costs { turn, call, item }, one).await;
            let costs = Costs {
                turn: with,
                call,
                item,
            };
            let after = serve(costs, plan).await;
            shares.push(100.0 * after as f64 / before as f64);
        }
        say!("{name:22} {:12.1} %  {:11.1} %", shares[0], shares[1]);
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let turn = args.number("turn", 1..=1_000_000_u64)?.unwrap_or(200);
    let call = args.number("call", 1..=1_000_000_u64)?.unwrap_or(2000);
    on_clock(args.real(), weigh(turn, call))
}
