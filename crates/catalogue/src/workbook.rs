//! The chapters and their programs, found by reading the folder `chapters`.

use anyhow::{Context, Error, Result};
use chapter::{Header, System};
use serde::Deserialize;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::holes::{Hole, library_files};
use crate::plan::Plan;

/// The whole workbook, as its files are now.
#[derive(Debug)]
pub struct Workbook {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// The chapters that exist, in order.
    pub chapters: Vec<Chapter>,
    /// The programs of the finished runtime, if they are there. It is no chapter, but what reads programs reads these as
    /// if it were one, of the number [`TAXI`].
    pub taxi: Option<Chapter>,
    /// All that is planned.
    pub plan: Plan,
}

/// The number of what is no chapter: the finished runtime, `taxi`.
pub const TAXI: u32 = 0;

/// The first chapter that is no part of the finished runtime, but a program on it.
pub const FIRST_USER: u32 = 17;

/// The finished runtime, as manifests name it. Whoever depends on it is built on all that it is made of.
const FACADE: &str = "taxi";

/// Where its programs are.
const TAXIS_PROGRAMS: &str = "crates/taxi-programs";

/// A chapter that exists.
#[derive(Debug)]
pub struct Chapter {
    /// Its number.
    pub number: u32,
    /// Its name, such as `event-loop`.
    pub name: String,
    /// Its folder's name, such as `02-event-loop`; also its page's and its snapshots'.
    pub slug: String,
    /// Its package, such as `ch02-event-loop`.
    pub package: String,
    /// Its folder.
    pub dir: PathBuf,
    /// What it adds, in a line.
    pub adds: String,
    /// The chapters it is built on, directly.
    pub needs: Vec<u32>,
    /// The libraries that its code may name, in code's spelling: its own, and those that its manifest names.
    pub uses: Vec<String>,
    /// Its programs, in the order its `main.rs` lists them; the reader's own and `wont_compile` come last.
    pub programs: Vec<Program>,
    /// The kind of system without which there is nothing of it, if not every one will do.
    pub system: Option<System>,
    /// Whether what it is built on takes so long that `cargo run` leaves it out until it was built once: a TLS library, for
    /// example.
    pub heavy: bool,
    /// What is wrong with its files, if they do not say what a chapter's must. What could be read is there.
    pub fault: Option<String>,
}

/// What a program is for: the folder it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `src/programs`.
    Program,
    /// `src/steps`: a version the reader outgrows.
    Step,
    /// `src/broken`: an idea that fails, to be seen failing.
    Broken,
    /// `src/solutions`: an exercise, solved.
    Solution,
    /// `src/wont_compile`: refused by the compiler.
    WontCompile,
    /// `src/programs/my_*.rs` or `my-*.rs`: the reader's own.
    Mine,
}

/// One file of a chapter that runs, or that must not compile.
#[derive(Debug)]
pub struct Program {
    /// Its name, with dashes.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// Its file.
    pub file: PathBuf,
    /// What it says about itself.
    pub header: Header,
}

impl Kind {
    /// The folder below a chapter's `src`.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Program | Kind::Mine => "programs",
            Kind::Step => "steps",
            Kind::Broken => "broken",
            Kind::Solution => "solutions",
            Kind::WontCompile => "wont_compile",
        }
    }
}

impl Program {
    /// Its Python twin, if the header says that it has one.
    pub fn twin(&self) -> Option<PathBuf> {
        match self.header.twin {
            chapter::Twin::None => None,
            _ => Some(self.file.with_extension("py")),
        }
    }

    /// The name of its twin's snapshot: its own one if they print the same.
    pub fn twin_snapshot(&self) -> String {
        match self.header.twin {
            chapter::Twin::Own(_) => format!("{}.py", self.name),
            _ => self.name.clone(),
        }
    }

    /// Of a broken twin: the change that makes the chapter's own library fail as it does, if there is one beside it.
    pub fn draft(&self) -> Option<PathBuf> {
        let file = self.file.with_extension("diff");
        (self.kind == Kind::Broken && file.is_file()).then_some(file)
    }

    /// The kind of system that it needs, if this is none of that kind: then it is left out.
    pub fn lacks(&self) -> Option<System> {
        lacking(self.header.needs)
    }

    /// The name of the snapshot of what a sanitizer says to its draft.
    pub fn report_snapshot(&self) -> String {
        format!("{}.report", self.name)
    }
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
    #[serde(default)]
    dependencies: toml::Table,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    description: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    workbook: Said,
}

/// `[package.metadata.workbook]`: what only the workbook asks for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    needs: Option<String>,
    #[serde(default)]
    heavy: bool,
}

impl Workbook {
    /// Reads the workbook whose workspace is at `root`.
    ///
    /// What is wrong with one chapter is kept as its [`Chapter::fault`], and the others are read nevertheless. A folder
    /// that is not named like a chapter is none.
    ///
    /// # Errors
    ///
    /// If the plan or the folder of the chapters cannot be read.
    pub fn open(root: impl Into<PathBuf>) -> Result<Workbook> {
        let root = root.into();
        let plan = Plan::read(&root)?;
        let mut chapters = Vec::new();
        let slugs = names_in(&root.join("chapters"))?;
        for slug in &slugs {
            let dir = root.join("chapters").join(slug);
            if let (Some((number, name)), true) =
                (numbered(slug), dir.join("Cargo.toml").is_file())
            {
                chapters.push(Chapter::unread(number, name, slug, dir));
            }
        }
        let dir = root.join(TAXIS_PROGRAMS);
        let is_there = dir.join("Cargo.toml").is_file();
        let mut taxi = is_there.then(|| Chapter::unread(TAXI, "taxi", "taxi", dir));
        for chapter in chapters.iter_mut().chain(&mut taxi) {
            chapter.fault = chapter
                .read(&root, &slugs)
                .err()
                .map(|fault| format!("{fault:#}"));
        }
        Ok(Workbook {
            root,
            chapters,
            taxi,
            plan,
        })
    }

    /// The chapters that the runtime is made of, and those that are programs on it, which are built when they are asked
    /// for.
    pub fn parts_and_users(&self) -> (&[Chapter], &[Chapter]) {
        let first = |it: &Chapter| it.number < FIRST_USER;
        self.chapters.split_at(self.chapters.partition_point(first))
    }

    /// Whoever has programs: the chapters, and the finished runtime.
    pub fn all(&self) -> impl Iterator<Item = &Chapter> {
        self.chapters.iter().chain(&self.taxi)
    }

    /// Chapter `number`, if it exists; the finished runtime is [`TAXI`].
    pub fn chapter(&self, number: u32) -> Option<&Chapter> {
        self.all().find(|chapter| chapter.number == number)
    }
}

impl Chapter {
    /// What a reader types for it: its number, or `taxi`.
    pub fn typed(&self) -> String {
        match self.number {
            TAXI => self.name.clone(),
            number => number.to_string(),
        }
    }

    /// What it is called in a sentence: `chapter 2`, or `taxi`.
    pub fn called(&self) -> String {
        match self.number {
            TAXI => self.name.clone(),
            number => format!("chapter {number}"),
        }
    }

    /// Its program `name`, written with dashes or underscores.
    pub fn program(&self, name: &str) -> Option<&Program> {
        let name = name.replace('_', "-");
        self.programs.iter().find(|program| program.name == name)
    }

    /// The kind of system that it needs, if this is none of that kind: then it is neither built nor run.
    pub fn lacks(&self) -> Option<System> {
        lacking(self.system)
    }

    /// Whether this system can run the program `name`, or there is none of that name.
    pub fn runs(&self, name: &str) -> bool {
        let lacks = self.program(name).and_then(Program::lacks);
        self.lacks().or(lacks).is_none()
    }

    /// Its programs that run: all but those the compiler refuses.
    pub fn runnable(&self) -> impl Iterator<Item = &Program> {
        self.programs
            .iter()
            .filter(|program| program.kind != Kind::WontCompile)
    }

    /// The files of its library: `lib.rs`, then the others by their names.
    ///
    /// # Errors
    ///
    /// If a folder cannot be read.
    pub fn library(&self) -> Result<Vec<PathBuf>> {
        let mut files = library_files(&self.dir)?;
        files.retain(|file| !file.ends_with("src/main.rs"));
        Ok(files)
    }

    /// Its holes, in the order of its files and of their lines.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or a hole's markers do not pair up.
    pub fn holes(&self) -> Result<Vec<Hole>> {
        Hole::of_chapter(self.number, &self.dir)
    }

    /// Its holes as [`Hole::by_file`] finds them.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn holes_by_file(&self) -> Result<Vec<(String, Result<Vec<Hole>>)>> {
        Hole::by_file(self.number, &self.dir)
    }
}

impl Chapter {
    /// One of which nothing but its folder is known.
    fn unread(number: u32, name: &str, slug: &str, dir: PathBuf) -> Chapter {
        Chapter {
            number,
            name: name.to_string(),
            slug: slug.to_string(),
            package: String::new(),
            dir,
            adds: String::new(),
            needs: Vec::new(),
            uses: Vec::new(),
            programs: Vec::new(),
            system: None,
            heavy: false,
            fault: None,
        }
    }

    /// Reads its manifest, its `main.rs` and its programs; goes on past a program that cannot be read.
    fn read(&mut self, root: &Path, slugs: &[String]) -> Result<()> {
        let path = self.dir.join("Cargo.toml");
        let manifest: Manifest = toml::from_str(&read_below(root, &path)?)
            .with_context(|| below(root, &path))?;
        self.package = manifest.package.name;
        self.adds = manifest.package.description;
        let said = manifest.package.metadata.workbook;
        self.heavy = said.heavy;
        if let Some(word) = said.needs {
            let system = System::parse(&word);
            let unknown = || {
                format!(
                    "{}: `needs = \"{word}\"`: expected `unix`, `linux` or `postgres`",
                    below(root, &path)
                )
            };
            self.system = Some(system.with_context(unknown)?);
        }
        let needs = manifest.dependencies.keys();
        self.needs = needs
            .filter_map(|name| chapter_number(name, slugs))
            .collect();
        if manifest.dependencies.contains_key(FACADE) {
            let numbers = slugs.iter().filter_map(|slug| numbered(slug));
            let parts = numbers.filter(|(number, _)| *number < FIRST_USER);
            self.needs.extend(parts.map(|(number, _)| number));
        }
        let uses = manifest.dependencies.keys().chain([&self.name]);
        self.uses = uses.map(|name| name.replace('-', "_")).collect();
        let mut faults = Vec::new();
        for (kind, stem) in self.listed_programs(root)? {
            match read_program(root, &self.dir, kind, &stem) {
                Ok(program) => self.programs.push(program),
                Err(error) => faults.push(format!("{error:#}")),
            }
        }
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Error::msg(faults.join("; "))),
        }
    }

    /// The programs that its `main.rs` lists, then those that are found by their names alone.
    fn listed_programs(&self, root: &Path) -> Result<Vec<(Kind, String)>> {
        let main = self.dir.join("src/main.rs");
        let mut programs = Vec::new();
        for (folder, files) in listed(&read_below(root, &main)?) {
            let kind = LISTED.iter().find(|kind| kind.folder() == folder);
            let kind = kind.with_context(|| {
                format!(
                    "{}: no kind of program is named `{folder}`",
                    below(root, &main)
                )
            })?;
            programs.extend(files.into_iter().map(|file| (*kind, file)));
        }
        let mine: &[&str] = &["my_", "my-"];
        for (kind, prefixes) in [(Kind::Mine, mine), (Kind::WontCompile, &[""])] {
            for file in names_in(&self.dir.join("src").join(kind.folder()))? {
                if let Some(stem) = file.strip_suffix(".rs")
                    && prefixes.iter().any(|prefix| stem.starts_with(prefix))
                {
                    programs.push((kind, stem.to_string()));
                }
            }
        }
        Ok(programs)
    }
}

/// What is `needed`, if this system is not of that kind. Tests set `WORKBOOK_SYSTEM`, to see what others would.
fn lacking(needed: Option<System>) -> Option<System> {
    let here = env::var("WORKBOOK_SYSTEM");
    let here = here.as_deref().unwrap_or(env::consts::OS);
    needed.filter(|it| !it.includes(here))
}

/// The kinds of programs that `main.rs` lists.
const LISTED: [Kind; 4] = [Kind::Program, Kind::Step, Kind::Broken, Kind::Solution];

/// Number and name of the chapter whose folder is named `slug`, such as `02-event-loop`.
fn numbered(slug: &str) -> Option<(u32, &str)> {
    let (number, name) = slug.split_once('-')?;
    Some((number.parse().ok()?, name))
}

/// The number of the chapter that the dependency `name` is, if it is one: dependencies on chapters have the names
/// of the folders `slugs`, without their numbers, and the workspace's manifest says where they are.
fn chapter_number(name: &str, slugs: &[String]) -> Option<u32> {
    let mut numbered = slugs.iter().filter_map(|slug| numbered(slug));
    let (number, _) = numbered.find(|(_, sibling)| *sibling == name)?;
    Some(number)
}

fn read_program(root: &Path, dir: &Path, kind: Kind, stem: &str) -> Result<Program> {
    let folder = dir.join("src").join(kind.folder());
    let file = folder.join(format!("{stem}.rs"));
    let text = read_below(root, &file)?;
    let header = match kind {
        // A reader's own program runs without any ceremony.
        Kind::Mine => Ok(Header::own(&text)),
        _ => Header::parse(&text),
    };
    Ok(Program {
        name: stem.replace('_', "-"),
        kind,
        header: header.with_context(|| below(root, &file))?,
        file,
    })
}

/// The text of a file; an error names its path below `root`.
fn read_below(root: &Path, file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).map_err(|error| match error.kind() {
        // In words that are the same on every system.
        io::ErrorKind::NotFound => Error::msg("there is no such file"),
        _ => error.into(),
    });
    text.with_context(|| below(root, file))
}

/// `file` below `root`, as it is written on every system.
pub(crate) fn below(root: &Path, file: &Path) -> String {
    let path = file.strip_prefix(root).unwrap_or(file);
    path.to_string_lossy().replace('\\', "/")
}

/// The lists in a chapter's `chapter::main! { programs: taxi, #[cfg(unix)] late; broken: max_heap; }`.
fn listed(main: &str) -> Vec<(String, Vec<String>)> {
    let body = main
        .split_once("chapter::main!")
        .and_then(|(_, rest)| rest.split_once('{'));
    let body = body
        .and_then(|(_, rest)| rest.split_once('}'))
        .map_or("", |(body, _)| body);
    let lists = body.split(';').filter_map(|list| list.split_once(':'));
    lists
        .map(|(folder, files)| {
            let files = files
                .split(',')
                .map(|file| file.rsplit(']').next().unwrap_or(file).trim())
                .filter(|file| !file.is_empty());
            (
                folder.trim().to_string(),
                files.map(str::to_string).collect(),
            )
        })
        .collect()
}

/// The names in a folder, sorted; none if there is no such folder.
fn names_in(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
