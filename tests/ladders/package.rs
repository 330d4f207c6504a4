//! One package with all checks, on our solutions and on the wrong versions: a program for each chapter, in which every
//! case is a module of its own.
//!
//! ```text
//! src/04/main.rs             mod before; mod ours_1; mod wrong_1_spins; …
//! src/04/before/…            our solutions of the chapters before
//! src/04/ours_1/wakers.rs    what is tried
//! src/04/ours_1/check.rs     what tries it
//! ```
//!
//! A reader's file says `crate::generators` for its neighbour, and a check says `mine::generators`. In these copies the
//! crate is a module, so both are changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalogue::build::Build;
use catalogue::ladders::Rung;
use workbook_tests::chapters::{self, cargo};
use workbook_tests::copy::{Copy, Files};
use workbook_tests::root;

use crate::Climb;
use crate::wrong::Wrong;

/// A version of the reader's file that is tried.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    rung: String,
    /// The name of a wrong version.
    wrong: Option<String>,
}

impl Case {
    /// Ours.
    pub(crate) fn solution(rung: &Rung) -> Case {
        let (rung, wrong) = (rung.number.clone(), None);
        Case { rung, wrong }
    }

    /// A wrong one.
    pub(crate) fn wrong(rung: &Rung, wrong: &Wrong) -> Case {
        let (rung, wrong) = (rung.number.clone(), Some(wrong.name.clone()));
        Case { rung, wrong }
    }

    /// Its name among all.
    pub(crate) fn id(&self) -> String {
        format!("{}::{}", self.rung, self.name())
    }

    /// The name of its module.
    pub(crate) fn name(&self) -> String {
        let place = self.rung.rsplit('.').next().unwrap_or_default();
        match &self.wrong {
            Some(wrong) => format!("wrong_{place}_{}", wrong.replace('-', "_")),
            None => format!("ours_{place}"),
        }
    }

    fn chapter(&self) -> &str {
        self.rung.split('.').next().unwrap_or_default()
    }
}

/// Where the programs are.
pub(crate) struct Built {
    built: chapters::Built,
    _copy: Copy,
}

impl Built {
    /// The program that has `case`.
    pub(crate) fn program(&self, case: &Case) -> Result<PathBuf> {
        let mut programs = self.built.0.package(NAME).programs;
        let program = programs.remove(&format!("ladder-{}", case.chapter()));
        let program = program.with_context(|| {
            format!(
                "chapter {} was not built: {}",
                case.chapter(),
                self.built.0.complaints()
            )
        })?;
        program.executable.with_context(|| {
            let errors = program.errors.iter().take(5).map(String::as_str);
            errors.collect::<String>()
        })
    }
}

const NAME: &str = "ladders";

/// Builds the package, where the last run left it.
pub(crate) fn build(all: &[Climb]) -> Result<Built> {
    let binary = std::env::current_exe()?;
    let place = binary.parent().context("a folder")?.join(NAME);
    let copy = Copy::make(&place, &files(all)?)?;
    let mut cargo = cargo(&copy.folder);
    cargo.args(["--offline"]);
    cargo.env("CARGO_TARGET_DIR", copy.target());
    let build = Build {
        packages: &[NAME],
        all_programs: true,
        ..Build::default()
    };
    let built = chapters::build_as(&mut cargo, &build)?;
    Ok(Built { built, _copy: copy })
}

fn files(all: &[Climb]) -> Result<Files> {
    let mut files = Files::new();
    let mut manifest = format!(
        "[package]\nname = \"{NAME}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nladder = {{ path = {:?} }}\n",
        root().join("crates/ladder")
    );
    // Two chapters may use the same one, and the later one may want more of it.
    let dependencies = all.iter().flat_map(|it| it.ladder.dependencies.lines());
    let dependencies = dependencies.filter_map(|line| line.split_once(" = "));
    for (name, wanted) in dependencies.collect::<BTreeMap<_, _>>() {
        manifest += &format!("{name} = {wanted}\n");
    }
    manifest.push('\n');
    let mut before = BTreeMap::new();
    for climb in all {
        let chapter = climb.ladder.chapter;
        let folder = PathBuf::from(format!("src/{chapter:02}"));
        let _ = write!(
            manifest,
            "[[bin]]\nname = \"ladder-{chapter}\"\npath = \"src/{chapter:02}/main.rs\"\n\n"
        );
        let main = chapter_files(climb, &folder, &before, &mut files)?;
        files.insert(folder.join("main.rs"), main.into_bytes());
        let last = climb.solution(climb.ladder.rungs.len());
        before.insert(climb.ladder.module.clone(), read(&last)?);
    }
    manifest += "[profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n";
    files.insert("Cargo.toml".into(), manifest.into_bytes());
    files.insert("Cargo.lock".into(), fs::read(root().join("Cargo.lock"))?);
    Ok(files)
}

/// Adds the files of a chapter's program; the text of its `main.rs`.
fn chapter_files(
    climb: &Climb,
    folder: &Path,
    before: &BTreeMap<String, String>,
    files: &mut Files,
) -> Result<String> {
    let mut main = "#![allow(warnings)]\n\npub mod before {\n".to_string();
    for (module, text) in before {
        let _ = writeln!(main, "    pub mod {module};");
        let file = folder.join(format!("before/{module}.rs"));
        files.insert(file, inside(text).into_bytes());
    }
    main += "}\n\n";
    let module = &climb.ladder.module;
    let (mut modules, mut arms) = (String::new(), String::new());
    let mut add = |case: &Case, text: &str, checks: &[&Rung]| -> Result<()> {
        let name = case.name();
        let _ = write!(
            modules,
            "mod {name} {{\n    pub mod mine {{\n        pub use crate::before::*;\n        \
             #[path = \"{module}.rs\"]\n        pub mod {module};\n    }}\n"
        );
        let text = inside(text).into_bytes();
        files.insert(folder.join(format!("{name}/mine/{module}.rs")), text);
        let _ = writeln!(arms, "        \"{name}\" => {{");
        for rung in checks {
            let check = format!("check_{}", rung.number.replace('.', "_"));
            let _ = writeln!(modules, "    pub mod {check};");
            let _ = writeln!(arms, "            {name}::{check}::main();");
            let text = check_text(&read(&rung.file)?).into_bytes();
            files.insert(folder.join(format!("{name}/{check}.rs")), text);
        }
        modules += "}\n";
        arms += "        }\n";
        Ok(())
    };
    let rungs: Vec<&Rung> = climb.ladder.rungs.iter().collect();
    for (place, rung) in (1..).zip(&rungs) {
        let ours = read(&climb.solution(place))?;
        // The last one holds on all rungs; each of the others on its own.
        let checks = if place == rungs.len() {
            &rungs[..]
        } else {
            &rungs[place - 1..place]
        };
        add(&Case::solution(rung), &ours, checks)?;
        for wrong in Wrong::of(&climb.folder, place)? {
            // What does not fit is told by its own trial.
            if let Ok(text) = wrong.applied(&ours) {
                add(&Case::wrong(rung, &wrong), &text, &[rung])?;
            }
        }
    }
    main += &modules;
    let _ = write!(
        main,
        "\nfn main() {{\n    match &*std::env::args().nth(1).expect(\"a case\") {{\n{arms}        \
         other => panic!(\"no case {{other}}\"),\n    }}\n}}\n"
    );
    Ok(main)
}

fn read(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(text.replace("\r\n", "\n"))
}

/// The reader's file, where their crate is a module.
fn inside(text: &str) -> String {
    text.replace("crate::", "super::")
}

/// A check, where the reader's crate is a module beside it.
fn check_text(text: &str) -> String {
    let code = text.lines().filter(|line| !line.starts_with("//!"));
    let code = code.collect::<Vec<_>>().join("\n");
    format!(
        "use super::mine;\n{}\n",
        code.replace("\nfn main()", "\npub fn main()")
    )
}

/// A panic's place, without the folder and the line, which are other ones in a reader's crate.
pub(crate) fn without_places(said: &str) -> String {
    let Some((before, place)) = said.split_once("\npanicked: ") else {
        return said.to_string();
    };
    match place.split_once(": ") {
        Some((place, rest)) if place.contains(".rs:") => {
            let file = place.rsplit(['/', '\\']).next().unwrap_or_default();
            let file = file.split(':').next().unwrap_or_default();
            format!("{before}\npanicked: {file}: {rest}")
        }
        _ => said.to_string(),
    }
}
