//! A baton goes from hand to hand a thousand times, among ten tasks and among ten threads. Who must be woken by whom?
//!
//! rows: P47
//! twin: none, Python's threads also hand over a lock of the interpreter
//! flag: --times T  1: says on standard error how long a hand-over took

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use chapter::{Args, BadInput};
use performance::polls_of;
use taxi::sync::Notify;
use taxi::{metrics, spawn};
use trace::say;

const RUNNERS: usize = 10;
const HANDS: u32 = 1000;

// ANCHOR: tasks
/// How often a runner was polled, and how often the loop had to wait for somebody.
async fn by_tasks() -> (u32, u64) {
    let whistles: Rc<Vec<Notify>> =
        Rc::new((0..RUNNERS).map(|_| Notify::new()).collect());
    let passed = Rc::new(Cell::new(0));
    let mut polls = Vec::new();
    let mut runners = Vec::new();
    let waits = metrics().waits;
    for me in 0..RUNNERS {
        let (whistles, passed) = (Rc::clone(&whistles), Rc::clone(&passed));
        let (runner, polled) = polls_of(async move {
            for _ in 0..HANDS as usize / RUNNERS {
                whistles[me].notified().await;
                passed.set(passed.get() + 1);
                whistles[(me + 1) % RUNNERS].notify_one();
            }
        });
        runners.push(spawn(runner));
        polls.push(polled);
    }
    whistles[0].notify_one();
    for runner in runners {
        let _home = runner.await;
    }
    assert_eq!(passed.get(), HANDS);
    let polls = polls.iter().map(|polled| polled()).sum();
    (polls, metrics().waits - waits)
}
// ANCHOR_END: tasks

// ANCHOR: threads
/// How often a thread was sent something that it waited for.
fn by_threads() -> u32 {
    let sent = AtomicU32::new(0);
    let (whistles, ears): (Vec<_>, Vec<_>) =
        (0..RUNNERS).map(|_| mpsc::channel::<()>()).unzip();
    thread::scope(|threads| {
        for (me, ear) in ears.into_iter().enumerate() {
            let (next, sent) = (whistles[(me + 1) % RUNNERS].clone(), &sent);
            threads.spawn(move || {
                for _ in 0..HANDS as usize / RUNNERS {
                    if ear.recv().is_ok() {
                        sent.fetch_add(1, Ordering::Relaxed);
                        // The first one may be home already.
                        let _home = next.send(());
                    }
                }
            });
        }
        let _started = whistles[0].send(());
    });
    sent.into_inner()
}
// ANCHOR_END: threads

pub fn run(args: &Args) -> Result<(), BadInput> {
    let tell = args.number("times", 0..=1_u32)? == Some(1);
    let start = Instant::now();
    let (polls, waits) =
        taxi::run(by_tasks()).map_err(|error| BadInput::new(error.to_string()))?;
    let tasks = start.elapsed() / HANDS;
    say!(
        "{RUNNERS} tasks:   {HANDS} hand-overs, {polls} polls, {waits} waits of the loop"
    );
    let start = Instant::now();
    let woken = by_threads();
    let threads = start.elapsed() / HANDS;
    say!(
        "{RUNNERS} threads: {HANDS} hand-overs, {woken} times the kernel chose who runs"
    );
    if tell {
        eprintln!("a hand-over: {tasks:.1?} among tasks, {threads:.1?} among threads");
    }
    Ok(())
}
