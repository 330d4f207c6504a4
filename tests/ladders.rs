//! The ladders: each model solution holds on every rung up to its own, and each wrong version fails with a name.
//!
//! All of them are compiled at once: see `ladders/package.rs`. Each check then runs in a process of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow, bail, ensure};
use catalogue::ladders::{Ladder, Rung};
use libtest_mimic::{Completion, Trial};
use workbook_tests::chapters::{child, workbook};
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::snapshot::snapshot;
use workbook_tests::{root, run, trial};

#[path = "ladders/package.rs"]
mod package;
#[path = "ladders/wrong.rs"]
mod wrong;

use package::Case;
use wrong::Wrong;

/// In seconds, what a step may take that should hang, and what any other may: it takes microseconds, and a machine may
/// be busy.
const LIMITS: [&str; 2] = ["5", "30"];

/// How many checks run at once: those that hang sleep, most of them.
const AT_ONCE: usize = 32;

fn main() -> ExitCode {
    run(trials())
}

/// A chapter's ladder, with where its files are.
struct Climb {
    ladder: Ladder,
    folder: PathBuf,
}

impl Climb {
    fn all() -> Result<Vec<Climb>> {
        let mut all = Vec::new();
        let here = workbook()?.chapters.iter();
        for chapter in here.filter(|it| it.lacks().is_none()) {
            if let Some(ladder) = Ladder::of(chapter)? {
                let folder = chapter.dir.join("ladder");
                all.push(Climb { ladder, folder });
            }
        }
        Ok(all)
    }

    /// Our version of the reader's file after the rung `place`.
    fn solution(&self, place: usize) -> PathBuf {
        self.folder.join(format!("solution/{place}.rs"))
    }
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for climb in Climb::all()? {
        for (place, rung) in (1..).zip(&climb.ladder.rungs) {
            let (number, case) = (rung.number.clone(), Case::solution(rung));
            trials.push(trial(format!("{number}::ours"), move || holds(&case)));
            let wrong = Wrong::of(&climb.folder, place)?;
            let (rung, ours) = (rung.clone(), climb.solution(place));
            trials.push(trial(format!("{number}::wrong"), move || {
                // Fails here, with its name, if one does not fit any more.
                let ours = std::fs::read_to_string(&ours)?;
                wrong
                    .iter()
                    .try_for_each(|it| it.applied(&ours).map(drop))?;
                fail(&rung, &wrong)
            }));
        }
    }
    ensure!(!trials.is_empty(), "there are no ladders");
    Ok(trials)
}

/// The programs that were built, one for each chapter.
fn built() -> Result<&'static package::Built> {
    static BUILT: OnceLock<Result<package::Built, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let built = Climb::all().and_then(|all| package::build(&all));
        built.map_err(|error| format!("{error:#}"))
    });
    built.as_ref().map_err(|error| anyhow!("{error}"))
}

/// What the check of `case` says; nothing if it holds. All checks run together, when the first is asked for.
fn verdict(case: &Case) -> Result<Option<String>> {
    static VERDICTS: OnceLock<Result<Verdicts, String>> = OnceLock::new();
    let verdicts = VERDICTS.get_or_init(|| {
        let built = built().and_then(|built| Ok((built, cases()?)));
        let (built, cases) = built.map_err(|error| format!("{error:#}"))?;
        Ok(try_all(built, cases))
    });
    let verdicts = verdicts.as_ref().map_err(|error| anyhow!("{error}"))?;
    let verdict = verdicts.get(&case.id()).context("no such case")?;
    verdict.clone().map_err(|error| anyhow!("{error}"))
}

/// By the cases' names: what each was told, or why it could not be tried.
type Verdicts = BTreeMap<String, Result<Option<String>, String>>;

/// All cases, each with its limit.
fn cases() -> Result<Vec<(Case, &'static str)>> {
    let mut cases = Vec::new();
    for climb in Climb::all()? {
        for (place, rung) in (1..).zip(&climb.ladder.rungs) {
            cases.push((Case::solution(rung), LIMITS[1]));
            for wrong in Wrong::of(&climb.folder, place)? {
                let limit = LIMITS[usize::from(!wrong.hangs)];
                cases.push((Case::wrong(rung, &wrong), limit));
            }
        }
    }
    Ok(cases)
}

fn try_all(built: &package::Built, cases: Vec<(Case, &'static str)>) -> Verdicts {
    let open = Mutex::new(cases);
    let verdicts = Mutex::new(Verdicts::new());
    let work = || {
        while let Some((case, limit)) = take(&open) {
            let verdict = try_one(built, &case, limit);
            let verdict = verdict.map_err(|error| format!("{error:#}"));
            let mut all = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(case.id(), verdict);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    verdicts
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
}

fn take<T>(open: &Mutex<Vec<T>>) -> Option<T> {
    open.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn try_one(built: &package::Built, case: &Case, limit: &str) -> Result<Option<String>> {
    let mut command = child(&built.program(case)?);
    command.arg(case.name());
    command.env("LADDER_SNAPSHOTS", root().join("tests/snapshots"));
    command.env("LADDER_LIMIT", limit);
    let finished = run_limited(&mut command, LIMIT)?;
    if finished.status.success() {
        return Ok(None);
    }
    let said = finished.stdout.rsplit_once("tried: ");
    let said = said.map(|(_, said)| format!("tried: {said}"));
    let said = said.with_context(|| format!("{}: {finished:?}", case.name()))?;
    Ok(Some(said))
}

fn holds(case: &Case) -> Result<Completion> {
    match verdict(case)? {
        Some(said) => bail!("ours does not hold:\n{said}"),
        None => Ok(Completion::Completed),
    }
}

/// Compares what all wrong versions of a rung are told with `tests/snapshots/ladders/<rung>.snap`.
fn fail(rung: &Rung, wrong: &[Wrong]) -> Result<Completion> {
    let mut seen = String::new();
    for wrong in wrong {
        let Some(said) = verdict(&Case::wrong(rung, wrong))? else {
            bail!("{} ({}) holds", wrong.name, wrong.about);
        };
        let hung = said.contains("\nhung: ");
        ensure!(hung == wrong.hangs, "{}: {said}", wrong.name);
        let said = package::without_places(&said);
        seen += &format!("{}: {}\n{said}\n", wrong.name, wrong.about);
    }
    snapshot("ladders", &rung.number, &seen)?;
    Ok(Completion::Completed)
}
