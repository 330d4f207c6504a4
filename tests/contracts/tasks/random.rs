//! Random programs log the same on our executor, in a plain model, and in CPython.

use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::python::python_or_skip;
use workbook_tests::root;

use crate::program::{Program, program, to_json};
use crate::{model, program as ours};

/// How many programs CPython runs.
fn programs() -> usize {
    quick_or_full(200, 2000)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: quick_or_full(300, 3000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_order_is_the_models(program in program()) {
        prop_assert_eq!(ours::run(&program), model::run(&program));
    }
}

#[test]
fn the_order_is_cpythons() {
    let Some(python) = python_or_skip() else {
        return;
    };
    let mut runner = TestRunner::deterministic();
    let programs: Vec<Program> = (0..programs())
        .map(|_| program().new_tree(&mut runner).unwrap().current())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programs.jsonl");
    let mut lines = String::new();
    for program in &programs {
        writeln!(lines, "{}", to_json(program)).unwrap();
    }
    fs::write(&file, lines).unwrap();
    let mut command = python.command();
    command
        .args(["run.py", "random_programs.py"])
        .env("PROGRAMS", &file);
    let found =
        run_limited(command.current_dir(root().join("tests/asyncio")), LIMIT).unwrap();
    assert!(found.status.success(), "{}", found.stderr);
    // Programs that do nothing would prove nothing.
    let events = found.stdout.lines().count();
    assert!(events > 40 * programs.len(), "only {events} events");
    let mut theirs = found.stdout.split("program ").skip(1);
    for (number, program) in programs.iter().enumerate() {
        let theirs = theirs.next().expect("a log for each program");
        let ours = format!("{number}\n{}", ours::run(program));
        assert_eq!(ours, theirs, "ours, then CPython's, of {program:?}");
    }
}
