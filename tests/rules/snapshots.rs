//! Every snapshot belongs to something, and none waits to be looked at.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use catalogue::ladders::Ladder;
use catalogue::{Chapter, Kind, Workbook};
use workbook_tests::chapters::workbook;
use workbook_tests::{files, root};

use crate::assert_none;

/// The snapshots that a chapter's files ask for.
fn expected(chapter: &Chapter) -> BTreeSet<String> {
    let programs = chapter.programs.iter().filter(|it| it.kind != Kind::Mine);
    let names = programs.flat_map(|program| {
        let twin = program.twin().map(|_| program.twin_snapshot());
        let report = program.draft().map(|_| program.report_snapshot());
        [Some(program.name.clone()), twin, report]
            .into_iter()
            .flatten()
    });
    names.map(|name| format!("{name}.snap")).collect()
}

/// Whether `snapshot` in the folder `folder` has somebody who compares with it: a chapter's program, or, in
/// `tests/snapshots/cli`, a test in `tests/cli.rs` or `tests/cli/` that compares with it.
fn is_wanted(workbook: &Workbook, folder: &str, snapshot: &str) -> bool {
    if let Some(chapter) = workbook.all().find(|it| it.slug == folder) {
        return expected(chapter).contains(snapshot);
    }
    let name = snapshot.strip_suffix(".snap").unwrap_or(snapshot);
    if folder == "ladders" {
        // What the wrong versions of a rung are told.
        let chapters = workbook.chapters.iter();
        let mut ladders = chapters.filter_map(|it| Ladder::of(it).ok().flatten());
        return ladders.any(|it| it.rungs.iter().any(|rung| rung.number == name));
    }
    let calls = [
        format!("sees(\"{name}\","),
        format!("snapshot(\"{folder}\",\"{name}\","),
    ];
    let tests = root().join("tests");
    let (file, modules) = (tests.join(format!("{folder}.rs")), tests.join(folder));
    files(&tests)
        .iter()
        .filter(|it| **it == file || it.starts_with(&modules))
        .filter_map(|it| fs::read_to_string(it).ok())
        // However it is wrapped.
        .map(|text| text.split_whitespace().collect::<String>())
        .any(|text| calls.iter().any(|call| text.contains(call)))
}

#[test]
fn no_snapshot_is_left_over() {
    let workbook = workbook().unwrap();
    let mut broken = Vec::new();
    for file in files(&root().join("tests/snapshots")) {
        let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
        let name = file.file_name().unwrap_or_default();
        if !is_wanted(workbook, &folder.to_string_lossy(), &name.to_string_lossy()) {
            broken.push(file.display().to_string());
        }
    }
    assert_none(
        "nothing compares with these snapshots (delete them)",
        broken,
    );
}

#[test]
fn no_snapshot_waits_to_be_looked_at() {
    let mut broken = Vec::new();
    for entry in ignore::WalkBuilder::new(root().join("tests"))
        .standard_filters(false)
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .build()
    {
        let path = entry.unwrap().into_path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
            broken.push(path.display().to_string());
        }
    }
    assert_none("a test wrote these: look at them, then delete them", broken);
}

#[test]
fn only_what_a_program_asks_for_is_wanted() {
    let workbook = workbook().unwrap();
    let chapter = &workbook.chapters[0];
    let program = &chapter.programs[0].name;
    assert!(is_wanted(
        workbook,
        &chapter.slug,
        &format!("{program}.snap")
    ));
    assert!(!is_wanted(workbook, &chapter.slug, "nobody.snap"));
    assert!(!is_wanted(
        workbook,
        &chapter.slug,
        &format!("{program}.snap.orig")
    ));
    assert!(is_wanted(workbook, "cli", "help.snap"));
    // A word in that file, and a command there, but no snapshot.
    assert!(!is_wanted(workbook, "cli", "--help.snap"));
    assert!(!is_wanted(workbook, "cli", "walk.snap"));
    assert!(!is_wanted(
        workbook,
        "99-nowhere",
        &format!("{program}.snap")
    ));
}
