//! Chapter 14: work on threads, beside tokio's and the crate `blocking`; and what a thread costs beside a task.

use std::fs;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Barrier};
use std::thread;

use event_loop::Clock;

use crate::idle;
use crate::row::{Side, Work};
use crate::timing::tokio;

/// How many jobs come one after the other, and how many at a time.
const JOBS: u64 = 20_000;
const AT_ONCE: u64 = 1_000;
/// How many threads are started and joined, one after the other.
const STARTED: u64 = 5_000;
const SWITCHES: u64 = 100_000;
/// How many threads there are at most at a time.
const MOST_THREADS: u64 = 500;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let jobs = |name, all: [fn(u64) -> u64; 4]| {
        let sides = ["ours", "tokio", "blocking", "bare thread"]
            .into_iter()
            .zip(all);
        let sides = sides.map(|(name, code)| Side::new(name, code));
        Work::new(name, JOBS, sides.collect())
    };
    let beside =
        |task, thread| vec![Side::new("ours", task), Side::new("thread", thread)];
    vec![
        Work {
            counted: 200,
            ..jobs("blocking", [one_ours, one_tokio, one_blocking, one_bare])
        },
        Work {
            counted: 2 * AT_ONCE,
            ..jobs(
                "blocking-1000",
                [many_ours, many_tokio, many_blocking, many_bare],
            )
        },
        Work {
            counted: 200,
            ..Work::new("start", STARTED, beside(start_task, start_thread))
        },
        Work {
            counted: 400,
            ..Work::new("switch", SWITCHES, beside(switch_tasks, switch_threads))
        },
        Work {
            counted: 0,
            ..Work::new(
                "idle-thread",
                1 << 16,
                vec![
                    Side::memory("ours", idle::ours::<64>),
                    Side::memory("thread", idle_threads),
                ],
            )
        },
    ]
}

fn run<F: Future>(future: F) -> F::Output {
    threads::run(Clock::real(), future).expect("a loop")
}

fn one_ours(jobs: u64) -> u64 {
    run(async {
        let mut sum = 0;
        for number in 0..jobs {
            sum += threads::spawn_blocking(move || number)
                .await
                .expect("no panic");
        }
        sum
    })
}

fn one_tokio(jobs: u64) -> u64 {
    tokio().block_on(async {
        let mut sum = 0;
        for number in 0..jobs {
            let job = tokio::task::spawn_blocking(move || number);
            sum += job.await.expect("no panic");
        }
        sum
    })
}

/// On our loop.
fn one_blocking(jobs: u64) -> u64 {
    run(async {
        let mut sum = 0;
        for number in 0..jobs {
            sum += blocking::unblock(move || number).await;
        }
        sum
    })
}

/// The least: a thread and two channels, and no loop.
fn one_bare(jobs: u64) -> u64 {
    let (send, work) = channel::<u64>();
    let (answer, answers) = channel();
    let thread = thread::spawn(move || {
        for number in work {
            answer.send(number).expect("somebody listens");
        }
    });
    let ask = |number| {
        send.send(number).expect("the thread listens");
        answers.recv().expect("an answer")
    };
    let sum = (0..jobs).map(ask).sum();
    drop(send);
    thread.join().expect("no panic");
    sum
}

fn many_ours(jobs: u64) -> u64 {
    run(async {
        let mut sum = 0;
        for batch in batches(jobs) {
            let jobs = batch.map(|number| threads::spawn_blocking(move || number));
            for job in jobs.collect::<Vec<_>>() {
                sum += job.await.expect("no panic");
            }
        }
        sum
    })
}

fn many_tokio(jobs: u64) -> u64 {
    // As many threads as ours.
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().max_blocking_threads(32).build();
    runtime.expect("a runtime").block_on(async {
        let mut sum = 0;
        for batch in batches(jobs) {
            let jobs = batch.map(|number| tokio::task::spawn_blocking(move || number));
            for job in jobs.collect::<Vec<_>>() {
                sum += job.await.expect("no panic");
            }
        }
        sum
    })
}

fn many_blocking(jobs: u64) -> u64 {
    run(async {
        let mut sum = 0;
        for batch in batches(jobs) {
            let jobs = batch.map(|number| blocking::unblock(move || number));
            for job in jobs.collect::<Vec<_>>() {
                sum += job.await;
            }
        }
        sum
    })
}

fn many_bare(jobs: u64) -> u64 {
    let (send, work) = channel::<u64>();
    let (answer, answers) = channel();
    let thread = thread::spawn(move || {
        for number in work {
            answer.send(number).expect("somebody listens");
        }
    });
    let mut sum = 0;
    for batch in batches(jobs) {
        let count = batch.clone().count();
        batch.for_each(|number| send.send(number).expect("the thread listens"));
        sum += answers.iter().take(count).sum::<u64>();
    }
    drop(send);
    thread.join().expect("no panic");
    sum
}

fn batches(jobs: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..jobs)
        .step_by(AT_ONCE as usize)
        .map(move |first| first..jobs.min(first + AT_ONCE))
}

fn start_task(count: u64) -> u64 {
    task_cell::run(Clock::real(), async {
        let mut sum = 0;
        for number in 0..count {
            sum += task_cell::spawn(async move { number })
                .await
                .expect("a number");
        }
        sum
    })
}

fn start_thread(count: u64) -> u64 {
    let start = |number| thread::spawn(move || number).join().expect("a number");
    (0..count).map(start).sum()
}

/// From one to the other and back: each gives way to the other as often.
fn switch_tasks(times: u64) -> u64 {
    task_cell::run(Clock::real(), async move {
        let turns = || async move {
            for _ in 0..times / 2 {
                polling::yield_now().await;
            }
            times / 2
        };
        let (one, other) = (task_cell::spawn(turns()), task_cell::spawn(turns()));
        one.await.expect("a number") + other.await.expect("a number")
    })
}

/// A ball that goes to and fro.
fn switch_threads(times: u64) -> u64 {
    let play = move |to: SyncSender<()>, from: Receiver<()>, begins: bool| {
        if begins {
            to.send(()).expect("the other listens");
        }
        for _ in 0..times / 2 {
            from.recv().expect("the other plays");
            // The last ball is caught by nobody.
            let _caught = to.send(());
        }
        times / 2
    };
    let (there, from_here) = sync_channel(1);
    let (back, from_there) = sync_channel(1);
    let other = thread::spawn(move || play(back, from_here, false));
    play(there, from_there, true) + other.join().expect("no panic")
}

/// The resident memory that each idle thread adds, on Linux. What the kernel itself keeps of it does not count.
fn idle_threads(count: u64) -> u64 {
    let count = count.min(MOST_THREADS);
    let gate = Arc::new(Barrier::new(count as usize + 1));
    // A first one, for what all of them need.
    thread::spawn(|| ()).join().expect("no panic");
    let before = resident();
    let start = |_| {
        let gate = Arc::clone(&gate);
        thread::spawn(move || {
            gate.wait();
            gate.wait();
        })
    };
    let threads: Vec<_> = (0..count).map(start).collect();
    gate.wait();
    let taken = resident().saturating_sub(before) / count;
    gate.wait();
    for thread in threads {
        thread.join().expect("no panic");
    }
    taken
}

/// The bytes of this process that are in memory; 0 where the system does not tell.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        line.and_then(|it| it.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
