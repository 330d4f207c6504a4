//! The lines that tell a recorder what happens, which the book's listings leave out.

use std::fs;
use std::path::Path;

use catalogue::Kind;
use timeline::is_hook;
use workbook_tests::chapters::workbook;
use workbook_tests::{files, root};

use crate::assert_none;

/// Whether the code around `line` is whole without it: it is a statement, or one item of a list, and nothing else.
fn stands_alone(line: &str) -> bool {
    let code = line.trim();
    let balanced = [('(', ')'), ('{', '}'), ('[', ']')]
        .iter()
        .all(|(open, close)| code.matches(*open).count() == code.matches(*close).count());
    // A match arm would be missed, and so would a `let` that the code after it needs.
    let names = [
        "let traced ",
        "let traced:",
        "let _traced ",
        "let future ",
        "let callback ",
    ];
    let binds = !code.starts_with("let ")
        || names.iter().any(|it| code.starts_with(it))
        || drives(code);
    let ends = code.ends_with(';') || code.ends_with(',');
    ends && balanced && binds && !code.contains("=>") && !code.starts_with("return")
}

/// Whether it is `let mut it = trace::driven("…", &mut it);`.
fn drives(code: &str) -> bool {
    let driven = code.strip_prefix("let mut ").and_then(|code| {
        let (name, code) = code.split_once(" = trace::driven(\"")?;
        code.strip_suffix(&format!("\", &mut {name});"))
    });
    driven.is_some()
}

fn chapters_files() -> Vec<std::path::PathBuf> {
    let mut files = files(&root().join("chapters"));
    files.retain(|file| file.extension().is_some_and(|it| it == "rs"));
    files
}

/// The hooks of a file with their numbers, comments apart.
fn hooks(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = (1..).zip(text.lines().map(str::to_string));
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter(|(_, line)| is_hook(line)).collect()
}

fn short(file: &Path) -> String {
    let root = root();
    let file = file.strip_prefix(&root).unwrap_or(file);
    file.display().to_string().replace('\\', "/")
}

#[test]
fn what_stands_alone_can_be_left_out() {
    for line in [
        "trace::unparked();",
        "    self.traced.woken(again);",
        "let traced = trace::Task::spawned(format_args!(\"Task-{id}\"), place);",
        "traced: trace::Heap,",
        "traced,",
        "let mut countdown = trace::driven(\"countdown\", &mut countdown);",
    ] {
        assert!(is_hook(line) && stands_alone(line), "{line}");
    }
    for line in [
        "Poll::Ready(value) => traced.finished(),",
        "let handle = trace::followed(task, future);",
        "trace::parked(",
        "if traced.is_some() {",
        "return traced.finished();",
        "trace::followed(task, future)",
        "let mut other = trace::driven(\"countdown\", &mut countdown);",
    ] {
        assert!(is_hook(line) && !stands_alone(line), "{line}");
    }
}

#[test]
fn a_listing_is_whole_without_its_hooks() {
    let mut broken = Vec::new();
    for file in chapters_files() {
        for (number, line) in hooks(&file) {
            if !stands_alone(&line) {
                broken.push(format!("{}:{number}: {}", short(&file), line.trim()));
            }
        }
    }
    assert_none(
        "a hook is a statement or an item of its own on one line, so that listings read without it",
        broken,
    );
}

/// A reader fills a hole with what the page shows, and the page shows no hooks.
#[test]
fn no_hook_stands_in_a_hole() {
    let mut broken = Vec::new();
    for file in chapters_files() {
        let text = fs::read_to_string(&file).unwrap();
        let mut in_hole = false;
        for (number, line) in (1..).zip(text.lines()) {
            match line.trim_start() {
                comment if comment.starts_with("// hole:") => in_hole = true,
                comment if comment.starts_with("// end hole") => in_hole = false,
                code if in_hole && is_hook(code) => {
                    broken.push(format!("{}:{number}: {}", short(&file), code));
                }
                _ => {}
            }
        }
    }
    assert_none(
        "hooks in holes: a run of a reader's own code would not be recorded as it is",
        broken,
    );
}

/// The loop is what is watched. A program gives names at most, and says of a coroutine of its own when it is resumed and
/// where it stops.
#[test]
fn a_program_has_no_hooks_but_of_its_own_coroutines() {
    let folders = [Kind::Program, Kind::Step, Kind::Broken, Kind::Solution];
    let mut broken = Vec::new();
    for chapter in &workbook().unwrap().chapters {
        let folders = folders.map(|kind| chapter.dir.join("src").join(kind.folder()));
        let files = chapters_files();
        let programs = files
            .iter()
            .filter(|file| folders.iter().any(|folder| file.starts_with(folder)));
        for file in programs {
            for (number, line) in hooks(file) {
                let line = line.trim();
                let names = [
                    "trace::name(",
                    "trace::network_between(",
                    "trace::suspended(",
                    "let traced = trace::resumed(",
                    "traced.finishes_if(",
                ];
                if !names.iter().any(|it| line.starts_with(it)) && !drives(line) {
                    broken.push(format!("{}:{number}: {line}", short(file)));
                }
            }
        }
    }
    assert_none("hooks in programs, which readers copy", broken);
}
