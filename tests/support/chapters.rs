//! Building the chapters as a reader does, with cargo, and running their programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};
use catalogue::build::Build;
pub use catalogue::build::cargo;
use catalogue::{Chapter, Program, Workbook};
use libtest_mimic::Completion;

use crate::process::{BUILD_LIMIT, Finished, LIMIT, last_lines, run_limited};
use crate::root;

/// What cargo built: the chapters' binaries, and the libraries that code of a chapter may name.
#[derive(Debug, Clone)]
pub struct Built(pub catalogue::build::Built);

/// The catalogue of this workspace.
///
/// # Errors
///
/// If a file in it cannot be understood, also of one chapter only: what was not read would not be tested.
pub fn workbook() -> Result<&'static Workbook> {
    static OPENED: OnceLock<Result<Workbook, String>> = OnceLock::new();
    OPENED
        .get_or_init(|| {
            let workbook =
                Workbook::open(root()).map_err(|error| format!("{error:#}"))?;
            let faults = workbook.all().filter_map(|it| it.fault.clone());
            let faults: Vec<String> = faults.collect();
            match faults.is_empty() {
                true => Ok(workbook),
                false => Err(faults.join("\n")),
            }
        })
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}

/// Leaves a trial of `program` out, if this is not the kind of system that it or its chapter needs. That is no fault of
/// what is installed, so it may be so everywhere.
pub fn left_out(chapter: &Chapter, program: &Program) -> Option<Completion> {
    let system = chapter.lacks().or(program.lacks())?;
    let why = format!("skipped: it needs {system}");
    Some(Completion::ignored_with(why))
}

/// Builds every chapter, once for each test binary.
///
/// `cargo test` builds no binaries of other packages, so this asks for them. They land in the same target folder
/// that `cargo run -p …` uses.
///
/// # Errors
///
/// If cargo cannot be run.
pub fn build_chapters() -> Result<&'static Built> {
    static BUILT: OnceLock<Result<Built, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let packages = workbook().map(|workbook| {
                let chapters = workbook.all().filter(|it| it.lacks().is_none());
                let packages = chapters.map(|chapter| &*chapter.package);
                packages.collect::<Vec<_>>()
            });
            packages
                .and_then(|packages| build(&mut cargo(&root()), &packages))
                .map_err(|error| format!("{error:#}"))
        })
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}

/// Builds `packages` with the given cargo. One that does not compile does not stop those that can do without it;
/// it is [`Built::binary`] that fails.
///
/// # Errors
///
/// If cargo cannot be run, or says what cannot be understood.
pub fn build(cargo: &mut Command, packages: &[&str]) -> Result<Built> {
    build_with(cargo, packages, &[])
}

/// The same, with features.
///
/// # Errors
///
/// As [`build`].
pub fn build_with(
    cargo: &mut Command,
    packages: &[&str],
    features: &[&str],
) -> Result<Built> {
    let build = Build {
        packages,
        features,
        ..Build::default()
    };
    build_as(cargo, &build)
}

/// The same, of whatever `build` names.
///
/// # Errors
///
/// As [`build`].
pub fn build_as(cargo: &mut Command, build: &Build<'_>) -> Result<Built> {
    build.ask(cargo);
    let finished = run_limited(cargo, BUILD_LIMIT)?;
    let messages = finished.stdout.as_bytes();
    let built = catalogue::build::Built::read(cargo, messages, finished.stderr)?;
    Ok(Built(built))
}

impl Built {
    /// The executable of `package`.
    ///
    /// # Errors
    ///
    /// If it did not compile: the compiler's words.
    pub fn binary(&self, package: &str) -> Result<PathBuf> {
        let binary = self.0.package(package).executable;
        binary.with_context(|| {
            let errors = self.0.packages().flat_map(|(_, it)| &it.errors);
            let errors: String = errors.map(String::as_str).collect();
            let said = errors + self.0.complaints();
            format!("{package} does not compile:\n{}", last_lines(&said, 60))
        })
    }

    /// Runs a program of `package` in a process of its own, in an environment that is the same everywhere.
    ///
    /// # Errors
    ///
    /// If the package has no binary, or the program does not end in time.
    pub fn run(&self, package: &str, program: &str) -> Result<Finished> {
        self.run_with(package, &[program])
    }

    /// The same, with flags.
    ///
    /// # Errors
    ///
    /// As [`Built::run`].
    pub fn run_with(&self, package: &str, arguments: &[&str]) -> Result<Finished> {
        let mut command = child(&self.binary(package)?);
        run_limited(command.args(arguments), LIMIT)
    }
}

/// The program `binary`, to be run in an environment that is the same everywhere.
pub fn child(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(root()).env_clear();
    // What a process needs in order to start at all, and where it may put files.
    for name in ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}
