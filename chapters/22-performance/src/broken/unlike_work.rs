//! One side awaits its tasks, the other only spawns them: twice as fast, and half of the work.

use std::cell::Cell;

use chapter::{Args, BadInput};
use event_loop::Time;
use performance::{Shared, Side, compare};
use trace::say;

// ANCHOR: tasks
/// How many of 100 tasks are over in the end. Each spawn and each turn is a step.
fn tasks(now: &Cell<u64>, waits: bool) -> String {
    let executor = Shared::new();
    let tasks: Vec<_> = (0..100).map(|n| executor.spawn(async move { n })).collect();
    now.set(now.get() + 100);
    if waits {
        executor.run();
        now.set(now.get() + 100);
    }
    let over = tasks.iter().filter(|task| task.is_finished()).count();
    format!("{over} tasks")
}
// ANCHOR_END: tasks

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let now = Cell::new(0);
    let steps = |waits| {
        let start = now.get();
        tasks(&now, waits);
        now.get() - start
    };
    say!(
        "theirs: {} steps, ours: {} steps",
        steps(true),
        steps(false)
    );
    let mut sides = [
        Side::new("theirs", || tasks(&now, true)),
        Side::new("ours", || tasks(&now, false)),
    ];
    match compare(&|| Time::from_nanos(now.get()), 3, &mut sides) {
        Ok(_) => say!("compared"),
        Err(unlike) => say!("not compared: {unlike}"),
    }
    Ok(())
}
// ANCHOR_END: main
