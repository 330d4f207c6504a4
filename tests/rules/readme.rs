//! The README shows what is there: its transcript, its table of chapters, and its figures.

use std::fs;

use catalogue::measured::{self, Record, Side, Unit};
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

/// Its table of costs: what it calls a row of the benchmarks, and its name.
const COSTS: [(&str, &str); 12] = [
    ("spawn a task and await it", "spawn"),
    ("a yield, where 1,000 tasks take turns", "yield-1000"),
    ("one of 1,000 tasks that are gathered", "gather-1000"),
    ("there and back over `futures::mpsc`", "ping-pong"),
    ("a sleep that is set and cancelled", "timer-cancel"),
    ("one of a million sleeps that fire", "timer-fire"),
    ("an item of a generator", "stream-generator"),
    ("a request to a TCP echo, 64 connections", "net-echo"),
    (
        "a request to a TCP echo, 1,000 connections",
        "net-echo-1000",
    ),
    ("a request to hyper, 64 connections", "hello"),
    ("memory of an idle task", "idle"),
    ("memory of an idle task with 64 bytes of state", "idle-64"),
];

#[test]
fn its_figures_are_those_that_were_recorded() {
    let readme = readme();
    let record = Record::read(&root().join("book/bench/recorded.json")).unwrap();
    let rows = COSTS.map(|(title, name)| {
        let row = record.row(name).unwrap_or_else(|| panic!("no row {name}"));
        let figure = |side: Option<&Side>| {
            let shown = side.and_then(|side| match row.unit {
                Unit::Bytes => Some(format!("{} bytes", side.bytes?)),
                _ => Some(measured::time(side.time?.median)),
            });
            shown.map_or(" |".into(), |it| format!(" {it} |"))
        };
        let limit = row.limit.as_deref().and_then(|it| row.side(it));
        let sides = [
            row.side("ours"),
            row.side("tokio"),
            row.side("asyncio"),
            limit,
        ];
        format!("| {title} |{}", sides.map(figure).concat())
    });
    let when = format!("({}, {} cores", &record.date[..10], record.machine.cores);
    let rows = rows
        .into_iter()
        .filter(|row| !readme.lines().any(|line| line == row));
    let when = (!readme.contains(&when)).then_some(when);
    assert_none("figures that README.md lacks", rows.chain(when).collect());
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
