//! What `cargo package` makes of the finished runtime: its package, those of its chapters, and the two that these need. No
//! registry is written to, and none is asked.
//!
//! A package may have no file that lies outside its folder. The chapters share their build script, which finds a reader's
//! own programs; so this is done in a copy, in which each has a copy of it.

use std::path::Path;

use workbook_tests::chapters::{cargo, workbook};
use workbook_tests::copy::{Copy, workspace};
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::root;

const SHARED: &str = "build = \"../../crates/chapter/mine.rs\"";
const OWN: &str = "build = \"mine.rs\"";

#[test]
fn cargo_packages_the_finished_runtime() {
    let mut files = workspace().unwrap();
    let script = files[Path::new("crates/chapter/mine.rs")].clone();
    let mut names = vec!["taxi", "trace", "chapter"];
    for chapter in &workbook().unwrap().chapters {
        let dir = chapter.dir.strip_prefix(root()).unwrap();
        let manifest = files.get_mut(&dir.join("Cargo.toml")).unwrap();
        let text = String::from_utf8(manifest.clone()).unwrap();
        assert!(text.contains(SHARED), "{}", chapter.slug);
        *manifest = text.replace(SHARED, OWN).into_bytes();
        files.insert(dir.join("mine.rs"), script.clone());
        names.push(&chapter.package);
    }
    let copy = Copy::make(&root().join("target/package"), &files).unwrap();
    let mut package = cargo(&copy.folder);
    package.args(["package", "--offline", "--allow-dirty"]);
    // Both would ask the registry for packages that are not there.
    package.args(["--no-verify", "--exclude-lockfile"]);
    package.env("CARGO_TARGET_DIR", copy.target());
    for name in &names {
        package.args(["--package", name]);
    }
    let finished = run_limited(&mut package, LIMIT).unwrap();
    assert!(finished.status.success(), "{}", finished.stderr);
    let packaged = finished.stderr.matches(" Packaged ").count();
    assert_eq!(packaged, names.len(), "{}", finished.stderr);
    // All that a registry asks for but the address of a home, which it has not got.
    let home = "manifest has no documentation, homepage or repository";
    let stderr = finished.stderr.replace(home, "");
    assert!(!stderr.contains("manifest has no "), "{stderr}");
}
