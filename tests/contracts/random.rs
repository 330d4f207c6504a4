//! Random programs of tasks, cancels, catches, gathers, waits, groups, locks, semaphores, events and queues log the
//! same on the runtime, in a plain model, and, where Python has the same thing, in CPython.
//!
//! `RANDOM_SEEDS` says how many programs (unless told, 300 beside the model and 200 beside CPython, or 5,000 and 3,000
//! where tests are thorough), `RANDOM_SEED` the first of them. A failure prints the smallest program that is still wrong.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use program::{Program, program, smaller, to_json};
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::python::{Python, python_or_skip};
use workbook_tests::root;

#[path = "random/groups.rs"]
mod groups;
#[path = "random/model.rs"]
mod model;
#[path = "random/play.rs"]
mod play;
#[path = "random/program.rs"]
mod program;
#[path = "random/stack.rs"]
mod stack;
#[path = "random/steps.rs"]
mod steps;
#[path = "random/together.rs"]
mod together;

/// How many smaller programs are tried.
const MOST_TRIES: usize = 5000;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

/// A number from the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    let told = env::var(name).ok();
    told.map_or(otherwise, |text| text.parse().expect(name))
}

/// The seeds to try.
fn seeds(quick: u64, full: u64) -> std::ops::Range<u64> {
    let first = number("RANDOM_SEED", 0);
    first..first + number("RANDOM_SEEDS", quick_or_full(quick, full))
}

/// What the program logs on the runtime, or how it fails there.
fn ours(program: &Program) -> String {
    catch_unwind(AssertUnwindSafe(|| play::run(program))).unwrap_or_else(|panic| {
        let text = wakers::panic_message(&*panic);
        format!("a panic: {}", text.unwrap_or_default())
    })
}

/// The smallest program that is still wrong: `wrong` tells which of some are.
fn smallest(
    mut program: Program,
    wrong: impl Fn(&[Program]) -> Option<usize>,
) -> Program {
    let mut left = MOST_TRIES;
    loop {
        let mut some = smaller(&program);
        some.truncate(left);
        left -= some.len();
        match wrong(&some) {
            Some(place) => program = some.swap_remove(place),
            None => return program,
        }
    }
}

fn told(program: &Program) -> String {
    let mut text = String::new();
    for (number, body) in program.iter().enumerate() {
        writeln!(text, "{number}: {body:?}").unwrap();
    }
    text
}

#[test]
fn the_order_is_the_models() {
    let mut events = 0;
    let seeds = seeds(300, 5000);
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let program = program(seed, true);
        let log = model::run(&program);
        if ours(&program) != log {
            let wrong = |program: &Program| ours(program) != model::run(program);
            let program = smallest(program, |some| some.iter().position(wrong));
            panic!(
                "RANDOM_SEED={seed}, made smaller:\n{}\nthe runtime:\n{}\nthe model:\n{}",
                told(&program),
                ours(&program),
                model::run(&program),
            );
        }
        events += log.lines().count() as u64;
    }
    // Programs that do nothing would prove nothing.
    assert!(events > 10 * count, "only {events} events");
}

/// What CPython logs of each.
fn theirs(python: &Python, programs: &[Program]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programs.jsonl");
    let mut lines = String::new();
    for program in programs {
        writeln!(lines, "{}", to_json(program)).unwrap();
    }
    fs::write(&file, lines).unwrap();
    let mut command = python.command();
    let here: &Path = &root().join("tests/asyncio");
    command
        .args(["run.py", "random_combinators.py"])
        .env("PROGRAMS", &file)
        .current_dir(here);
    let found = run_limited(&mut command, LIMIT).unwrap();
    assert!(found.status.success(), "{}", found.stderr);
    let logs = found.stdout.split("program ").skip(1);
    let logs: Vec<String> = logs
        .map(|log| log.split_once('\n').unwrap().1.to_string())
        .collect();
    assert_eq!(logs.len(), programs.len(), "{}", found.stderr);
    logs
}

/// Whether both log the same, up to where asyncio makes another choice.
fn agree(ours: &str, theirs: &str) -> bool {
    match theirs.strip_suffix("choice\n") {
        Some(before) => ours.starts_with(before),
        None => ours == theirs,
    }
}

#[test]
fn the_order_is_cpythons() {
    let Some(python) = python_or_skip() else {
        return;
    };
    let seeds = seeds(200, 3000);
    let programs: Vec<Program> = seeds.clone().map(|seed| program(seed, false)).collect();
    let logs = theirs(python, &programs);
    let wrong = |programs: &[Program], logs: &[String]| {
        let mut both = programs.iter().zip(logs);
        both.position(|(program, log)| !agree(&ours(program), log))
    };
    if let Some(place) = wrong(&programs, &logs) {
        let smallest = smallest(programs[place].clone(), |programs| {
            wrong(programs, &theirs(python, programs))
        });
        let log = &theirs(python, std::slice::from_ref(&smallest))[0];
        panic!(
            "RANDOM_SEED={}, made smaller:\n{}\nours:\n{}\nCPython's:\n{log}",
            seeds.start + place as u64,
            told(&smallest),
            ours(&smallest),
        );
    }
    // Programs that do nothing would prove nothing.
    let events: usize = logs.iter().map(|log| log.lines().count()).sum();
    let whole = logs.iter().filter(|log| !log.ends_with("choice\n")).count();
    eprintln!("{events} events, {whole} whole of {}", programs.len());
    assert!(events > 10 * programs.len(), "only {events} events");
    assert!(2 * whole > programs.len(), "only {whole} to their ends");
}
