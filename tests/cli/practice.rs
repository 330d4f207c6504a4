//! Holes cut and filled, and what a reader sees of it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use workbook::Workbook;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::reader::Reader;

const HEAP: &str = "chapters/02-event-loop/src/heap.rs";

/// Cuts a hole, fills it, and takes ours back.
pub fn session(reader: &Reader) -> Result<String> {
    let ours = reader.read(HEAP)?;
    let mut seen =
        reader.session(&["practice 2", "practice 2 push", "practice 2 push"])?;
    let cut = reader.read(HEAP)?;
    let todo = cut.lines().find(|line| line.contains("todo!("));
    let todo = todo.context("nothing was cut")?;
    reader.edit(HEAP, todo, "        self.mine(deadline, value)")?;
    let mine = reader.read(HEAP)?;
    seen += &reader.session(&["practice 2", "practice 2 push", "practice 2 all"])?;
    ensure!(
        reader.read(HEAP)? == mine,
        "practice changed what it refused"
    );
    seen += &reader.session(&["solve 2 push", "solve 2 push", "practice 2"])?;
    ensure!(reader.read(HEAP)? == ours, "solve did not bring ours back");
    let kept = reader.read(".workbook/mine/02-event-loop/push.rs")?;
    ensure!(kept == "        self.mine(deadline, value)\n", "{kept}");
    Ok(seen)
}

/// Cuts all holes of a chapter; they come back byte for byte.
pub fn all_holes(reader: &Reader, number: u32) -> Result<()> {
    let before = texts(reader, number)?;
    let finished = reader.types(&format!("practice {number} all"))?;
    ensure!(finished.status.success(), "{finished:?}");
    let workbook = Workbook::open(&reader.folder)?;
    let holes = workbook.chapter(number).context("no chapter")?.holes()?;
    ensure!(!holes.is_empty(), "chapter {number} has no holes");
    ensure!(holes.iter().all(|hole| hole.is_cut()), "{holes:?}");
    let finished = reader.types(&format!("solve {number}"))?;
    ensure!(finished.status.success(), "{finished:?}");
    ensure!(
        texts(reader, number)? == before,
        "chapter {number} is not as it was"
    );
    Ok(())
}

/// The texts of the files of a chapter that have holes.
fn texts(reader: &Reader, number: u32) -> Result<Vec<String>> {
    let workbook = Workbook::open(&reader.folder)?;
    let holes = workbook.chapter(number).context("no chapter")?.holes()?;
    let texts = holes.iter().map(|hole| Ok(fs::read_to_string(&hole.file)?));
    texts.collect()
}

/// What was cut out is gone from where it was kept: without git nobody has it, with git it comes from there.
/// `None` if there is no git.
pub fn original_lost(reader: &Reader) -> Result<Option<String>> {
    let ours = reader.read(HEAP)?;
    reader.types("practice 2 push")?;
    fs::remove_dir_all(reader.folder.join(".workbook"))?;
    let cut = reader.read(HEAP)?;
    let mut seen = reader.session(&["solve 2 push"])?;
    ensure!(reader.read(HEAP)? == cut, "solve changed what it refused");
    reader.write(HEAP, &ours)?;
    if !commit(reader)? {
        return Ok(None);
    }
    reader.types("practice 2 push")?;
    fs::remove_dir_all(reader.folder.join(".workbook"))?;
    seen += &reader.session(&["solve 2 push"])?;
    ensure!(
        reader.read(HEAP)? == ours,
        "git's version did not come back"
    );
    Ok(Some(seen))
}

/// A file that was changed since the last commit, outside its holes and inside one, is not touched.
pub fn changed_file(reader: &Reader) -> Result<String> {
    let ours = reader.read(HEAP)?;
    let mut seen = String::new();
    for changed in [
        format!("{ours}\n// Mine.\n"),
        ours.replacen("// end hole", "// Mine.\n        // end hole", 1),
    ] {
        ensure!(changed != ours, "nothing was changed");
        reader.write(HEAP, &changed)?;
        seen += &reader.session(&["practice 2 push", "practice 2 all"])?;
        ensure!(
            reader.read(HEAP)? == changed,
            "practice changed what it refused"
        );
        let kept = reader.folder.join(".workbook");
        ensure!(!kept.exists(), "something was kept");
    }
    Ok(seen)
}

/// Commits everything in the reader's workspace; false if there is no git.
pub fn commit(reader: &Reader) -> Result<bool> {
    if Command::new("git").arg("--version").output().is_err() {
        return Ok(false);
    }
    for line in ["init --quiet", "add .", "commit --quiet --message=All"] {
        let mut git = Command::new("git");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(name);
        }
        for setting in [
            "user.name=A",
            "user.email=a@example.org",
            "commit.gpgsign=false",
            "core.hooksPath=none",
        ] {
            git.args(["-c", setting]);
        }
        git.args(line.split(' ')).current_dir(&reader.folder);
        let finished = run_limited(&mut git, LIMIT)?;
        ensure!(finished.status.success(), "git {line}: {finished:?}");
    }
    Ok(true)
}
