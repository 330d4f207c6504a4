//! Building packages through cargo, and what came of each: for the command line, the book and the tests.

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{Artifact, CompilerMessage, Message, PackageId, TargetKind};
use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cargo that runs us, or else the first in the path, at work in the folder `workspace`.
///
/// It does not inherit the variables that tell which package we are. A build script may ask for them, as ring's does: it
/// would run again, and all that needs ring be compiled again, whenever another package starts cargo.
pub fn cargo(workspace: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace);
    for (name, _) in env::vars_os() {
        let told = name.to_str().unwrap_or_default();
        if told.starts_with("CARGO_MANIFEST_") || told.starts_with("CARGO_PKG_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// What cargo is to build: the programs of some packages, with all that they need.
#[derive(Debug, Clone, Copy, Default)]
pub struct Build<'a> {
    /// The packages. Of each, the program is built that is named like it.
    pub packages: &'a [&'a str],
    /// All programs of these packages instead.
    pub all_programs: bool,
    /// Features beside their default ones, such as `trace/record`.
    pub features: &'a [&'a str],
    /// As a profile of `Cargo.toml` says, such as `release`; without one, as is quickest built.
    pub profile: Option<&'a str>,
    /// Whether [`Package::errors`] are coloured, as cargo shows them in a terminal.
    pub colours: bool,
}

/// What cargo made of the packages it was asked for, and of those they depend on.
#[derive(Debug, Clone, Default)]
pub struct Built {
    packages: BTreeMap<String, Package>,
    /// What cargo itself said, without colours.
    said: String,
}

/// What cargo made of one package.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its program, if it has one and that compiled. Of several, the one that is named like the package.
    pub executable: Option<PathBuf>,
    /// Its library, by the name that code uses for it, likewise.
    pub library: Option<(String, PathBuf)>,
    /// The compiler's errors, as it shows them. Its warnings are left out: a hole that was cut leaves names unused,
    /// and nothing of that is for the reader to mend.
    pub errors: Vec<String>,
    /// Its programs by their names, as far as cargo came to them.
    pub programs: BTreeMap<String, Target>,
}

/// What cargo made of one program.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The file, if it compiled.
    pub executable: Option<PathBuf>,
    /// The compiler's errors: those of [`Package::errors`] that are this program's.
    pub errors: Vec<String>,
}

impl Build<'_> {
    /// Asks `cargo` for this build, in arguments. What it then prints on standard output is for [`Built::read`].
    pub fn ask(&self, cargo: &mut Command) {
        cargo.args(["build", "--keep-going", "--color=never"]);
        cargo.arg(match self.colours {
            true => "--message-format=json-diagnostic-rendered-ansi",
            false => "--message-format=json",
        });
        if let Some(profile) = self.profile {
            cargo.args(["--profile", profile]);
        }
        for feature in self.features {
            cargo.args(["--features", feature]);
        }
        cargo.args(self.all_programs.then_some("--bins"));
        // With `--package`, a library would have those features alone that these packages ask for, and be built again for
        // others. Without it, it has all that the workspace asks for, whatever is built: so has the `cargo run` that
        // starts us.
        let by = if self.all_programs {
            "--package"
        } else {
            "--bin"
        };
        for package in self.packages {
            cargo.args([by, package]);
        }
    }

    /// Has it built by `cargo`, and goes on past what does not compile. Each line that cargo says to people meanwhile
    /// is given to `hear`.
    ///
    /// # Errors
    ///
    /// If cargo cannot be started, or fails before it compiles anything.
    pub fn run(
        &self,
        cargo: &mut Command,
        hear: impl FnMut(&str) + Send,
    ) -> Result<Built> {
        if self.packages.is_empty() {
            // To cargo, none means all.
            return Ok(Built::default());
        }
        self.ask(cargo);
        cargo.stdin(Stdio::null()).stdout(Stdio::piped());
        cargo.stderr(Stdio::piped());
        let mut child = crate::children::start(cargo).with_context(|| {
            format!("cannot start cargo ({})", cargo.get_program().display())
        })?;
        let (messages, words) = (child.stdout.take(), child.stderr.take());
        let mut built = Built::default();
        let (finished, said) = std::thread::scope(|scope| {
            let said = scope.spawn(|| listen(words, hear));
            (built.take_in(messages), said.join())
        });
        let finished = finished?;
        child.wait().context("waiting for cargo")?;
        built.ended(cargo, said.unwrap_or_default(), finished)
    }
}

/// Collects what cargo says to people, and passes each line on.
fn listen(stderr: Option<impl Read>, mut hear: impl FnMut(&str)) -> String {
    let mut said = String::new();
    let lines = stderr.into_iter().flat_map(|it| BufReader::new(it).lines());
    for line in lines.map_while(Result::ok) {
        hear(line.trim());
        said += &line;
        said.push('\n');
    }
    said
}

impl Built {
    /// What came of a build that `cargo` was [asked](Build::ask) for: from the `messages` on its standard output, and
    /// what it `said` on standard error.
    ///
    /// # Errors
    ///
    /// If it failed before it compiled anything, or wrote something else than messages.
    pub fn read(cargo: &Command, messages: impl Read, said: String) -> Result<Built> {
        let mut built = Built::default();
        let finished = built.take_in(Some(messages))?;
        built.ended(cargo, said, finished)
    }

    /// What cargo made of the package `name`; nothing if it never came to it.
    pub fn package(&self, name: &str) -> Package {
        self.packages.get(name).cloned().unwrap_or_default()
    }

    /// The packages that it came to, by their names.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.packages.iter().map(|(name, it)| (&**name, it))
    }

    /// What cargo said, if the compiler said nothing that explains why something was not built.
    pub fn complaints(&self) -> &str {
        let explained = self.packages.values().any(|it| !it.errors.is_empty());
        if explained { "" } else { &self.said }
    }

    /// The compiled libraries, by the names that code uses for them.
    pub fn libraries(&self) -> impl Iterator<Item = (&str, &Path)> {
        let libraries = self.packages.values().flat_map(|package| &package.library);
        libraries.map(|(name, file)| (&**name, &**file))
    }

    /// Reads cargo's messages to their end; whether they say that the build came to one.
    fn take_in(&mut self, messages: Option<impl Read>) -> Result<bool> {
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

    fn ended(mut self, cargo: &Command, said: String, finished: bool) -> Result<Built> {
        if !finished {
            bail!("cargo could not start to build:\n{}", said.trim_end());
        }
        self.said = said;
        self.shorten(cargo.get_current_dir());
        Ok(self)
    }

    /// Names files from the workspace on: those that a build script has named are named in full by the compiler.
    fn shorten(&mut self, workspace: Option<&Path>) {
        let Some(workspace) = workspace else { return };
        let workspace = workspace.join("").display().to_string();
        for package in self.packages.values_mut() {
            let programs = package.programs.values_mut();
            let errors = programs.flat_map(|program| &mut program.errors);
            for text in errors.chain(&mut package.errors) {
                *text = text.replace(&workspace, "");
            }
        }
    }

    fn add(&mut self, artifact: Artifact) {
        let name = package_name(&artifact.package_id);
        let is_main = artifact.target.name == name;
        let package = self.packages.entry(name).or_default();
        if let Some(executable) = artifact.executable {
            let program = package.programs.entry(artifact.target.name).or_default();
            program.executable = Some(executable.clone().into());
            if is_main || package.executable.is_none() {
                package.executable = Some(executable.into());
            }
        } else if artifact.target.kind.contains(&TargetKind::Lib) {
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
        let (DiagnosticLevel::Error | DiagnosticLevel::Ice) = diagnostic.level else {
            return;
        };
        let mine = diagnostic.spans.iter().filter(|span| span.is_primary);
        let mine = mine.filter_map(|span| own_program(&span.file_name)).next();
        let mut rendered = diagnostic.rendered.unwrap_or(diagnostic.message);
        if let Some(mine) = mine {
            let hint = format!(
                "your {mine} does not compile: mend it, or move it away to run the rest"
            );
            rendered = format!("{}\n{hint}\n\n", rendered.trim_end());
        }
        let package = self.packages.entry(package_name(&message.package_id));
        let package = package.or_default();
        if message.target.kind.contains(&TargetKind::Bin) {
            let program = package.programs.entry(message.target.name).or_default();
            program.errors.push(rendered.clone());
        }
        package.errors.push(rendered);
    }
}

/// The name of the file at `path`, if that is a program of the reader's own.
fn own_program(path: &str) -> Option<String> {
    let path = Path::new(path);
    let name = path.file_name()?.to_str()?;
    let own = name.starts_with("my_") || name.starts_with("my-");
    (own && path.parent()?.ends_with("src/programs")).then(|| name.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_not_told_which_package_starts_it() {
        let told = env::var_os("CARGO_MANIFEST_DIR");
        assert!(told.is_some(), "cargo tells its tests");
        let cargo = cargo(Path::new("."));
        let is_removed =
            |name: &str| cargo.get_envs().any(|it| it == (name.as_ref(), None));
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            assert!(is_removed(name), "{name}");
        }
    }

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
