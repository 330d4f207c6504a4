//! Compiling the reader's crate with the checks of a ladder, and running those.

use anyhow::{Context, Result, bail};
use catalogue::build::{self, Build, Package, Target};
use catalogue::ladders::{Ladder, MINE, Rung};
use catalogue::process::{self, End};
use catalogue::{Chapter, Workbook};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::super::progress::Progress;
use super::own;

/// What the package is called that has the checks as its programs.
const NAME: &str = "trial";

/// How long a check may take as a whole. Each of its steps has a limit of its own, which is shorter.
const LIMIT: Duration = Duration::from_secs(60);

/// A ladder's checks, compiled with the reader's crate.
pub(super) struct Trial {
    /// The compiler's errors in the reader's crate.
    errors: Vec<String>,
    checks: Package,
}

/// What came of one rung.
pub(super) enum Verdict {
    /// All is well, and this was printed.
    Holds(String),
    /// The reader's crate does not compile: the compiler's errors.
    Broken(Vec<String>),
    /// The reader's `lib.rs` does not name the module.
    Unnamed,
    /// It compiles, and has not what the check uses, or not as it uses it: the compiler's errors in the check.
    Unusable {
        /// Whether all of them are about names that are not there.
        missing: bool,
        errors: Vec<String>,
    },
    /// It does something else than it should.
    Fails {
        /// What was tried.
        tried: String,
        /// `failed`, `panicked` or `hung`.
        how: String,
        /// What went wrong.
        why: String,
    },
    /// The check did not end as a check does: how, and what it complained of.
    Died { how: String, stderr: String },
}

impl Trial {
    /// Builds all checks of a ladder, as far as they compile.
    ///
    /// # Errors
    ///
    /// If cargo fails before it compiles anything, or what is not the reader's does not compile.
    pub(super) fn build(
        workbook: &Workbook,
        chapter: &Chapter,
        ladder: &Ladder,
        progress: &Progress,
    ) -> Result<Trial> {
        let target = target(&workbook.root).join("ladder");
        let folder = target.join(&chapter.slug);
        write(&folder.join("Cargo.toml"), &manifest(workbook, ladder))?;
        let lock = folder.join("Cargo.lock");
        if is_older(&lock, &workbook.root.join(MINE).join("Cargo.toml")) {
            // So that the same versions are taken, of which the workspace's are downloaded. Cargo takes out what is not
            // used: it would have to be looked up once the reader's crate uses it.
            let _ = fs::copy(workbook.root.join("Cargo.lock"), &lock);
        }
        progress.doing("starting cargo");
        let mut cargo = build::cargo(&folder);
        cargo.env("CARGO_TARGET_DIR", target.join("build"));
        let build = Build {
            packages: &[NAME],
            all_programs: true,
            colours: true,
            ..Build::default()
        };
        let built = build.run(&mut cargo, |line| progress.doing(line))?;
        let complaints = built.complaints();
        if !complaints.is_empty() && built.package(NAME).programs.is_empty() {
            bail!("cargo could not build {MINE}/:\n{}", complaints.trim_end());
        }
        let foreign = built
            .packages()
            .filter(|(name, _)| ![NAME, MINE].contains(name));
        for (name, package) in foreign {
            if let Some(error) = package.errors.first() {
                bail!("{name} does not compile:\n{error}");
            }
        }
        let mut checks = built.package(NAME);
        let errors = checks.programs.values_mut().flat_map(|it| &mut it.errors);
        for error in errors {
            *error = below(&workbook.root, error);
        }
        let mut errors = built.package(MINE).errors;
        for error in &mut errors {
            *error = from_the_root(&below(&workbook.root, error));
        }
        let unnamed = !own::names(&workbook.root, ladder);
        if unnamed {
            checks.programs.clear();
        }
        Ok(Trial { errors, checks })
    }

    /// Runs the check of one rung.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub(super) fn try_rung(&self, workbook: &Workbook, rung: &Rung) -> Result<Verdict> {
        if !self.errors.is_empty() {
            return Ok(Verdict::Broken(self.errors.clone()));
        }
        let Some(check) = self.checks.programs.get(&program(rung)) else {
            return Ok(Verdict::Unnamed);
        };
        let Target {
            executable: Some(executable),
            ..
        } = check
        else {
            let errors = check.errors.clone();
            let missing = errors.iter().all(|error| is_missing(error));
            return Ok(Verdict::Unusable { missing, errors });
        };
        let mut command = Command::new(executable);
        command.current_dir(&workbook.root);
        command.env("LADDER_SNAPSHOTS", workbook.root.join("tests/snapshots"));
        let ended = process::run(&mut command, LIMIT)
            .with_context(|| executable.display().to_string())?;
        let how = match ended.end {
            End::Status(status) if status.success() => {
                return Ok(Verdict::Holds(ended.stdout));
            }
            End::Status(status) => status.to_string(),
            End::TimedOut => format!("it was stopped after {} s", LIMIT.as_secs()),
            End::TooMuch => "it was stopped: it printed without end".to_string(),
        };
        let [stdout, stderr] = [ended.stdout, ended.stderr]
            .map(|text| from_the_root(&below(&workbook.root, &text)));
        Ok(fails(&stdout).unwrap_or(Verdict::Died { how, stderr }))
    }
}

/// What a check said at its end, if it said something.
fn fails(stdout: &str) -> Option<Verdict> {
    let (_, last) = stdout.rsplit_once("tried: ")?;
    let (tried, last) = last.split_once('\n')?;
    let (how, why) = last.split_once(": ")?;
    Some(Verdict::Fails {
        tried: tried.to_string(),
        how: how.to_string(),
        why: why.trim_end().to_string(),
    })
}

/// Whether the compiler complains of a name that is not there.
fn is_missing(error: &str) -> bool {
    let codes = [
        "E0405", "E0412", "E0422", "E0425", "E0432", "E0433", "E0599",
    ];
    codes
        .iter()
        .any(|code| error.contains(&format!("error[{code}]")))
}

/// `text`, in which files below the workspace's folder are named from there on.
fn below(root: &Path, text: &str) -> String {
    text.replace(&root.join("").display().to_string(), "")
}

/// The reader's files are named from their own crate on: `src/wakers.rs` is `mine/src/wakers.rs`.
fn from_the_root(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("src/") {
        let (before, after) = rest.split_at(at);
        shown += before;
        let inside =
            before.ends_with(|it: char| it.is_alphanumeric() || "/\\_-".contains(it));
        if !inside {
            shown += MINE;
            shown.push('/');
        }
        shown += "src/";
        rest = &after["src/".len()..];
    }
    shown + rest
}

/// Where cargo builds.
fn target(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}

/// The name of a rung's check among the programs of the package.
fn program(rung: &Rung) -> String {
    format!("rung-{}", rung.number.replace('.', "-"))
}

fn manifest(workbook: &Workbook, ladder: &Ladder) -> String {
    let root = &workbook.root;
    let mine = root.join(MINE);
    let helpers = root.join("crates/ladder");
    let mut text = format!(
        "# Made by `cargo run -- mine {}`.\n\
         [package]\nname = \"{NAME}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nmine = {{ path = {mine:?} }}\nladder = {{ path = {helpers:?} }}\n{}\n",
        ladder.chapter, ladder.dependencies
    );
    for rung in &ladder.rungs {
        let (name, file) = (program(rung), &rung.file);
        let _ = write!(text, "[[bin]]\nname = {name:?}\npath = {file:?}\n\n");
    }
    text + "[profile.dev]\ndebug = \"line-tables-only\"\n\n[workspace]\n"
}

/// Whether `path` was written before `than`, or is not there.
fn is_older(path: &Path, than: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|it| it.modified());
    match (written(path), written(than)) {
        (Ok(path), Ok(than)) => path < than,
        (path, _) => path.is_err(),
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    let shown = || path.display().to_string();
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(shown)?;
    }
    fs::write(path, text).with_context(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_files_are_named_from_the_root_on() {
        for (text, wanted) in [
            (" --> src/wakers.rs:3:5", " --> mine/src/wakers.rs:3:5"),
            (
                "src/lib.rs and src/a.rs",
                "mine/src/lib.rs and mine/src/a.rs",
            ),
            ("mine/src/lib.rs", "mine/src/lib.rs"),
            ("crates/ladder/src/lib.rs", "crates/ladder/src/lib.rs"),
        ] {
            assert_eq!(from_the_root(text), wanted);
        }
    }

    #[test]
    fn a_checks_last_words_are_read() {
        let said = "a line\n\ntried: half(8)\nfailed: it says 5:\n  not 4\n";
        let Some(Verdict::Fails { tried, how, why }) = fails(said) else {
            panic!("nothing read");
        };
        assert_eq!((&*tried, &*how), ("half(8)", "failed"));
        assert_eq!(why, "it says 5:\n  not 4");
        assert!(fails("a line\n").is_none());
    }
}
