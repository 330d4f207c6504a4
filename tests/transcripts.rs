//! Every program prints what its snapshot says, and every file that must be refused is refused in the words of
//! its snapshot. One trial each: `cargo test --test transcripts 02-event-loop::taxi`.

use std::num::NonZero;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use catalogue::{Chapter, Kind, Program};
use libtest_mimic::{Completion, Trial};
use workbook_tests::chapters::{build_chapters, left_out, workbook};
use workbook_tests::limits::{quick_or_full, thorough};
use workbook_tests::process::{Finished, LIMIT, last_lines, run_limited};
use workbook_tests::python::python;
use workbook_tests::refusal::{codes, compiler_is_quoted, refusal};
use workbook_tests::snapshot::{recorded, same, snapshot, updating};
use workbook_tests::{root, run, skip, trial};

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for chapter in workbook()?.all() {
        for program in &chapter.programs {
            let name = format!("{}::{}", chapter.slug, program.name);
            if program.twin().is_some() {
                trials.push(trial(format!("{name}.py"), || twin(chapter, program)));
            }
            match program.kind {
                // The reader's own: they have no snapshot.
                Kind::Mine => {}
                Kind::WontCompile => {
                    trials.push(trial(name, || refused(chapter, program)))
                }
                _ => trials.push(trial(name, || transcript(chapter, program))),
            }
        }
    }
    for chapter in workbook()?.chapters.iter().filter(|it| is_outside(it)) {
        let name = format!("{}, on busy cores", chapter.slug);
        trials.push(trial(name, || on_busy_cores(chapter)));
    }
    trials.push(trial("02-event-loop::rush-hour --real", real_clock));
    Ok(trials)
}

/// A program's standard output is its snapshot, and it ends as its header says; in the full form, twice.
fn transcript(chapter: &Chapter, program: &Program) -> Result<Completion> {
    if let Some(left_out) = left_out(chapter, program) {
        return Ok(left_out);
    }
    let built = build_chapters()?;
    let first = built.run(&chapter.package, &program.name)?;
    ends_as_expected(&first, program.header.exit)?;
    snapshot(&chapter.slug, &program.name, &first.stdout)?;
    if !thorough() {
        return Ok(Completion::Completed);
    }
    let second = built.run(&chapter.package, &program.name)?;
    same(
        ("the first run", &first.stdout),
        ("the second run", &second.stdout),
    )?;
    Ok(Completion::Completed)
}

/// Whether programs of `chapter` wait for the operating system: what that does first is its own.
fn is_outside(chapter: &Chapter) -> bool {
    const READINESS: u32 = 7;
    chapter.number == READINESS || chapter.needs.contains(&READINESS)
}

/// However often they run, and whoever has the cores meanwhile, they print the same.
fn on_busy_cores(chapter: &'static Chapter) -> Result<Completion> {
    if let Some(system) = chapter.lacks() {
        let why = format!("skipped: it needs {system}");
        return Ok(Completion::ignored_with(why));
    }
    if updating() {
        return Ok(Completion::ignored_with("the snapshots are being written"));
    }
    let built = build_chapters()?;
    let programs = chapter.runnable().filter(|it| it.kind != Kind::Mine);
    let programs: Vec<&Program> = programs.filter(|it| it.lacks().is_none()).collect();
    let _busy = Busy::start();
    // A new one is run 200 times before it is trusted.
    for round in 0..quick_or_full(1, 6) {
        for program in &programs {
            let finished = built.run(&chapter.package, &program.name)?;
            let wanted = recorded(&chapter.slug, &program.name)?;
            let run = format!("{} in round {round}", program.name);
            ends_as_expected(&finished, program.header.exit).context(run.clone())?;
            let found = (&*run, &*finished.stdout);
            same(("the snapshot", &wanted), found)?;
        }
    }
    Ok(Completion::Completed)
}

/// A thread for each core that only spins, as long as this lives.
struct Busy(Arc<AtomicBool>);

impl Busy {
    fn start() -> Busy {
        let busy = Busy(Arc::new(AtomicBool::new(true)));
        for _ in 0..thread::available_parallelism().map_or(2, NonZero::get) {
            let spins = Arc::clone(&busy.0);
            thread::spawn(move || while spins.load(Ordering::Relaxed) {});
        }
        busy
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// On the wall clock a program prints the same, and its second takes one.
fn real_clock() -> Result<Completion> {
    let chapter = workbook()?.chapter(2).context("there is no chapter 2")?;
    let built = build_chapters()?;
    let start = Instant::now();
    let finished = built.run_with(&chapter.package, &["rush-hour", "--real"])?;
    let took = start.elapsed();
    ends_as_expected(&finished, 0)?;
    let wanted = recorded(&chapter.slug, "rush-hour")?;
    same(("the snapshot", &wanted), ("--real", &finished.stdout))?;
    ensure!(took >= Duration::from_secs(1), "it took {took:?} only");
    Ok(Completion::Completed)
}

/// A program that succeeds has nothing to complain of; one that fails may say where on standard error.
fn ends_as_expected(finished: &Finished, exit: i32) -> Result<()> {
    ensure!(
        finished.status.code() == Some(exit),
        "ended with {}, where its header says {exit}; its last words:\n{}\n{}",
        finished.status,
        last_lines(&finished.stdout, 20),
        last_lines(&finished.stderr, 20)
    );
    ensure!(
        exit != 0 || finished.stderr.is_empty(),
        "succeeded, but complained:\n{}",
        last_lines(&finished.stderr, 20)
    );
    Ok(())
}

/// The compiler refuses the file in the words of its snapshot; another compiler, with the same codes.
fn refused(chapter: &Chapter, program: &Program) -> Result<Completion> {
    if let Some(left_out) = left_out(chapter, program) {
        return Ok(left_out);
    }
    let text = refusal(build_chapters()?, chapter, &program.file)?;
    if compiler_is_quoted()? {
        snapshot(&chapter.slug, &program.name, &text)?;
    } else {
        let wanted = codes(&recorded(&chapter.slug, &program.name)?);
        same(("the snapshot", &wanted), ("this compiler", &codes(&text)))?;
    }
    Ok(Completion::Completed)
}

/// The Python twin prints what the program's snapshot says, or a snapshot of its own. In the full form it runs
/// twice, with different hashes, which shows a set that is printed unsorted.
fn twin(chapter: &Chapter, program: &Program) -> Result<Completion> {
    if let Some(left_out) = left_out(chapter, program) {
        return Ok(left_out);
    }
    if let Err(why) = python() {
        return skip(why);
    }
    let first = run_twin(program, "0")?;
    let name = program.twin_snapshot();
    if name != program.name {
        snapshot(&chapter.slug, &name, &first.stdout)?;
    } else if updating() {
        let rust = build_chapters()?.run(&chapter.package, &program.name)?;
        same(("the program", &rust.stdout), ("its twin", &first.stdout))?;
    } else {
        let wanted = recorded(&chapter.slug, &name)?;
        same(("the snapshot", &wanted), ("the twin", &first.stdout))?;
    }
    if !thorough() {
        return Ok(Completion::Completed);
    }
    let second = run_twin(program, "1")?;
    same(
        ("the first run", &first.stdout),
        ("the second run", &second.stdout),
    )?;
    Ok(Completion::Completed)
}

fn run_twin(program: &Program, hash_seed: &str) -> Result<Finished> {
    let file = program.twin().context("it has no twin")?;
    ensure!(file.is_file(), "{} does not exist", file.display());
    let mut command = python().map_err(anyhow::Error::msg)?.command();
    command.arg(root().join("tests/asyncio/run.py")).arg(&file);
    command.current_dir(root()).env("PYTHONHASHSEED", hash_seed);
    let finished = run_limited(&mut command, LIMIT)?;
    ensure!(
        finished.status.success() && finished.stderr.is_empty(),
        "{} ended with {} and complained:\n{}",
        file.display(),
        finished.status,
        last_lines(&finished.stderr, 20)
    );
    Ok(finished)
}
