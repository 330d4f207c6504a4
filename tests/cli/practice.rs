//! Holes cut and filled, and what a reader sees of it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use catalogue::Workbook;
use workbook_tests::chapters::cargo;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::reader::Reader;

const HEAP: &str = "chapters/02-event-loop/src/heap.rs";

/// Cuts a hole, fills it, and takes ours back.
pub(crate) fn session(reader: &Reader) -> Result<String> {
    let ours = reader.read(HEAP)?;
    let mut seen =
        reader.session(&["practice 2", "practice 2 push", "practice 2 push"])?;
    let cut = reader.read(HEAP)?;
    let todo = cut.lines().find(|line| line.contains("todo!("));
    let todo = todo.context("nothing was cut")?;
    let at = cut.lines().position(|line| line == todo).context("it")? + 1;
    for line in ["practice 2", "practice 2 push"] {
        let said = reader.types(line)?.stdout;
        ensure!(said.contains(&format!("{HEAP}:{at}\n")), "{line}: {said}");
    }
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
pub(crate) fn all_holes(reader: &Reader, number: u32) -> Result<()> {
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

/// Holes that are cut stay so when the files are formatted. False if there is no rustfmt.
pub(crate) fn formatted(reader: &Reader) -> Result<bool> {
    let mut fmt = cargo(&reader.folder);
    if !run_limited(fmt.args(["fmt", "--version"]), LIMIT)?
        .status
        .success()
    {
        return Ok(false);
    }
    for number in [1, 2] {
        let finished = reader.types(&format!("practice {number} all"))?;
        ensure!(finished.status.success(), "{finished:?}");
    }
    let mut fmt = cargo(&reader.folder);
    fmt.args(["fmt", "--all"]).env("CARGO_NET_OFFLINE", "true");
    let finished = run_limited(&mut fmt, LIMIT)?;
    ensure!(finished.status.success(), "{finished:?}");
    for chapter in Workbook::open(&reader.folder)?.chapters {
        for hole in chapter.holes()? {
            ensure!(hole.is_cut(), "{}: {}", hole.name, hole.body);
        }
    }
    Ok(true)
}

/// The texts of the files of a chapter that have holes.
fn texts(reader: &Reader, number: u32) -> Result<Vec<String>> {
    let workbook = Workbook::open(&reader.folder)?;
    let holes = workbook.chapter(number).context("no chapter")?.holes()?;
    let texts = holes.iter().map(|hole| Ok(fs::read_to_string(&hole.file)?));
    texts.collect()
}

/// What was kept of a hole is never lost, and never stands in for what was committed since.
pub(crate) fn kept_originals(reader: &Reader) -> Result<()> {
    let push = ".workbook/holes/02-event-loop/push.rs";
    let ours = reader.read(HEAP)?;
    reader.types("practice 2 push")?;
    let body = reader.read(push)?;
    ensure!(ours.contains(&body), "{body}");
    reader.types("solve 2 push")?;
    let forgotten = !reader.folder.join(push).exists();
    ensure!(forgotten, "kept although the code is back");
    reader.types("practice 2 push")?;
    // As `git checkout` would: what was kept stays.
    reader.write(HEAP, &ours)?;
    let edited = format!("        // Committed since.\n{body}");
    reader.write(HEAP, &ours.replacen(&body, &edited, 1))?;
    ensure!(commit(reader)?, "there was git");
    reader.types("practice 2 push")?;
    ensure!(reader.read(push)? == edited, "the old code is kept as ours");
    let before = reader.read(".workbook/holes/02-event-loop/push-2.rs")?;
    ensure!(before == body, "{before}");
    reader.types("solve 2 push")?;
    ensure!(
        reader.read(HEAP)?.contains(&edited),
        "the old code came back"
    );
    Ok(())
}

/// What was cut out is gone from where it was kept: without git nobody has it, with git it comes from there.
/// `None` if there is no git.
pub(crate) fn original_lost(reader: &Reader) -> Result<Option<String>> {
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
pub(crate) fn changed_file(reader: &Reader) -> Result<String> {
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
pub(crate) fn commit(reader: &Reader) -> Result<bool> {
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
