//! What a thread costs and what a task costs: ten thousand tasks wait on one thread, and then a hundred threads wait.
//!
//! rows: P47
//! twin: none, what is counted is memory
//! flag: --memory M  1: says on standard error how much memory each of them takes (Linux)

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::{spawn, tasks};
use threads::{Pool, spawn_blocking};
use timers::sleep;
use trace::say;

/// How many kilobytes of memory this process really has.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    line.trim_end_matches("kB").trim().parse().ok()
}

// ANCHOR: main
async fn many_tasks() -> Option<u64> {
    let before = memory()?;
    let hour = Duration::from_secs(3600);
    let all: Vec<_> = (0..10_000).map(|_| spawn(sleep(hour))).collect();
    yield_now().await;
    say!("{} tasks wait, on one thread", tasks().len() - 1);
    let after = memory()?;
    for task in all {
        task.abort();
    }
    Some((after - before) * 1024 / 10_000)
}

async fn many_threads() -> Option<u64> {
    let before = memory()?;
    let pool = Pool::builder().max_threads(100).build();
    let (begins, begun) = mpsc::channel();
    let all: Vec<_> = (0..100)
        .map(|_| {
            let (go_on, told) = mpsc::channel::<()>();
            let begins = begins.clone();
            let job = pool.run(move || (begins.send(()), told.recv().is_err()));
            (go_on, job)
        })
        .collect();
    let _begun = spawn_blocking(move || begun.iter().take(100).count()).await;
    say!("{} threads wait", pool.counts().started);
    let after = memory()?;
    for (go_on, job) in all {
        drop(go_on);
        let _ended = job.await;
    }
    Some((after - before) * 1024 / 100)
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let tell = args.number("memory", 0..=1_u32)? == Some(1);
    let costs = threads::run(Clock::real(), async {
        (many_tasks().await, many_threads().await)
    });
    let costs = costs.map_err(|error| BadInput::new(error.to_string()))?;
    if let (true, (Some(task), Some(thread))) = (tell, costs) {
        eprintln!(
            "a task: {task} bytes; a thread: {thread} bytes, as much as {} tasks",
            thread / task
        );
    }
    Ok(())
}
