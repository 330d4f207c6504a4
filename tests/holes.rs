//! Every hole is cut in a copy of the workspace: the rest must still compile, and each program that `tried by`
//! names must notice. The tests that `also` names must exist.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use catalogue::holes::{self, Hole};
use catalogue::{Chapter, Snapshot};
use libtest_mimic::{Completion, Trial};
use workbook_tests::chapters::{Built, build, build_chapters, cargo, workbook};
use workbook_tests::copy::{self, Copy};
use workbook_tests::snapshot::recorded;
use workbook_tests::{root, run, trial};

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for chapter in &workbook()?.chapters {
        for (file, holes) in chapter.holes_by_file()? {
            match holes {
                // Its holes are unknown. Those of other files are tried nevertheless.
                Err(damage) => trials.push(trial(file, || Err(damage))),
                Ok(holes) => trials.extend(holes.into_iter().map(|hole| {
                    let name = format!("{}::{}", chapter.slug, hole.name);
                    trial(name, move || cut_and_try(chapter, &hole))
                })),
            }
        }
    }
    Ok(trials)
}

fn cut_and_try(chapter: &Chapter, hole: &Hole) -> Result<Completion> {
    ensure!(!hole.is_cut(), "it is cut in your own files: fill it first");
    for test in &hole.also {
        if test == holes::MODELS {
            let models = chapter.dir.join("tests/models.rs");
            ensure!(models.is_file(), "also: {test}, but there is no {models:?}");
            continue;
        }
        let named = format!("name = \"{test}\"");
        let known = include_str!("Cargo.toml").lines().any(|line| line == named);
        ensure!(known, "also: {test} is no test target of {}", holes::TESTS);
    }
    let whole = build_chapters()?;
    for name in &hole.tried_by {
        ensure!(
            passes(whole, chapter, name)?,
            "{name} fails with the code that is there now, so it shows nothing"
        );
    }
    // All holes share one copy, so that cargo builds little anew: one at a time.
    let copy = shared_copy()?.lock();
    let copy = copy.unwrap_or_else(PoisonError::into_inner);
    let cut = build_cut(&copy, chapter, hole)?;
    for name in &hole.tried_by {
        // A program that never ends has noticed, too.
        let noticed = !matches!(passes(&cut, chapter, name), Ok(true));
        ensure!(noticed, "{name} does the same without the hole's code");
    }
    Ok(Completion::Completed)
}

/// Whether a program ends as its header says and prints what its snapshot says.
fn passes(built: &Built, chapter: &Chapter, name: &str) -> Result<bool> {
    let program = chapter.program(name);
    let program = program.with_context(|| {
        format!("tried by {name}, which is no program of {}", chapter.slug)
    })?;
    let finished = built.run(&chapter.package, &program.name)?;
    let snapshot = Snapshot(recorded(&chapter.slug, &program.name)?);
    Ok(finished.status.code() == Some(program.header.exit)
        && snapshot.matches(&finished.stdout))
}

fn shared_copy() -> Result<&'static Mutex<Copy>> {
    static COPY: OnceLock<Result<Mutex<Copy>, String>> = OnceLock::new();
    let copy = COPY.get_or_init(|| {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("holes");
        let copy = copy::workspace().and_then(|files| Copy::make(&place, &files));
        let copy = copy.map(Mutex::new);
        copy.map_err(|error| format!("cannot copy the workspace: {error:#}"))
    });
    copy.as_ref().map_err(|error| anyhow!("{error}"))
}

/// The chapter built without the hole's code; the copy is whole again afterwards.
fn build_cut(copy: &Copy, chapter: &Chapter, hole: &Hole) -> Result<Built> {
    let file = copy.folder.join(hole.file.strip_prefix(root())?);
    let whole = fs::read_to_string(&file)?;
    let copied = Hole::in_text(&file, &whole)?;
    let copied = copied.iter().find(|it| it.name == hole.name);
    let copied = copied.context("not copied")?;
    fs::write(&file, copied.replaced(&whole, &hole.todo()))?;
    let mut cargo = cargo(&copy.folder);
    copy.employ(&mut cargo);
    let built = build(&mut cargo, &[&chapter.package]);
    fs::write(&file, whole)?;
    let built = built?;
    built
        .binary(&chapter.package)
        .context("with the hole cut")?;
    Ok(built)
}
