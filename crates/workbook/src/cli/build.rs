//! Building chapters through cargo, and what came of each.

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{Artifact, CompilerMessage, Message, PackageId, TargetKind};
use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use workbook::{Chapter, Workbook};

use super::progress::Progress;

/// What cargo made of the packages it was asked for, and of those they depend on.
#[derive(Debug, Default)]
pub(crate) struct Built {
    packages: BTreeMap<String, Package>,
    /// What cargo itself said, without colours.
    said: String,
}

/// What cargo made of one package.
#[derive(Debug, Default, Clone)]
pub(crate) struct Package {
    /// Its program, if it has one and that compiled.
    pub executable: Option<PathBuf>,
    /// Its library, by the name that code uses for it, likewise.
    pub library: Option<(String, PathBuf)>,
    /// The compiler's errors, as it shows them. Its warnings are left out: a hole that was cut leaves names unused,
    /// and nothing of that is for the reader to mend.
    pub errors: Vec<String>,
}

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
    /// Mend its files, of which the catalogue says this.
    Faulty(String),
}

/// The packages of `chapters`, less those whose files cannot be read.
pub(crate) fn packages<'a>(
    chapters: impl IntoIterator<Item = &'a Chapter>,
) -> Vec<&'a str> {
    let sound = chapters.into_iter().filter(|it| it.fault.is_none());
    sound.map(|chapter| &*chapter.package).collect()
}

/// Builds `packages` with all they need, and goes on past what does not compile.
///
/// # Errors
///
/// If cargo cannot be started, or fails before it compiles anything.
pub(crate) fn build(
    root: &Path,
    packages: &[&str],
    progress: &Progress,
) -> Result<Built> {
    build_with(root, packages, &[], progress)
}

/// The same, with more arguments for cargo.
fn build_with(
    root: &Path,
    packages: &[&str],
    arguments: &[&str],
    progress: &Progress,
) -> Result<Built> {
    if packages.is_empty() {
        // To cargo, none means all.
        return Ok(Built::default());
    }
    progress.doing("starting cargo");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command
        .args(["build", "--bins", "--keep-going", "--color=never"])
        .arg("--message-format=json-diagnostic-rendered-ansi")
        .args(arguments);
    if !cfg!(debug_assertions) {
        // `cargo run --release -- run 2 taxi` means the taxis, too.
        command.arg("--release");
    }
    for package in packages {
        command.args(["--package", package]);
    }
    command.current_dir(root).stdin(Stdio::null());
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start cargo ({})", cargo.display()))?;
    let (messages, words) = (child.stdout.take(), child.stderr.take());
    let mut built = Built::default();
    let (finished, said) = std::thread::scope(|scope| {
        let said = scope.spawn(|| listen(words, progress));
        (built.read(messages), said.join())
    });
    built.said = said.unwrap_or_default();
    built.shorten(root);
    let finished = finished?;
    let status = child.wait().context("waiting for cargo")?;
    if !status.success() && !finished {
        bail!("cargo could not start to build:\n{}", built.said.trim_end());
    }
    Ok(built)
}

/// Collects what cargo says to people, and passes each line on to the spinner.
fn listen(stderr: Option<impl Read>, progress: &Progress) -> String {
    let mut said = String::new();
    let lines = stderr.into_iter().flat_map(|it| BufReader::new(it).lines());
    for line in lines.map_while(Result::ok) {
        progress.doing(line.trim());
        said += &line;
        said.push('\n');
    }
    said
}

impl Built {
    /// What cargo made of the package `name`; nothing if it never came to it.
    pub(crate) fn package(&self, name: &str) -> Package {
        self.packages.get(name).cloned().unwrap_or_default()
    }

    /// The packages with errors that are no chapters, with their errors.
    pub(crate) fn shared_errors<'a>(
        &'a self,
        workbook: &Workbook,
    ) -> Vec<(&'a str, &'a [String])> {
        let is_chapter = |name: &str| workbook.chapters.iter().any(|c| c.package == name);
        let broken = self
            .packages
            .iter()
            .filter(|(name, it)| !it.errors.is_empty() && !is_chapter(name));
        broken.map(|(name, it)| (&**name, &*it.errors)).collect()
    }

    /// What can be done with `chapter` now.
    pub(crate) fn fate(&self, workbook: &Workbook, chapter: &Chapter) -> Fate {
        if let Some(fault) = &chapter.fault {
            return Fate::Faulty(fault.clone());
        }
        let package = self.package(&chapter.package);
        if !package.errors.is_empty() {
            return Fate::Broken(package.errors);
        }
        if let Some(executable) = package.executable {
            return Fate::Ready(executable);
        }
        let broken = needs(workbook, chapter).into_iter().find(|number| {
            let needed = workbook.chapter(*number);
            needed.is_some_and(|it| !self.package(&it.package).errors.is_empty())
        });
        broken.map_or(Fate::Stuck, Fate::Waiting)
    }

    /// What cargo said, if the compiler said nothing that explains why something was not built.
    pub(crate) fn complaints(&self) -> &str {
        let explained = self.packages.values().any(|it| !it.errors.is_empty());
        if explained { "" } else { &self.said }
    }

    /// The compiled libraries, by the names that code uses for them.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &(String, PathBuf)> {
        self.packages.values().flat_map(|package| &package.library)
    }

    /// Reads cargo's messages to their end; whether they say that the build came to one.
    fn read(&mut self, messages: Option<impl Read>) -> Result<bool> {
        let mut finished = false;
        if let Some(messages) = messages {
            for message in Message::parse_stream(BufReader::new(messages)) {
                match message.context("cargo's messages")? {
                    Message::CompilerArtifact(artifact) => self.add(artifact),
                    Message::CompilerMessage(message) => self.note(message),
                    Message::BuildFinished(_) => finished = true,
                    _ => {}
                }
            }
        }
        Ok(finished)
    }

    /// Names files from the workspace on: those that a build script has named are named in full by the compiler.
    fn shorten(&mut self, root: &Path) {
        let root = root.join("").display().to_string();
        for package in self.packages.values_mut() {
            for text in &mut package.errors {
                *text = text.replace(&root, "");
            }
        }
    }

    fn add(&mut self, artifact: Artifact) {
        let is_ours = artifact.package_id.repr.starts_with("path+");
        let package = self
            .packages
            .entry(package_name(&artifact.package_id))
            .or_default();
        if let Some(executable) = artifact.executable {
            package.executable = Some(executable.into());
        } else if is_ours && artifact.target.kind.contains(&TargetKind::Lib) {
            let mut files = artifact.filenames.into_iter();
            let file = files.find(|file| file.extension() == Some("rlib"));
            package.library = file.map(|file| (artifact.target.name, file.into()));
        }
    }

    fn note(&mut self, message: CompilerMessage) {
        let diagnostic = message.message;
        // rustc's last words only count the errors before them.
        if diagnostic.message.starts_with("aborting due to") {
            return;
        }
        let package = self
            .packages
            .entry(package_name(&message.package_id))
            .or_default();
        let mine = diagnostic.spans.iter().filter(|span| span.is_primary);
        let mine = mine.filter_map(|span| own_program(&span.file_name)).next();
        let mut rendered = diagnostic.rendered.unwrap_or(diagnostic.message);
        if let Some(mine) = mine {
            let hint = format!(
                "your {mine} does not compile: mend it, or move it away to run the rest"
            );
            rendered = format!("{}\n{hint}\n\n", rendered.trim_end());
        }
        if let DiagnosticLevel::Error | DiagnosticLevel::Ice = diagnostic.level {
            package.errors.push(rendered);
        }
    }
}

/// The name of the file at `path`, if that is a program of the reader's own.
fn own_program(path: &str) -> Option<String> {
    let path = Path::new(path);
    let name = path.file_name()?.to_str()?;
    let own = name.starts_with("my_") || name.starts_with("my-");
    (own && path.parent()?.ends_with("src/programs")).then(|| name.to_string())
}

/// The numbers of all chapters that `chapter` is built on, directly or not, in order.
fn needs(workbook: &Workbook, chapter: &Chapter) -> Vec<u32> {
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

/// The name in a package id: `path+file:///here/chapters/02-event-loop#ch02-event-loop@0.1.0`, or, where the folder
/// is named like the package, `path+file:///here/crates/trace#0.1.0`.
fn package_name(id: &PackageId) -> String {
    let (url, fragment) = id.repr.split_once('#').unwrap_or((&id.repr, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_string(),
        None => url.rsplit('/').next().unwrap_or(url).to_string(),
    }
}

/// Builds the one package `name` and shows the compiler's errors; its program, if there is one now.
///
/// # Errors
///
/// If cannot be built at all; see [`build`].
pub(crate) fn executable(root: &Path, name: &str) -> Result<(Built, Option<PathBuf>)> {
    executable_with(root, name, &[])
}

/// The same, and the program records what it does: see the crate `trace`.
///
/// # Errors
///
/// As [`executable`].
pub(crate) fn recorder(root: &Path, name: &str) -> Result<Option<PathBuf>> {
    let (_, executable) = executable_with(root, name, &["--features=trace/record"])?;
    Ok(executable)
}

fn executable_with(
    root: &Path,
    name: &str,
    arguments: &[&str],
) -> Result<(Built, Option<PathBuf>)> {
    let built = {
        let progress = Progress::start();
        build_with(root, &[name], arguments, &progress)?
    };
    for package in built.packages.values() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_by_its_id() {
        let name = |repr: &str| package_name(&PackageId { repr: repr.into() });
        let url = "path+file:///here/chapters/02-event-loop";
        assert_eq!(
            name(&format!("{url}#ch02-event-loop@0.1.0")),
            "ch02-event-loop"
        );
        assert_eq!(name("path+file:///here/crates/trace#0.1.0"), "trace");
        let url = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(name(&format!("{url}#lexopt@0.3.1")), "lexopt");
    }
}
