//! Each draft, a change beside a broken twin that makes the library itself fail, is tried in a copy of the workspace
//! under AddressSanitizer. The program that its header names must be sound with the library as it is, and with the
//! draft it must end with the report that is its snapshot. The quick form only sees whether each draft still fits, and
//! whether the functions that its report names are still there.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use catalogue::{Chapter, Program};
use diffy::patch_set::{ParseOptions, PatchSet};
use libtest_mimic::{Completion, Trial};
use workbook_tests::chapters::{build, workbook};
use workbook_tests::copy::{self, Copy};
use workbook_tests::limits::thorough;
use workbook_tests::process::{Finished, LIMIT, run_limited};
use workbook_tests::report::report;
use workbook_tests::snapshot::{recorded, same, snapshot};
use workbook_tests::{root, run, skip, trial};

/// The one system that this is tried on.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for chapter in &workbook()?.chapters {
        for twin in &chapter.programs {
            if let Some(draft) = twin.draft() {
                let name = format!("{}::{}", chapter.slug, twin.name);
                trials.push(trial(name, move || try_draft(chapter, twin, &draft)));
            }
        }
    }
    Ok(trials)
}

fn try_draft(chapter: &Chapter, twin: &Program, draft: &Path) -> Result<Completion> {
    let draft = fs::read_to_string(draft)?;
    let name = draft
        .lines()
        .find_map(|it| it.strip_prefix("//! tried by: "));
    let name = name.context("its header has no line `tried by: …`")?;
    let program = chapter.program(name);
    let program = program.with_context(|| format!("tried by {name}, which is none"))?;
    if !thorough() {
        let report = recorded(&chapter.slug, &twin.report_snapshot())?;
        let changed = changed(&root(), &draft)?;
        names_what_is_there(chapter, &report, &changed)?;
        return Ok(Completion::Completed);
    }
    if !cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) {
        return Ok(Completion::ignored_with(format!("for {TARGET} only")));
    }
    if let Err(why) = tools() {
        return skip(why);
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sanitizer");
    // Made anew for each: without any draft.
    let copy = Copy::make(&place, &copy::workspace()?)?;
    is_sound(chapter, program, &built(&copy, chapter)?)?;
    apply(&copy, &draft)?;
    let built = built(&copy, chapter)?;
    let first = failure(chapter, program, &built)?;
    snapshot(&chapter.slug, &twin.report_snapshot(), &first)?;
    let second = failure(chapter, program, &built)?;
    same(("the first run", &first), ("the second run", &second))?;
    Ok(Completion::Completed)
}

/// Each call in `report` is of a function that its file has, with the draft, and of a type that is spoken of there.
fn names_what_is_there(
    chapter: &Chapter,
    report: &str,
    changed: &[(PathBuf, String)],
) -> Result<()> {
    let mut calls = 0;
    for line in report.lines().filter(|line| line.starts_with(' ')) {
        let (call, file) = line.trim().split_once(' ').context(line.to_string())?;
        let file = chapter.dir.join("src").join(file.trim());
        let text = match changed.iter().find(|(path, _)| *path == file) {
            Some((_, text)) => text.clone(),
            None => fs::read_to_string(&file).with_context(|| line.to_string())?,
        };
        let (function, _) = call.split_once("::{closure").unwrap_or((call, ""));
        let (of, function) = function.rsplit_once("::").unwrap_or(("", function));
        // With its arguments, or its generic ones.
        let stands = |it: &str| text.contains(&format!("fn {function}{it}"));
        let is_there = (stands("(") || stands("<")) && text.contains(of);
        ensure!(
            is_there,
            "its report tells of a call that is not there: {line}"
        );
        calls += 1;
    }
    ensure!(calls > 0, "its report tells of no call");
    Ok(())
}

/// Whether what this needs is installed.
fn tools() -> Result<(), &'static str> {
    let there = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("--version");
        let finished = run_limited(&mut command, Duration::from_secs(30));
        finished.is_ok_and(|finished| finished.status.success())
    };
    if !there(&["cargo", "+nightly"]) {
        return Err("no nightly toolchain found (rustup toolchain install nightly)");
    }
    if !there(&["llvm-symbolizer"]) && !there(&["addr2line"]) {
        return Err("neither llvm-symbolizer nor addr2line found (install binutils)");
    }
    Ok(())
}

/// With the library as it is, the program prints what it always does, and the sanitizer has nothing to say.
fn is_sound(chapter: &Chapter, program: &Program, built: &Path) -> Result<()> {
    let finished = sanitized(built, program)?;
    ensure!(
        finished.status.code() == Some(program.header.exit) && finished.stderr.is_empty(),
        "without the draft, {} ended with {}:\n{}",
        program.name,
        finished.status,
        finished.stderr
    );
    let wanted = recorded(&chapter.slug, &program.name)?;
    same(
        ("the snapshot", &wanted),
        ("without the draft", &finished.stdout),
    )
}

/// What the sanitizer says.
fn failure(chapter: &Chapter, program: &Program, built: &Path) -> Result<String> {
    let finished = sanitized(built, program)?;
    ensure!(
        !finished.status.success(),
        "{} does not notice the draft; it printed:\n{}",
        program.name,
        finished.stdout
    );
    report(&finished.stderr, &format!("chapters/{}/src", chapter.slug))
}

fn sanitized(built: &Path, program: &Program) -> Result<Finished> {
    let mut command = Command::new(built);
    command.arg(&program.name).env_clear();
    // Where it finds the tool that knows the names of functions.
    command.envs(env::var_os("PATH").map(|path| ("PATH", path)));
    // Every call of a stack, not only those in code that was built with frame pointers; the names by either tool.
    let options = "fast_unwind_on_malloc=0:allow_addr2line=1";
    command.env("ASAN_OPTIONS", options);
    run_limited(&mut command, LIMIT)
}

/// Changes the copy as `draft` says.
fn apply(copy: &Copy, draft: &str) -> Result<()> {
    for (file, text) in changed(&copy.folder, draft)? {
        fs::write(file, text)?;
    }
    Ok(())
}

/// What a draft makes of the files below `folder` that it changes.
fn changed(folder: &Path, draft: &str) -> Result<Vec<(PathBuf, String)>> {
    let mut changed = Vec::new();
    for patch in PatchSet::parse(draft, ParseOptions::unidiff()) {
        let patch = patch?;
        let named = patch.operation().strip_prefix(1);
        let diffy::patch_set::FileOperation::Modify { modified, .. } = named else {
            anyhow::bail!("a draft changes files, and makes or removes none");
        };
        let file = folder.join(&*modified);
        let text = fs::read_to_string(&file).with_context(|| modified.to_string())?;
        let patch = patch.patch().as_text().context("it is no text")?;
        let text = diffy::apply(&text, patch);
        let text = text.with_context(|| format!("{modified}: it does not fit"))?;
        changed.push((file, text));
    }
    ensure!(!changed.is_empty(), "the draft changes nothing");
    Ok(changed)
}

/// The chapter's binary, as the copy is now.
fn built(copy: &Copy, chapter: &Chapter) -> Result<PathBuf> {
    // Not the cargo that runs this test: that one is of another toolchain.
    let mut cargo = Command::new("cargo");
    cargo.arg("+nightly");
    copy.employ(&mut cargo);
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
    // With a target of its own, what runs while it builds is not sanitized.
    cargo.env("CARGO_BUILD_TARGET", TARGET);
    cargo.env(
        "RUSTFLAGS",
        "-Zsanitizer=address -Csymbol-mangling-version=v0",
    );
    let built = build(&mut cargo, &[&chapter.package])?;
    built.binary(&chapter.package)
}
