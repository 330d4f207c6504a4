//! Every hole is cut in a copy of the workspace: the rest must still compile, and each program that `tried by`
//! names must notice. The tests that `also` names must exist.
//!
//! The quick form cuts all holes at once and compiles that, and tries [`CHOSEN`] of them by their programs. Which
//! those are is told by the sources: the same sources have the same ones tried. A hole that is named is tried, too:
//! `cargo test --test holes -- push`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use catalogue::holes::{self, Hole};
use catalogue::{Chapter, Program, Snapshot};
use libtest_mimic::{Arguments, Completion, Trial};
use workbook_tests::chapters::{build, build_chapters, cargo, child, workbook};
use workbook_tests::copy::{self, Copy};
use workbook_tests::limits::thorough;
use workbook_tests::process::{BUILD_LIMIT, LIMIT, last_lines, run_limited};
use workbook_tests::snapshot::recorded;
use workbook_tests::{root, run, trial};

/// How many holes the quick form tries by their programs, however many there are.
const CHOSEN: usize = 4;

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    let mut all: Vec<(&Chapter, Hole)> = Vec::new();
    for chapter in &workbook()?.chapters {
        for (file, holes) in chapter.holes_by_file()? {
            match holes {
                // Its holes are unknown. Those of other files are tried nevertheless.
                Err(damage) => trials.push(trial(file, || Err(damage))),
                Ok(holes) => all.extend(holes.into_iter().map(|hole| (chapter, hole))),
            }
        }
    }
    let chosen = chosen(all.len())?;
    let holes = all.clone();
    trials.push(trial("all cut at once", || compiles_all_cut(holes)));
    for (number, (chapter, hole)) in all.into_iter().enumerate() {
        let name = format!("{}::{}", chapter.slug, hole.name);
        let tried = chosen.contains(&number);
        trials.push(trial(name, move || {
            marks(chapter, &hole)?;
            match tried {
                true => cut_and_try(chapter, &hole),
                false => Ok(Completion::ignored_with("its marks are right")),
            }
        }));
    }
    Ok(trials)
}

/// The numbers, of so many holes, of those that are tried by their programs.
fn chosen(count: usize) -> Result<Vec<usize>> {
    let named = Arguments::from_args().filter.is_some();
    if thorough() || named || count <= CHOSEN {
        return Ok((0..count).collect());
    }
    let mut hasher = DefaultHasher::new();
    for (below, text) in copy::workspace()? {
        if below.starts_with("chapters") {
            text.hash(&mut hasher);
        }
    }
    let first = hasher.finish() as usize % count;
    // Far from each other, in the order of the chapters.
    let step = |number| (first + number * count / CHOSEN) % count;
    Ok((0..CHOSEN).map(step).collect())
}

/// What its marks say must be there is there.
fn marks(chapter: &Chapter, hole: &Hole) -> Result<()> {
    ensure!(!hole.is_cut(), "it is cut in your own files: fill it first");
    for test in &hole.also {
        if test == holes::MODELS {
            let models = chapter.dir.join("tests/models.rs");
            ensure!(models.is_file(), "also: {test}, but there is no {models:?}");
            continue;
        }
        if test == holes::LIB {
            continue;
        }
        let named = format!("name = \"{test}\"");
        let known = include_str!("Cargo.toml").lines().any(|line| line == named);
        ensure!(known, "also: {test} is no test target of {}", holes::TESTS);
    }
    for name in &hole.tried_by {
        recorded(&chapter.slug, &program(chapter, name)?.name)?;
    }
    Ok(())
}

fn program<'c>(chapter: &'c Chapter, name: &str) -> Result<&'c Program> {
    let program = chapter.program(name);
    program.with_context(|| {
        format!("tried by {name}, which is no program of {}", chapter.slug)
    })
}

/// With every hole cut, all chapters compile.
fn compiles_all_cut(holes: Vec<(&Chapter, Hole)>) -> Result<Completion> {
    let copy = shared_copy()?.lock();
    let copy = copy.unwrap_or_else(PoisonError::into_inner);
    let mut whole = Vec::new();
    for (_, hole) in &holes {
        let file = copy.folder.join(hole.file.strip_prefix(root())?);
        let text = fs::read_to_string(&file)?;
        cut(&file, &text, &hole.name)?;
        whole.push((file, text));
    }
    let mut cargo = cargo(&copy.folder);
    copy.employ(&mut cargo);
    cargo.args(["check", "--quiet", "--keep-going"]);
    for chapter in &workbook()?.chapters {
        cargo.args(["--package", &chapter.package]);
    }
    let checked = run_limited(&mut cargo, BUILD_LIMIT);
    // The last of a file's holes was cut from a text without the others.
    for (file, text) in whole.into_iter().rev() {
        fs::write(file, text)?;
    }
    let checked = checked?;
    let errors = checked.stderr.lines().filter(|line| !line.is_empty());
    let errors = errors.collect::<Vec<_>>().join("\n");
    ensure!(checked.status.success(), "{}", last_lines(&errors, 60));
    Ok(Completion::Completed)
}

fn cut_and_try(chapter: &Chapter, hole: &Hole) -> Result<Completion> {
    let tried_by = hole.tried_by.iter().filter(|it| chapter.runs(it));
    let tried_by: Vec<&String> = tried_by.collect();
    if tried_by.is_empty() {
        return Ok(Completion::ignored_with(
            "skipped: nothing that tries it runs here",
        ));
    }
    let whole = build_chapters()?.binary(&chapter.package)?;
    for name in &tried_by {
        ensure!(
            passes(&whole, chapter, name)?,
            "{name} fails with the code that is there now, so it shows nothing"
        );
    }
    let folder = tempfile::tempdir()?;
    let cut = build_cut(chapter, hole, folder.path())?;
    for name in &tried_by {
        // A program that never ends has noticed, too.
        let noticed = !matches!(passes(&cut, chapter, name), Ok(true));
        ensure!(noticed, "{name} does the same without the hole's code");
    }
    Ok(Completion::Completed)
}

/// Whether a program of `binary` ends as its header says and prints what its snapshot says.
fn passes(binary: &Path, chapter: &Chapter, name: &str) -> Result<bool> {
    let program = program(chapter, name)?;
    let finished = run_limited(child(binary).arg(&program.name), LIMIT)?;
    let snapshot = Snapshot(recorded(&chapter.slug, &program.name)?);
    Ok(finished.status.code() == Some(program.header.exit)
        && snapshot.matches(&finished.stdout))
}

/// All holes share one copy, so that cargo builds little anew: one at a time.
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

/// Cuts the hole out of `text`, which is what `file` says.
fn cut(file: &PathBuf, text: &str, name: &str) -> Result<()> {
    let holes = Hole::in_text(file, text)?;
    let hole = holes.iter().find(|it| it.name == name);
    let hole = hole.context("not copied")?;
    Ok(fs::write(file, hole.replaced(text, &hole.todo()))?)
}

/// The chapter's binary without the hole's code, put into `folder`: another hole can be cut while its programs run.
/// The copy of the workspace is whole again afterwards.
fn build_cut(chapter: &Chapter, hole: &Hole, folder: &Path) -> Result<PathBuf> {
    let copy = shared_copy()?.lock();
    let copy = copy.unwrap_or_else(PoisonError::into_inner);
    let file = copy.folder.join(hole.file.strip_prefix(root())?);
    let whole = fs::read_to_string(&file)?;
    cut(&file, &whole, &hole.name)?;
    let mut cargo = cargo(&copy.folder);
    copy.employ(&mut cargo);
    let built = build(&mut cargo, &[&chapter.package]);
    fs::write(&file, whole)?;
    let binary = built?
        .binary(&chapter.package)
        .context("with the hole cut")?;
    let name = binary.file_name().context("a name")?;
    let moved = folder.join(name);
    fs::copy(&binary, &moved)?;
    Ok(moved)
}
