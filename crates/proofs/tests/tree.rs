//! What is linked: others' protocols, and nobody's runtime.

use std::collections::BTreeMap;

use workbook_tests::chapters::cargo;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::root;

/// Runtimes, and what they are made of.
const RUNTIMES: [&str; 12] = [
    "actix-rt",
    "async-executor",
    "async-global-executor",
    "async-io",
    "async-net",
    "async-std",
    "compio",
    "embassy-executor",
    "futures-executor",
    "glommio",
    "monoio",
    "smol",
];

/// What may be used of tokio: its traits, its channels, and functions on both.
const OF_TOKIO: [&str; 4] = ["bytes", "default", "io-util", "sync"];

/// The packages that the proofs link, each with its features.
fn linked() -> BTreeMap<String, Vec<String>> {
    let mut tree = cargo(&root());
    tree.args(["tree", "--offline", "--locked", "--package", "proofs"]);
    tree.args(["--edges", "normal,dev", "--prefix", "none"]);
    tree.args(["--no-dedupe", "--format", "{p} features={f}"]);
    let finished = run_limited(&mut tree, LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let mut linked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in finished.stdout.lines() {
        let Some((package, features)) = line.split_once("features=") else {
            continue;
        };
        let name = package.split_whitespace().next().unwrap();
        let features = features.split(',').filter(|it| !it.is_empty());
        let all = linked.entry(name.to_string()).or_default();
        all.extend(features.map(str::to_string));
    }
    linked
}

#[test]
fn there_is_no_other_runtime() {
    let linked = linked();
    for proof in ["hyper", "h2", "rustls", "tungstenite", "tokio-postgres"] {
        assert!(linked.contains_key(proof), "{proof} is not there");
    }
    let others = RUNTIMES.into_iter().filter(|it| linked.contains_key(*it));
    assert_eq!(others.collect::<Vec<_>>(), [""; 0]);
    let mut features = linked["tokio"].clone();
    features.retain(|it| !OF_TOKIO.contains(&it.as_str()));
    assert_eq!(features, [""; 0], "of tokio");
}
