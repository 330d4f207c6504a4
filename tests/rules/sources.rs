//! What the source files must keep to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use catalogue::{Chapter, Kind, System};
use ignore::gitignore::Gitignore;
use workbook_tests::chapters::workbook;
use workbook_tests::{files, root};

use crate::assert_none;

fn extension(file: &Path) -> &str {
    file.extension().and_then(|it| it.to_str()).unwrap_or("")
}

/// The path below the workspace's folder, the same on every system.
fn short(file: &Path) -> String {
    let root = root();
    let file = file.strip_prefix(&root).unwrap_or(file);
    file.display().to_string().replace('\\', "/")
}

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let mut broken = Vec::new();
    for file in files(&root()) {
        if !["rs", "py", "mjs", "js"].contains(&extension(&file)) {
            continue;
        }
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        if lines > 500 {
            broken.push(format!("{}: {lines} lines", short(&file)));
        }
    }
    assert_none("too long to be read at one sitting", broken);
}

/// Of the chapters, and of what they and their readers stand on.
#[test]
fn the_first_page_of_a_crates_documentation_has_an_example() {
    let tools = [
        "begin-here",
        "catalogue",
        "chapter",
        "ladder",
        "timeline",
        "trace",
    ];
    let mut crates: Vec<PathBuf> =
        tools.map(|it| root().join("crates").join(it)).to_vec();
    crates.extend(workbook().unwrap().chapters.iter().map(|it| it.dir.clone()));
    let mut broken = Vec::new();
    for folder in crates {
        let lib = folder.join("src/lib.rs");
        let text = fs::read_to_string(&lib).unwrap();
        let examples = ["//! ```", "//! ```no_run"];
        if !text.lines().any(|line| examples.contains(&line)) {
            broken.push(short(&lib));
        }
    }
    assert_none("no example", broken);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let mut needles = ["home", "root", "Users"]
        .map(|it| format!("/{it}/"))
        .to_vec();
    needles.extend(telling(&root()));
    let mut broken = Vec::new();
    for file in files(&root()) {
        // What is not UTF-8 is a picture.
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        let found = needles.iter().find(|needle| text.contains(&***needle));
        broken.extend(found.map(|needle| format!("{}: {needle}", short(&file))));
    }
    assert_none("absolute paths", broken);
}

/// The path `folder`, if it is long enough to tell one machine from another: a clone in `/src` or `/book` is named
/// by ordinary text.
fn telling(folder: &Path) -> Option<String> {
    (folder.components().count() > 3).then(|| folder.display().to_string())
}

#[test]
fn a_short_path_is_ordinary_text() {
    assert_eq!(telling(Path::new("/src")), None);
    assert_eq!(telling(Path::new("/opt/book")), None);
    let long = "/srv/clones/from-yield-to-await";
    assert_eq!(telling(Path::new(long)).as_deref(), Some(long));
}

/// The files with ending `ending` in a chapter's folder for programs of this kind, the reader's own left out.
fn stems(chapter: &Chapter, kind: Kind, ending: &str) -> BTreeSet<String> {
    let Ok(folder) = fs::read_dir(chapter.dir.join("src").join(kind.folder())) else {
        return BTreeSet::new();
    };
    let names =
        folder.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let stems = names.filter_map(|name| Some(name.strip_suffix(ending)?.to_string()));
    stems
        .filter(|stem| !stem.starts_with("my_") && !stem.starts_with("my-"))
        .collect()
}

const LISTED: [Kind; 4] = [Kind::Program, Kind::Step, Kind::Broken, Kind::Solution];

#[test]
fn names_are_unique_in_a_chapter() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        let programs = chapter.programs.iter().map(|it| it.name.clone());
        let holes = chapter.holes().unwrap().into_iter().map(|it| it.name);
        for (thing, names) in [
            ("program", programs.collect::<Vec<_>>()),
            ("hole", holes.collect()),
        ] {
            let mut seen = BTreeSet::new();
            let again = names.iter().filter(|name| !seen.insert(*name));
            let again = again.map(|name| format!("{}: {thing} {name}", chapter.slug));
            broken.extend(again);
        }
    }
    assert_none("a name means one thing in a chapter", broken);
}

#[test]
fn every_program_is_listed_in_its_chapters_main() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        for kind in LISTED {
            let listed = chapter
                .programs
                .iter()
                .filter(|program| program.kind == kind);
            let listed: BTreeSet<String> = listed
                .map(|program| program.name.replace('-', "_"))
                .collect();
            for stem in stems(chapter, kind, ".rs").difference(&listed) {
                broken.push(format!("{}: {}/{stem}.rs", chapter.slug, kind.folder()));
            }
        }
    }
    assert_none("not listed in main.rs, so never run", broken);
}

#[test]
fn what_needs_a_system_is_compiled_there_only() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        let main = fs::read_to_string(chapter.dir.join("src/main.rs")).unwrap();
        for program in chapter
            .programs
            .iter()
            .filter(|it| LISTED.contains(&it.kind))
        {
            let name = program.name.replace('-', "_");
            let wanted = match program.header.needs {
                Some(System::Unix | System::Postgres) => format!("#[cfg(unix)] {name}"),
                Some(System::Linux) => format!("#[cfg(target_os = \"linux\")] {name}"),
                None => name.clone(),
            };
            let mut listed = main.split([',', ';']);
            let is_it = |it: &str| it.rsplit(": ").next().map(str::trim) == Some(&wanted);
            if !listed.any(is_it) {
                broken.push(format!("{}: {name}", chapter.slug));
            }
        }
    }
    assert_none(
        "`needs:` and the chapter's list say different things",
        broken,
    );
}

#[test]
fn every_draft_is_a_broken_twins() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        let twins = chapter.programs.iter();
        let drafts: BTreeSet<PathBuf> = twins.filter_map(|it| it.draft()).collect();
        let files = files(&chapter.dir);
        let of_nobody = files
            .iter()
            .filter(|file| extension(file) == "diff" && !drafts.contains(*file));
        broken.extend(of_nobody.map(|file| short(file)));
    }
    assert_none("nobody tries these drafts", broken);
}

#[test]
fn a_readers_own_programs_are_ignored_by_git() {
    let (rules, error) = Gitignore::new(root().join(".gitignore"));
    assert!(error.is_none(), "{error:?}");
    for own in ["my_taxi", "my-taxi"] {
        let own = format!("chapters/02-event-loop/src/programs/{own}.rs");
        assert!(rules.matched(own, false).is_ignore());
    }
    let ours = "chapters/02-event-loop/src/programs/taxi.rs";
    assert!(!rules.matched(ours, false).is_ignore());
}

#[test]
fn the_first_line_of_a_program_is_a_whole_sentence() {
    // `cargo run -- list` shows it, and nothing of what follows.
    let is_cut = |text: &str| {
        let mut header = text.lines().map_while(|it| it.strip_prefix("//!"));
        let (first, second) = (header.next(), header.next().unwrap_or_default());
        let goes_on = !second.trim().is_empty() && !second.contains(": ");
        first.is_some() && goes_on
    };
    assert!(is_cut("//! A taxi that\n//! drives.\n"));
    assert!(!is_cut(
        "//! A taxi.\n//! twin: same\n//!\n//! It drives.\n"
    ));
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        for program in &chapter.programs {
            let listed = program.kind != Kind::WontCompile;
            if listed && is_cut(&fs::read_to_string(&program.file).unwrap()) {
                broken.push(format!("{}: goes on in a second", short(&program.file)));
            }
        }
    }
    assert_none("first lines", broken);
}

#[test]
fn every_program_has_a_twin_or_says_why_not() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        let programs = chapter
            .programs
            .iter()
            .filter(|it| it.kind == Kind::Program);
        for program in programs {
            let text = fs::read_to_string(&program.file).unwrap();
            if !text.lines().any(|line| line.starts_with("//! twin: ")) {
                broken.push(format!("{}: no `twin:` line", short(&program.file)));
            }
        }
    }
    assert_none("twins", broken);
}

#[test]
fn every_python_file_is_a_programs_twin() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        let twins: BTreeSet<PathBuf> = chapter
            .programs
            .iter()
            .filter_map(|program| program.twin())
            .collect();
        let missing = twins.iter().filter(|twin| !twin.is_file());
        broken.extend(missing.map(|twin| format!("{} does not exist", short(twin))));
        for kind in LISTED {
            let folder = chapter.dir.join("src").join(kind.folder());
            for stem in stems(chapter, kind, ".py") {
                let file = folder.join(format!("{stem}.py"));
                if !twins.contains(&file) {
                    broken.push(format!("{} is nobody's twin", short(&file)));
                }
            }
        }
    }
    assert_none("twins", broken);
}

/// The first macro in `line` that prints on standard output, comments apart.
fn prints(line: &str) -> Option<&'static str> {
    let code = line.split("//").next().unwrap_or("");
    let is_in = |name: &&'static str| {
        let mut places = code.match_indices(&**name);
        // `eprintln!` is another macro.
        places.any(|(at, _)| {
            !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    ["println!", "print!", "dbg!"].into_iter().find(is_in)
}

#[test]
fn a_chapter_prints_with_say_only() {
    assert_eq!(prints("    println!(\"x\");"), Some("println!"));
    assert_eq!(prints("    eprintln!(\"x\");"), None);
    assert_eq!(prints("    // as println! does"), None);
    let mut broken = Vec::new();
    for file in files(&root()) {
        if extension(&file) == "rs" && file.starts_with(root().join("chapters")) {
            let text = fs::read_to_string(&file).unwrap();
            let found = text.lines().find_map(prints);
            broken.extend(found.map(|name| format!("{}: {name}", short(&file))));
        }
    }
    assert_none("the trace hears `say!` only", broken);
}
