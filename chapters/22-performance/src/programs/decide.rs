//! Which to use: twenty slow pages, fast pages and long sums, in four ways, as milliseconds on the virtual clock.
//!
//! rows: P46
//! twin: same
//! clock: virtual
//! flag: --cores N  how many cores the threads and processes have; 2 if nothing is said

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use performance::on_clock;
use taxi::sync::Semaphore;
use taxi::time::{now, sleep};
use taxi::{gather, join};
use trace::say;

const PIECES: u64 = 20;

// ANCHOR: costs
/// A piece of work: so long it waits, so long it computes. Microseconds.
#[derive(Clone, Copy)]
struct Piece {
    waits: u64,
    computes: u64,
}

/// What somebody to do it costs, in microseconds of a core. As measured, rounded.
const A_TASK: u64 = 1;
const A_THREAD: u64 = 30;
const A_PROCESS: u64 = 1000;
// ANCHOR_END: costs

fn micros(count: u64) -> Duration {
    Duration::from_micros(count)
}

// ANCHOR: piece
/// Somebody is made, waits, and computes when one of the cores is free.
async fn work(cores: Rc<Semaphore>, start: u64, piece: Piece) {
    on(&cores, start).await;
    sleep(micros(piece.waits)).await;
    on(&cores, piece.computes).await;
}

async fn on(cores: &Semaphore, computes: u64) {
    let _core = cores.acquire().await;
    sleep(micros(computes)).await;
}
// ANCHOR_END: piece

// ANCHOR: ways
async fn one_by_one(piece: Piece) {
    for _ in 0..PIECES {
        sleep(micros(piece.waits + piece.computes)).await;
    }
}

/// Everybody at once: tasks share one core, threads have them all.
async fn at_once(cores: usize, start: u64, piece: Piece) {
    let cores = Rc::new(Semaphore::new(cores));
    let all = (0..PIECES).map(|_| work(Rc::clone(&cores), start, piece));
    let _done = gather(all).await;
}

/// Two processes, each with half of the pieces, one by one.
async fn by_processes(cores: usize, piece: Piece) {
    let cores = Rc::new(Semaphore::new(cores));
    let half = async || {
        on(&cores, A_PROCESS).await;
        for _ in 0..PIECES / 2 {
            work(Rc::clone(&cores), 0, piece).await;
        }
    };
    join(half(), half()).await;
}
// ANCHOR_END: ways

// ANCHOR: main
async fn decide(cores: usize) {
    say!("ms          one by one   threads     tasks  processes");
    for (name, waits, computes) in [
        ("slow pages", 20_000, 100),
        ("fast pages", 200, 50),
        ("long sums", 0, 6_000),
    ] {
        let piece = Piece { waits, computes };
        let mut took = Vec::new();
        for way in 0..4 {
            let start = now();
            match way {
                0 => one_by_one(piece).await,
                1 => at_once(cores, A_THREAD, piece).await,
                2 => at_once(1, A_TASK, piece).await,
                _ => by_processes(cores, piece).await,
            }
            took.push((now() - start).as_micros() as f64 / 1000.0);
        }
        let [serial, threads, tasks, processes] = took[..] else {
            return;
        };
        say!("{name:11} {serial:10.2} {threads:9.2} {tasks:9.2} {processes:10.2}");
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let cores = args.number("cores", 1..=64_u32)?.unwrap_or(2);
    on_clock(args.real(), decide(cores as usize))
}
