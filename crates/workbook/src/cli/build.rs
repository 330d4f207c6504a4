//! Building chapters, and what can be done with each after it.

use anyhow::Result;
use catalogue::build::{self, Build, Built};
use catalogue::{Chapter, FIRST_USER, System, Workbook};
use std::env::{self, consts::EXE_EXTENSION};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::progress::Progress;

/// What can be done with a chapter after a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Run it.
    Ready(PathBuf),
    /// Mend it: the compiler's errors.
    Broken(Vec<String>),
    /// Mend this earlier chapter, which it is built on.
    Waiting(u32),
    /// Mend what all chapters share, or what cargo complains of.
    Stuck,
    /// Leave it out: it needs another kind of system.
    LeftOut(System),
    /// Mend its files, of which the catalogue says this.
    Faulty(String),
}

/// Those of `chapters` that can be built: less those whose files cannot be read, and those that need another system.
fn sound<'a>(
    chapters: impl IntoIterator<Item = &'a Chapter>,
) -> impl Iterator<Item = &'a Chapter> {
    let chapters = chapters.into_iter().filter(|it| it.lacks().is_none());
    chapters.filter(|it| it.fault.is_none())
}

/// What readers are shown of a build is coloured. `cargo run --release -- run 2 taxi` means the taxis, too.
const SHOWN: Build<'static> = Build {
    packages: &[],
    all_programs: false,
    features: &[],
    profile: if cfg!(debug_assertions) {
        None
    } else {
        Some("release")
    },
    colours: true,
};

/// Builds `chapters` with all they need, and goes on past what does not compile.
///
/// # Errors
///
/// If cargo cannot be started, or fails before it compiles anything.
pub(crate) fn build<'a>(
    root: &Path,
    chapters: impl IntoIterator<Item = &'a Chapter>,
    progress: &Progress,
) -> Result<Built> {
    let chapters: Vec<&Chapter> = sound(chapters).collect();
    let packages: Vec<&str> = chapters.iter().map(|it| &*it.package).collect();
    announce(progress, &packages, beside(&chapters));
    let packages = &packages;
    run(root, Build { packages, ..SHOWN }, progress)
}

/// About how long it takes to build a chapter and what it brings along, on two cores with nothing else to do.
const A_CHAPTER: Duration = Duration::from_millis(1500);

/// What a heavy one takes beside that.
const HEAVY: Duration = Duration::from_secs(10);

/// What those take beside that which stand on the finished runtime, however many they are: all chapters before them are
/// built for it once more, without what only their own programs use.
const RUNTIME: Duration = Duration::from_secs(20);

/// What `chapters` take to build beside [`A_CHAPTER`] each.
fn beside(chapters: &[&Chapter]) -> Duration {
    let heavy = chapters.iter().filter(|it| it.heavy).count();
    let on_runtime = chapters.iter().any(|it| it.number >= FIRST_USER);
    HEAVY * heavy as u32 + RUNTIME * u32::from(on_runtime)
}

/// Says what is built, and about how long that takes, if these are chapters, which take `beside` more than others, and
/// one of them was never built.
fn announce(progress: &Progress, packages: &[&str], beside: Duration) {
    if packages.iter().all(|it| it.starts_with("ch")) && is_first(packages) {
        let what = match packages.len() {
            1 => "a chapter".to_string(),
            number => super::term::count(number, "chapter"),
        };
        let time = A_CHAPTER * packages.len() as u32 + beside;
        let seconds = time.as_secs() + 1;
        progress.announce(&format!(
            "building {what}: about {seconds} s the first time"
        ));
    }
}

fn run(root: &Path, build: Build<'_>, progress: &Progress) -> Result<Built> {
    progress.doing("starting cargo");
    build.run(&mut build::cargo(root), |line| {
        // Such as `Compiling ch05-timers v0.1.0 (…)`.
        let mut words = line.split(' ');
        let package = words.next().filter(|it| *it == "Compiling");
        let package = package.and_then(|_| words.next());
        if package.is_some_and(|package| build.packages.contains(&package)) {
            progress.step();
        }
        progress.doing(line);
    })
}

/// Whether `chapter` was ever built. The first time takes longest, since all that it stands on is built with it.
pub(crate) fn was_built(chapter: &Chapter) -> bool {
    !is_first(&[&chapter.package])
}

/// Whether one of `packages` was never built, which takes longer than to build it anew.
fn is_first(packages: &[&str]) -> bool {
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let target = env::var_os("CARGO_TARGET_DIR").map(|it| Path::new(&it).join(profile));
    // Cargo has put us there, too.
    let beside_us = || Some(env::current_exe().ok()?.parent()?.to_path_buf());
    let Some(folder) = target.or_else(beside_us) else {
        return false;
    };
    let is_there =
        |name: &&str| folder.join(name).with_extension(EXE_EXTENSION).is_file();
    !packages.iter().all(is_there)
}

/// The packages with errors that are no chapters, with their errors.
pub(crate) fn shared_errors<'a>(
    built: &'a Built,
    workbook: &Workbook,
) -> Vec<(&'a str, &'a [String])> {
    let is_chapter = |name: &str| workbook.all().any(|c| c.package == name);
    let broken = built
        .packages()
        .filter(|(name, it)| !it.errors.is_empty() && !is_chapter(name));
    broken.map(|(name, it)| (name, &*it.errors)).collect()
}

/// What can be done with `chapter` now.
pub(crate) fn fate(built: &Built, workbook: &Workbook, chapter: &Chapter) -> Fate {
    if let Some(fault) = &chapter.fault {
        return Fate::Faulty(fault.clone());
    }
    if let Some(system) = chapter.lacks() {
        return Fate::LeftOut(system);
    }
    let package = built.package(&chapter.package);
    if !package.errors.is_empty() {
        return Fate::Broken(package.errors);
    }
    if let Some(executable) = package.executable {
        return Fate::Ready(executable);
    }
    let broken = needs(workbook, chapter).into_iter().find(|number| {
        let needed = workbook.chapter(*number);
        needed.is_some_and(|it| !built.package(&it.package).errors.is_empty())
    });
    broken.map_or(Fate::Stuck, Fate::Waiting)
}

/// The numbers of all chapters that `chapter` is built on, directly or not, in order.
pub(crate) fn needs(workbook: &Workbook, chapter: &Chapter) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    let mut open = chapter.needs.clone();
    while let Some(number) = open.pop() {
        if !all.contains(&number) {
            all.push(number);
            open.extend(workbook.chapter(number).into_iter().flat_map(|c| &c.needs));
        }
    }
    all.sort_unstable();
    all
}

/// Builds the one package `name` and shows the compiler's errors; its program, if there is one now.
///
/// # Errors
///
/// If it cannot be built at all; see [`build()`].
pub(crate) fn executable(root: &Path, name: &str) -> Result<(Built, Option<PathBuf>)> {
    executable_of(root, name, Duration::ZERO, SHOWN)
}

/// The same, of a chapter, which may take long.
///
/// # Errors
///
/// As [`executable`].
pub(crate) fn executable_of_chapter(
    root: &Path,
    chapter: &Chapter,
) -> Result<(Built, Option<PathBuf>)> {
    executable_of(root, &chapter.package, beside(&[chapter]), SHOWN)
}

/// The same, and the program records what it does: see the crate `trace`.
///
/// # Errors
///
/// As [`executable`].
pub(crate) fn recorder(root: &Path, chapter: &Chapter) -> Result<Option<PathBuf>> {
    let features = &["trace/record"];
    let build = Build { features, ..SHOWN };
    let (_, executable) =
        executable_of(root, &chapter.package, beside(&[chapter]), build)?;
    Ok(executable)
}

/// The same with all its programs, by this profile and of a workspace that may be another; whether it compiled.
///
/// # Errors
///
/// As [`executable`].
pub(crate) fn profiled(workspace: &Path, name: &str, profile: &str) -> Result<bool> {
    let build = Build {
        all_programs: true,
        profile: Some(profile),
        ..SHOWN
    };
    let (_, executable) = executable_of(workspace, name, Duration::ZERO, build)?;
    Ok(executable.is_some())
}

fn executable_of(
    root: &Path,
    name: &str,
    beside: Duration,
    build: Build<'_>,
) -> Result<(Built, Option<PathBuf>)> {
    let built = {
        let (packages, progress) = (&[name], Progress::start());
        announce(&progress, packages, beside);
        run(root, Build { packages, ..build }, &progress)?
    };
    for (_, package) in built.packages() {
        for text in &package.errors {
            super::term::complain(text);
        }
    }
    let executable = built.package(name).executable;
    if executable.is_none() {
        super::term::complain(built.complaints());
    }
    Ok((built, executable))
}
