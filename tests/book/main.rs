//! The book: the real one keeps all rules, and each rule can be broken.

mod at_once;
mod attacks;
mod directives;
mod fixture;
mod links;
mod looks;
mod measured;
mod pictures;
mod plan;
mod rules;
mod serve;
mod stock;
mod traces;

use workbook_tests::root;

#[test]
fn the_book_has_no_problems() {
    let out = tempfile::tempdir().unwrap();
    let built = pages::build(&root(), &out.path().join("book")).unwrap();
    let problems: Vec<String> = built.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    assert!(built.dir.join("index.html").is_file());
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
