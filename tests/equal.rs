//! Chapters 6 and 8 are held equal: the programs of chapters 6 and 7, compiled a second time on chapter 8's tasks, print
//! what their snapshots say. (Those of chapter 5 have no tasks.) `tests/equal` has the packages.

use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};
use catalogue::{Kind, Program};
use libtest_mimic::{Completion, Trial};
use workbook_tests::chapters::{Built, build, cargo, workbook};
use workbook_tests::snapshot::{recorded, same};
use workbook_tests::{root, run, trial};

/// A chapter, and its package on chapter 8's tasks.
const PACKAGES: [(u32, &str); 2] = [(6, "equal-tasks"), (7, "equal-readiness")];

/// Where chapter 8 says more: the program, its words, and chapter 6's.
const MORE: [(&str, &str, &str); 3] = [
    (
        "task-states",
        "Task-5 cancelled",
        "Task-5 dropped before its end",
    ),
    ("knot", "; join in knot.rs", ""),
    ("knot", "; promise in knot.rs", ""),
];

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for (number, package) in PACKAGES {
        let chapter = workbook()?
            .chapter(number)
            .context("a chapter is missing")?;
        for program in &chapter.programs {
            if !matches!(program.kind, Kind::Mine | Kind::WontCompile) {
                let name = format!("{}::{}", chapter.slug, program.name);
                trials.push(trial(name, || equal(&chapter.slug, package, program)));
            }
        }
    }
    Ok(trials)
}

fn built() -> Result<&'static Built> {
    static BUILT: OnceLock<Result<Built, String>> = OnceLock::new();
    let packages = PACKAGES.map(|(_, package)| package);
    BUILT
        .get_or_init(|| {
            build(&mut cargo(&root()), &packages).map_err(|error| format!("{error:#}"))
        })
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}

fn equal(slug: &str, package: &str, program: &Program) -> Result<Completion> {
    let mut found = built()?.run(package, &program.name)?.stdout;
    for (_, eight, six) in MORE.iter().filter(|(name, ..)| *name == program.name) {
        found = found.replace(eight, six);
    }
    let wanted = recorded(slug, &program.name)?;
    same(
        ("the snapshot", wanted.trim()),
        ("on chapter 8's tasks", found.trim()),
    )?;
    Ok(Completion::Completed)
}
