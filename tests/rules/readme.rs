//! The README shows what is there: its transcript and its table of chapters.

use std::fs;

use catalogue::{Snapshot, snapshot_of};
use workbook_tests::chapters::workbook;
use workbook_tests::root;

use crate::assert_none;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn its_transcript_is_from_the_snapshot() {
    let readme = readme();
    let quoted = readme.split("```text\n").nth(1).unwrap();
    let quoted = quoted.split("```").next().unwrap();
    let path = snapshot_of(&root(), "02-event-loop", "taxi");
    let Snapshot(taxi) = Snapshot::read(&path).unwrap().unwrap();
    let mut lines = taxi.lines();
    let wrong = quoted.lines().filter(|line| line.trim() != "…");
    let wrong = wrong.filter(|wanted| !lines.any(|line| line == *wanted));
    assert_none(
        "lines that the run does not print there",
        wrong.map(String::from).collect(),
    );
}

#[test]
fn its_table_has_every_chapter() {
    let readme = readme();
    let workbook = workbook().unwrap();
    let rows = workbook.plan.chapter.iter().map(|planned| {
        let (number, name) = (planned.number, &planned.name);
        let name = match workbook.chapter(number) {
            Some(chapter) => format!("[{name}](chapters/{})", chapter.slug),
            None => format!("{name} *(to come)*"),
        };
        format!(
            "| {} | {number:02} | {name} | {} |",
            planned.part, planned.adds
        )
    });
    assert_none(
        "rows that README.md lacks",
        rows.filter(|row| !readme.lines().any(|line| line == row))
            .collect(),
    );
}

/// The page that `cargo doc --open` opens: crates stand in the order of their names.
#[test]
fn the_documentation_opens_with_a_table_of_every_chapter() {
    let page = fs::read_to_string(root().join("crates/begin-here/src/lib.rs")).unwrap();
    let rows = workbook().unwrap().chapters.iter().map(|chapter| {
        let (number, name, adds) = (chapter.number, &chapter.name, &chapter.adds);
        let library = name.replace('-', "_");
        format!("//! | {number:02} | [{name}](../{library}/index.html) | {adds} |")
    });
    assert_none(
        "rows that crates/begin-here/src/lib.rs lacks",
        rows.filter(|row| !page.lines().any(|line| line == row))
            .collect(),
    );
}

#[test]
fn it_names_the_two_commands() {
    let readme = readme();
    for command in ["cargo run ", "cargo test "] {
        assert!(
            readme.lines().any(|line| line.starts_with(command)),
            "{command}"
        );
    }
}
