//! The chapters and their programs, found by reading the folder `chapters`.

use anyhow::{Context, Result, bail};
use chapter::Header;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

use crate::holes::Hole;
use crate::plan::Plan;

/// The whole workbook, as its files are now.
#[derive(Debug)]
pub struct Workbook {
    /// The folder with the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// The chapters that exist, in order.
    pub chapters: Vec<Chapter>,
    /// All that is planned.
    pub plan: Plan,
}

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
    /// Its programs, in the order its `main.rs` lists them; the reader's own and `wont_compile` come last.
    pub programs: Vec<Program>,
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
    /// `src/programs/my_*.rs`: the reader's own.
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
}

impl Workbook {
    /// Reads the workbook whose workspace is at `root`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or does not say what a chapter's file must; the message names it.
    pub fn open(root: impl Into<PathBuf>) -> Result<Workbook> {
        let root = root.into();
        let plan = Plan::read(&root)?;
        let mut chapters = Vec::new();
        for slug in names_in(&root.join("chapters"))? {
            let dir = root.join("chapters").join(&slug);
            if dir.join("Cargo.toml").is_file() {
                chapters.push(read_chapter(dir, slug)?);
            }
        }
        Ok(Workbook {
            root,
            chapters,
            plan,
        })
    }

    /// Chapter `number`, if it exists.
    pub fn chapter(&self, number: u32) -> Option<&Chapter> {
        self.chapters
            .iter()
            .find(|chapter| chapter.number == number)
    }
}

impl Chapter {
    /// Its program `name`, written with dashes or underscores.
    pub fn program(&self, name: &str) -> Option<&Program> {
        let name = name.replace('_', "-");
        self.programs.iter().find(|program| program.name == name)
    }

    /// Its programs that run: all but those the compiler refuses.
    pub fn runnable(&self) -> impl Iterator<Item = &Program> {
        self.programs
            .iter()
            .filter(|program| program.kind != Kind::WontCompile)
    }

    /// Its holes, in the order of its files and of their lines.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or a hole's markers do not pair up.
    pub fn holes(&self) -> Result<Vec<Hole>> {
        Hole::of_chapter(self.number, &self.dir)
    }
}

fn read_chapter(dir: PathBuf, slug: String) -> Result<Chapter> {
    let path = dir.join("Cargo.toml");
    let manifest: Manifest = toml::from_str(&fs::read_to_string(&path)?)
        .with_context(|| path.display().to_string())?;
    let (number, name) = slug
        .split_once('-')
        .and_then(|(number, name)| Some((number.parse().ok()?, name.to_string())))
        .with_context(|| {
            format!("{}: expected a name like 02-event-loop", dir.display())
        })?;
    let siblings = dir.parent().map_or(Ok(Vec::new()), names_in)?;
    let needs = manifest
        .dependencies
        .keys()
        .filter_map(|name| chapter_number(name, &siblings));
    let mut chapter = Chapter {
        number,
        name,
        package: manifest.package.name,
        adds: manifest.package.description,
        needs: needs.collect(),
        programs: Vec::new(),
        slug,
        dir,
    };
    chapter.programs = read_programs(&chapter)?;
    Ok(chapter)
}

/// The number of the chapter that the dependency `name` is, if it is one: dependencies on chapters have the names
/// of the folders `siblings`, without their numbers, and the workspace's manifest says where they are.
fn chapter_number(name: &str, siblings: &[String]) -> Option<u32> {
    let mut numbered = siblings.iter().filter_map(|slug| slug.split_once('-'));
    let (number, _) = numbered.find(|(_, sibling)| *sibling == name)?;
    number.parse().ok()
}

fn read_programs(chapter: &Chapter) -> Result<Vec<Program>> {
    let main = chapter.dir.join("src/main.rs");
    let text = fs::read_to_string(&main).with_context(|| main.display().to_string())?;
    let mut programs = Vec::new();
    for (folder, files) in listed(&text) {
        let kind = match folder.as_str() {
            "programs" => Kind::Program,
            "steps" => Kind::Step,
            "broken" => Kind::Broken,
            "solutions" => Kind::Solution,
            other => bail!("{}: no kind of program is named `{other}`", main.display()),
        };
        for file in files {
            programs.push(read_program(chapter, kind, &file)?);
        }
    }
    for (kind, prefix) in [(Kind::Mine, "my_"), (Kind::WontCompile, "")] {
        let folder = chapter.dir.join("src").join(kind.folder());
        for file in names_in(&folder)? {
            if let Some(stem) = file.strip_suffix(".rs")
                && stem.starts_with(prefix)
            {
                programs.push(read_program(chapter, kind, stem)?);
            }
        }
    }
    Ok(programs)
}

fn read_program(chapter: &Chapter, kind: Kind, stem: &str) -> Result<Program> {
    let file = chapter
        .dir
        .join("src")
        .join(kind.folder())
        .join(format!("{stem}.rs"));
    let source = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let header = Header::parse(&source);
    // A reader's own program runs without any ceremony.
    let header = if kind == Kind::Mine {
        header.or_else(|_| Ok(Header::default()))
    } else {
        header
    };
    let header = header.with_context(|| file.display().to_string())?;
    Ok(Program {
        name: stem.replace('_', "-"),
        kind,
        file,
        header,
    })
}

/// The lists in a chapter's `chapter::main! { programs: taxi, late; broken: max_heap; }`.
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
                .map(str::trim)
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
