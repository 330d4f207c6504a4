//! A loop inside a loop, whichever loops they are: the inner one is refused, at the line that calls it.

use std::future::ready;
use std::pin::Pin;

use event_loop::Clock;
use readiness::Reactor;
use timers::Timers;
use workbook_tests::blame::panic_of;

use super::limited;

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// A call that blocks its thread until a future is over.
struct Way {
    name: &'static str,
    blocks: fn(Boxed),
    /// The same inside a loop: the words of its refusal.
    is_refused: fn() -> String,
}

macro_rules! way {
    ($name:literal, |$future:ident| $call:expr) => {
        Way {
            name: $name,
            blocks: |$future| _ = $call,
            is_refused: || {
                let $future = ready(());
                panic_of(|| $call)
            },
        }
    };
}

fn layers() -> Timers<Reactor> {
    readiness::layers(Clock::real()).unwrap()
}

const WAYS: [Way; 9] = [
    way!("wakers::block_on", |future| wakers::block_on(future)),
    way!("wakers::block_on_with", |future| {
        wakers::block_on_with(&mut layers(), future)
    }),
    way!("timers::block_on", |future| {
        timers::block_on(Clock::real(), future)
    }),
    way!("tasks::run", |future| tasks::run(Clock::real(), future)),
    way!("tasks::run_with", |future| tasks::run_with(
        layers(),
        future
    )),
    way!("readiness::run", |future| {
        readiness::run(Clock::real(), future)
    }),
    way!("task_cell::run", |future| {
        task_cell::run(Clock::real(), future)
    }),
    way!("task_cell::run_with", |future| task_cell::run_with(
        layers(),
        future
    )),
    way!("task_cell::Executor", |future| {
        let mut executor = task_cell::Executor::new(layers());
        executor.run_until_complete(future)
    }),
];

#[test]
fn no_loop_runs_inside_another() {
    limited(|| {
        for outer in WAYS {
            for inner in WAYS {
                (outer.blocks)(Box::pin(async move {
                    polling::yield_now().await;
                    let words = (inner.is_refused)();
                    let wanted = "a loop is running on this thread already";
                    let names = format!("{} in {}", inner.name, outer.name);
                    assert!(words.contains(wanted), "{names}: {words}");
                    // The outer one goes on.
                    polling::yield_now().await;
                }));
            }
        }
    });
}
