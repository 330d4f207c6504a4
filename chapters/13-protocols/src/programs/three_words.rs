//! A coroutine, a task and a future: what each does when nobody does anything with it.
//!
//! rows: P49
//! twin: same
//! clock: virtual

use std::fmt::Display;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Promise, promise, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: fns
async fn compute(x: u32, y: u32) -> u32 {
    tell(format_args!("  computes {x} + {y}"));
    sleep(Duration::from_secs(1)).await;
    x + y
}

async fn wait_for(name: char, future: Promise<u32>) {
    let value = future.await;
    tell(format_args!("  {name} has {value}"));
}

// ANCHOR_END: fns

// ANCHOR: main
async fn evening() -> Option<()> {
    tell("a coroutine is made");
    let coroutine = compute(1, 2);
    sleep(Duration::from_secs(2)).await;
    tell("the coroutine is awaited");
    let result = coroutine.await;
    tell(format_args!("its result: {result}"));

    tell("a task is made");
    let task = spawn(compute(3, 4));
    sleep(Duration::from_secs(2)).await;
    tell("the task is awaited");
    let result = task.await.ok()?;
    tell(format_args!("its result: {result}"));

    tell("a future is made");
    let future = promise();
    let a = spawn(wait_for('A', future.clone()));
    let b = spawn(wait_for('B', future.clone()));
    sleep(Duration::from_secs(2)).await;
    tell("somebody sets its result");
    let _set_once = future.set(11);
    a.await.ok()?;
    b.await.ok()
}
// ANCHOR_END: main

fn tell(what: impl Display) {
    say!("{} s  {what}", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), evening())
        .ok_or_else(|| BadInput::new("a task was cancelled"))
}
