//! What somebody gets who builds on a chapter and wants none of its programs: `default-features = false`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use catalogue::Chapter;
use workbook_tests::chapters::{cargo, workbook};
use workbook_tests::process::{BUILD_LIMIT, LIMIT, run_limited};
use workbook_tests::root;

use crate::assert_none;

/// What the runtime is made of, beside its chapters.
const ANYBODY: [&str; 3] = ["trace", "pin-project-lite", "futures-core"];

/// The packages that a chapter brings, with all that they link, and the chapter.
const GUESTS: [(&str, &str); 6] = [
    ("mio", "ch07-readiness"),
    ("futures-io", "ch12-net"),
    ("socket2", "ch12-net"),
    ("rustix", "ch12-net"),
    ("rustix", "ch15-processes"),
    ("signal-hook", "ch15-processes"),
];

/// The names of the packages that `package` links, its own among them.
fn linked(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    let mut tree = cargo(&root());
    tree.args(["tree", "--offline", "--locked", "--edges", "normal"]);
    tree.args(["--prefix", "none", "--package", package]);
    let finished = run_limited(tree.args(arguments), LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let lines = finished.stdout.lines();
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names.map(str::to_string).collect()
}

/// What each guest links: asked once, since every answer takes cargo a moment.
static WITH_GUESTS: LazyLock<BTreeMap<&str, BTreeSet<String>>> =
    LazyLock::new(|| GUESTS.map(|(guest, _)| (guest, linked(guest, &[]))).into());

/// What each part of the runtime links without its programs, likewise.
static PARTS: LazyLock<BTreeMap<&str, BTreeSet<String>>> = LazyLock::new(|| {
    let bare = |it: &'static Chapter| linked(&it.package, &["--no-default-features"]);
    parts().iter().map(|it| (&*it.package, bare(it))).collect()
});

/// The packages that nobody who builds on `chapter` asked for.
fn uninvited(chapter: &Chapter, linked: &BTreeSet<String>) -> BTreeSet<String> {
    let mut invited: BTreeSet<String> = ANYBODY.map(String::from).into();
    let chapters = workbook().unwrap().chapters.iter();
    let lower = chapters.filter(|it| it.number <= chapter.number);
    invited.extend(lower.map(|it| it.package.clone()));
    let brought = GUESTS.iter().filter(|(_, by)| linked.contains(*by));
    invited.extend(brought.flat_map(|(guest, _)| WITH_GUESTS[guest].clone()));
    linked.difference(&invited).cloned().collect()
}

/// The chapters that the runtime is made of. Those that use it may link what they like.
fn parts() -> &'static [Chapter] {
    workbook().unwrap().parts_and_users().0
}

#[test]
fn a_chapters_library_links_chapters_and_little_else() {
    let mut broken = Vec::new();
    for chapter in parts() {
        for name in uninvited(chapter, &PARTS[&*chapter.package]) {
            broken.push(format!("{} links {name}", chapter.slug));
        }
    }
    assert_none(
        "with `default-features = false`: what only programs need is for the feature `programs`",
        broken,
    );
}

/// The finished runtime without features: what its chapters link, and itself.
#[test]
fn taxi_links_what_its_chapters_do() {
    let mut theirs: BTreeSet<String> = PARTS.values().flatten().cloned().collect();
    theirs.insert("taxi".to_string());
    let own = linked("taxi", &[]);
    let more = own.difference(&theirs);
    assert_none("an adapter is behind a feature", more.cloned().collect());
    let guests = GUESTS.iter().filter(|(guest, _)| !own.contains(*guest));
    assert_none("gone", guests.map(|(guest, _)| guest.to_string()).collect());
}

/// A program on our runtime must not bring another one with it.
#[test]
fn a_user_of_the_runtime_links_no_other() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().parts_and_users().1 {
        let others = ["async-std", "async-executor", "axum", "smol", "tower"];
        let linked = linked(&chapter.package, &[]);
        let found = others.into_iter().filter(|it| linked.contains(*it));
        broken.extend(found.map(|it| format!("{} links {it}", chapter.slug)));
        let features = features(&chapter.package, "tokio");
        let runtime = ["rt", "net", "time", "process", "signal"];
        let found = runtime.into_iter().filter(|it| features.contains(*it));
        broken.extend(found.map(|it| format!("{} links tokio's {it}", chapter.slug)));
    }
    assert_none("there is one runtime", broken);
}

/// The features of `of` that `package` asks for; none if it does not link it.
fn features(package: &str, of: &str) -> BTreeSet<String> {
    let mut tree = cargo(&root());
    tree.args(["tree", "--offline", "--locked", "--edges", "normal"]);
    tree.args([
        "--prefix",
        "none",
        "--package",
        package,
        "--format",
        "{p}|{f}",
    ]);
    let finished = run_limited(&mut tree, LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let is_it = |line: &&str| line.split_whitespace().next() == Some(of);
    let lines = finished.stdout.lines().filter(is_it);
    let features = lines.filter_map(|line| line.split_once('|'));
    let features = features.flat_map(|(_, features)| features.split([',', ' ']));
    features.map(str::to_string).collect()
}

#[test]
fn without_its_recorder_the_trace_links_nothing() {
    assert_eq!(
        linked("trace", &["--no-default-features"]),
        BTreeSet::from(["trace".to_string()])
    );
}

#[test]
fn a_chapters_library_compiles_without_its_programs() {
    let mut check = cargo(&root());
    check.args(["check", "--offline", "--locked", "--quiet"]);
    check.arg("--no-default-features");
    for chapter in &workbook().unwrap().chapters {
        check.args(["--package", &chapter.package]);
    }
    let finished = run_limited(&mut check, BUILD_LIMIT).unwrap();
    // Nor may anything be left that only its programs have used.
    assert!(finished.stderr.is_empty(), "{}", finished.stderr);
    assert!(finished.status.success());
}
