//! Sums of squares for twenty numbers, in four ways, with the same results; `--times 1` says how long each way takes.
//!
//! rows: P45
//! twin: same
//! flag: --sums N  be a process that sums for every second number, from N on
//! flag: --to N  up to how much the longest sum goes
//! flag: --times T  1: says on standard error how much faster each way was
//! needs: unix

use std::io;
use std::time::Instant;

use chapter::{Args, BadInput};
use combinators::{join, join_all};
use cores::Cores;
use event_loop::Clock;
use processes::Command;
use threads::Pool;
use trace::say;

// ANCHOR: ways
fn sum_of_squares(to: u64) -> u64 {
    (1..=to).map(|n| n * n % 1_000_007).sum()
}

/// Twenty, of about the same length.
fn numbers(to: u64) -> impl Iterator<Item = u64> {
    (0..20).map(move |n| to - n)
}

fn serial(to: u64) -> u64 {
    numbers(to).map(sum_of_squares).sum()
}

async fn by_threads(to: u64) -> u64 {
    let pool = Pool::builder().max_threads(2).build();
    let jobs = numbers(to).map(|number| pool.run(move || sum_of_squares(number)));
    let sums = join_all(jobs.collect::<Vec<_>>()).await;
    sums.into_iter().flatten().sum()
}

fn by_cores(to: u64) -> io::Result<u64> {
    let cores = Cores::new(2)?;
    let sum = |number| cores.spawn(move || async move { sum_of_squares(number) });
    let sums: Vec<_> = numbers(to).map(sum).collect();
    Ok(sums.into_iter().flat_map(|it| it.wait()).sum())
}

// ANCHOR_END: ways

// ANCHOR: processes
async fn by_processes(to: u64) -> io::Result<u64> {
    let half = |from: u32| {
        let mut child = Command::new(std::env::current_exe()?);
        child.args(["sums", "--sums", &from.to_string(), "--to", &to.to_string()]);
        io::Result::Ok(child.output())
    };
    let (one, other) = join(half(0)?, half(1)?).await;
    let read = |output: io::Result<std::process::Output>| -> io::Result<u64> {
        let said = String::from_utf8_lossy(&output?.stdout).into_owned();
        said.trim().parse().map_err(io::Error::other)
    };
    Ok(read(one)? + read(other)?)
}
// ANCHOR_END: processes

// ANCHOR: main
fn compare(to: u64, times: bool) -> io::Result<()> {
    let begun = Instant::now();
    let expected = serial(to);
    let alone = begun.elapsed();
    let tell = |way: &str, begun: Instant, sum: u64| {
        say!("{way}: the same sum: {}", sum == expected);
        let fast = alone.as_secs_f64() / begun.elapsed().as_secs_f64();
        if times {
            eprintln!("{way}: {fast:.2} times as fast as one after another");
        }
    };
    let begun = Instant::now();
    tell(
        "two threads",
        begun,
        net::run(Clock::real(), by_threads(to))?,
    );
    let begun = Instant::now();
    tell(
        "two processes",
        begun,
        net::run(Clock::real(), by_processes(to))??,
    );
    let begun = Instant::now();
    tell("two cores", begun, by_cores(to)?);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let to = args.number("to", 20..=1_000_000_000)?.unwrap_or(200_000);
    if let Some(from) = args.number("sums", 0..=1u32)? {
        say!(
            "{}",
            numbers(to)
                .skip(usize::from(from == 1))
                .step_by(2)
                .map(sum_of_squares)
                .sum::<u64>()
        );
        return Ok(());
    }
    compare(to, args.number("times", 0..=1u32)? == Some(1))
        .map_err(|error| BadInput::new(error.to_string()))
}
