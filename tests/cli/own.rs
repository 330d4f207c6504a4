//! What readers write themselves: programs of their own, and code in holes.

use std::fs;

use anyhow::{Context, Result, ensure};
use catalogue::Workbook;
use catalogue::ladders::{Entry, Ladder, MINE, Progress};
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::reader::{Reader, with_built_copy};

use crate::{fits, sees, with_files};

/// What readers write themselves is checked, and told from what is missing.
pub(crate) fn readers_own_programs() -> Result<()> {
    let reader = with_built_copy()?;
    let write = |name: &str, body: &str| reader.write_own_program(name, body);
    write("my_night", "trace::say!(\"dark\"); Ok(())")?;
    write("my_report", "trace::say!(\"all is well\"); Ok(())")?;
    write("my_wait", "loop { std::thread::park(); }")?;
    write("my_din", "loop { trace::say!(\"and\"); }")?;
    write("my_noise", "loop { eprintln!(\"and\"); }")?;
    write("my-lamp", "trace::say!(\"light\"); Ok(())")?;
    let lines = [
        "check 2 my_night",
        "check 2 my_wait --limit 1",
        "run 2 my-night",
        "run 2 my-lamp",
    ];
    sees("own-programs", &reader.session(&lines)?)?;
    let report = reader.types("check 2 my-report")?;
    ensure!(report.status.code() == Some(1), "{report:?}");
    ensure!(report.stdout.contains("report.snap"), "{report:?}");
    ensure!(report.stdout.contains("+ all is well"), "{report:?}");
    for endless in ["my-din", "my-noise"] {
        let din = reader.types(&format!("check 2 {endless}"))?;
        ensure!(din.status.code() == Some(1), "{din:?}");
        let said = din.stdout.contains("stopped: it printed without end");
        ensure!(said, "{endless}: {}", din.stdout);
    }
    // The overview is about the workbook's own programs.
    let overview = reader.types("")?;
    ensure!(overview.status.success(), "{overview:?}");
    on_the_wall_clock(&reader)?;
    write("my_lamp_post", "light")?;
    for line in ["run 2 taxi", "check 2"] {
        let unlit = reader.types(line)?;
        ensure!(unlit.status.code() == Some(1), "{unlit:?}");
        let said = unlit.stdout.clone() + &unlit.stderr;
        let hint = "your my_lamp_post.rs does not compile: mend it, or move it away";
        ensure!(said.contains(hint), "{line}: {said}");
        let place = "--> chapters/02-event-loop/src/programs/my_lamp_post.rs:2:";
        ensure!(said.replace('\\', "/").contains(place), "{line}: {said}");
        ensure!(!said.contains("0 of 0"), "{line}: {said}");
    }
    write("my_lamp_post", "Ok(())")?;
    write("my_two lamps", "Ok(())")?;
    let unnamed = reader.types("check 1")?;
    ensure!(unnamed.status.success(), "{unnamed:?}");
    let unnamed = reader.types("check 2")?;
    ensure!(unnamed.status.code() == Some(1), "{unnamed:?}");
    let said = unnamed
        .stdout
        .contains("src/programs/my_two lamps.rs: a program's name");
    ensure!(said, "{unnamed:?}");
    Ok(())
}

/// A program takes `--real` if its header says that it keeps time; else it is said how.
fn on_the_wall_clock(reader: &Reader) -> Result<()> {
    let refused = reader.types("run 2 my-night --real")?;
    ensure!(refused.status.code() == Some(2), "{refused:?}");
    let said = "error: my-night does not take --real: its header has no line \
                `//! clock: virtual` (";
    ensure!(refused.stderr.starts_with(said), "{refused:?}");
    let clock = "//! clock: virtual\n\n\
                 pub fn run(args: &chapter::Args) -> Result<(), chapter::BadInput> {\n    \
                 trace::say!(\"real: {}\", args.real());\n    Ok(())\n}\n";
    reader.write("chapters/02-event-loop/src/programs/my_clock.rs", clock)?;
    let real = reader.types("run 2 my-clock --real")?;
    ensure!(real.stdout == "real: true\n", "{real:?}");
    let list = reader.types("list 2")?;
    ensure!(list.stdout.contains("my-clock"), "{list:?}");
    Ok(())
}

/// Who has opened the book is not told of it again; and a copy of the workspace, which lies where the last run left it,
/// is one in which nobody has.
pub(crate) fn the_book_was_read() -> Result<()> {
    let proposes = |reader: &Reader| -> Result<bool> {
        let seen = reader.types("")?;
        ensure!(seen.status.success(), "{seen:?}");
        Ok(seen.stdout.contains("cargo run -- read --open"))
    };
    let reader = with_built_copy()?;
    ensure!(proposes(&reader)?, "it was not read");
    reader.write("target/book/index.html", "the book")?;
    ensure!(!proposes(&reader)?, "it was read");
    drop(reader);
    ensure!(proposes(&*with_built_copy()?)?, "another reader has not");
    Ok(())
}

/// A hole that is open, a chapter that fails: what to do next is said. What a hole leaves unused is not.
pub(crate) fn what_next() -> Result<()> {
    let reader = with_built_copy()?;
    let cut = reader.types("practice 2 push")?;
    ensure!(cut.status.success(), "{cut:?}");
    let next = |wanted: &str| -> Result<()> {
        let seen = reader.types("")?;
        let next = seen.stdout.split_once("What next\n").context("no next")?.1;
        ensure!(next.starts_with(wanted), "{}", seen.stdout);
        ensure!(!next.contains("the book"), "{}", seen.stdout);
        Ok(())
    };
    let heap = "chapters/02-event-loop/src/heap.rs";
    let text = reader.read(heap)?;
    let at = text.lines().position(|line| line.contains("todo!("));
    let at = at.context("nothing was cut")? + 1;
    next(&format!(
        "  cargo run -- check 2 push  hole 2.1 push is open: heap.rs:{at}\n"
    ))?;
    let ran = reader.types("run 2 looking-at-all")?;
    ensure!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    reader.edit(heap, "todo!(\"2.1: push\")", "unimplemented!()")?;
    next("  cargo run -- check 2  what is wrong with 02\n")?;
    // A panic is blamed on who called; so the hole is named, too.
    let wrong = reader.types("check 2")?;
    let place = format!("  · hole 2.1 push holds your code: {heap}:{at}\n");
    ensure!(wrong.stdout.contains(&place), "{}", wrong.stdout);
    let solved = reader.types("solve 2 push")?;
    ensure!(solved.status.success(), "{solved:?}");
    let check = reader.types("check 2 taxi")?;
    let kept =
        "  · hole push is ours; yours is kept in .workbook/mine/02-event-loop/push.rs\n";
    ensure!(check.stdout.contains(kept), "{}", check.stdout);
    Ok(())
}

/// An open hole is a line before all that fails for it, and what fills it is a success with a next step. Whoever has
/// done something is led on from there.
pub(crate) fn open_hole() -> Result<()> {
    let reader = with_built_copy()?;
    let heap = "chapters/02-event-loop/src/heap.rs";
    let mut seen = reader.session(&["practice 2 push", "", "check 2", "check 2 push"])?;
    let body = reader.read(".workbook/holes/02-event-loop/push.rs")?;
    let todo = "        todo!(\"2.1: push\")\n";
    // A panic of the reader's own: the reason, and not the forty lines that did not come.
    reader.edit(heap, todo, "        panic!(\"no key\")\n")?;
    seen += &reader.session(&["check 2.1"])?;
    // As the page has it, and in the reader's own words.
    for filled in [body.clone(), format!("        // Mine.\n{body}")] {
        let text = reader.read(heap)?;
        let (before, rest) = text.split_once("// tried by: taxi").context("no hole")?;
        let (keys, rest) = rest.split_once('\n').context("no line")?;
        let (_, after) = rest.split_once("        // end hole").context("no end")?;
        let hole = format!("// tried by: taxi{keys}\n{filled}        // end hole");
        reader.write(heap, &format!("{before}{hole}{after}"))?;
        seen += &reader.session(&["check 2 push"])?;
    }
    // Where there are tests that see more, transcripts alone do not make it the reader's.
    reader.edit(
        heap,
        "// tried by: taxi",
        "// also: timers\n        // tried by: taxi",
    )?;
    seen += &reader.session(&["check 2 push", "progress"])?;
    // Which stays true when ours is back. Others that pass are no success of the reader's.
    reader.types("solve 2 push")?;
    seen += &reader.session(&["check 2 cancel"])?;
    let overview = reader.types("")?;
    let next = overview
        .stdout
        .split_once("What next\n")
        .context("no next")?;
    seen += next.1;
    sees("open-hole", &seen)
}

/// What the reader has done is drawn, and fits a narrow terminal.
pub(crate) fn progress() -> Result<()> {
    let (_folder, reader) = with_files()?;
    let shows = |lines: &[&str]| -> Result<()> {
        let mut command = reader.command("progress")?;
        let finished = run_limited(command.env("COLUMNS", "40"), LIMIT)?;
        ensure!(finished.status.success(), "{finished:?}");
        fits(&finished.stdout, 40)?;
        for wanted in lines {
            let mut lines = finished.stdout.lines();
            let is_there = lines.any(|line| line.starts_with(wanted));
            ensure!(is_there, "{wanted}:\n{}", finished.stdout);
        }
        Ok(())
    };
    shows(&[
        "  01 generators  □□□    □",
        "  02 event-loop  □□□",
        "0 of 6 holes, 0 of ",
        "  cargo run -- practice 1 countdown",
        "  cargo run -- mine 1",
    ])?;
    let cut = reader.types("practice 2 cancel")?;
    ensure!(cut.status.success(), "{cut:?}");
    shows(&["  02 event-loop  □◧□", "  cargo run -- solve 2 cancel"])?;
    let heap = "chapters/02-event-loop/src/heap.rs";
    reader.edit(heap, "todo!(\"2.2: cancel\")", "None")?;
    // The lowest that is untouched, since the later ones stand on it.
    shows(&[
        "  02 event-loop  □◧□",
        "  cargo run -- practice 1 countdown",
    ])?;
    // As `check` keeps what has passed.
    reader.write(".workbook/passed/02-event-loop/cancel.rs", "None\n")?;
    let workbook = Workbook::open(&reader.folder)?;
    let chapter = workbook.chapter(1).context("no chapter 1")?;
    let ladder = Ladder::of(chapter)?.context("no ladder")?;
    let first = ladder.rungs.first().context("no rung")?;
    let mut notes = Progress::read(&reader.folder)?;
    notes.set(
        first,
        Entry {
            done: true,
            hints: 0,
        },
    );
    fs::create_dir_all(reader.folder.join(MINE))?;
    notes.write(&reader.folder)?;
    shows(&[
        "  01 generators  □□□    ■",
        "  02 event-loop  □■□",
        "1 of 6 holes, 1 of ",
    ])
}

/// A hole filled by the reader, with every transcript as it was: the tests that see more are named.
pub(crate) fn what_no_transcript_sees() -> Result<()> {
    let reader = with_built_copy()?;
    let heap = "chapters/02-event-loop/src/heap.rs";
    let test = "      cargo test -q -p workbook-tests --test contracts\n";
    let text = reader.read(heap)?;
    let (_, hole) = text.split_once("// hole: push").context("no hole")?;
    let (keys, _) = hole.split_once("// end hole").context("no end")?;
    let key = keys.lines().find(|line| line.contains("// tried by: "));
    let key = key.context("tried by nobody")?.to_string();
    ensure!(!keys.contains("// also: "), "they stand there: {keys}");
    let also = format!("{key}\n        // also: contracts, models");
    reader.edit(heap, &key, &also)?;
    let ours = reader.types("check 2 taxi")?;
    ensure!(!ours.stdout.contains("cargo test"), "{}", ours.stdout);
    let cut = reader.types("practice 2 push")?;
    // Each on one line, however long: to be copied.
    let models = "RUSTFLAGS=\"--cfg loom\" CARGO_TARGET_DIR=target/loom \
                  cargo test --release -p ch02-event-loop --test models\n";
    for command in [test.trim_start(), models] {
        let named = cut.stdout.contains(&format!("  and by    {command}"));
        ensure!(named, "{}", cut.stdout);
    }
    let body = reader.read(".workbook/holes/02-event-loop/push.rs")?;
    let mine = format!("        // Mine.\n{body}");
    reader.edit(heap, "        todo!(\"2.1: push\")\n", &mine)?;
    let right = reader.types("check 2 taxi")?;
    ensure!(right.stdout.contains(test), "{}", right.stdout);
    ensure!(right.stdout.contains(models), "{}", right.stdout);
    // A program of the reader's own tries none.
    reader.write_own_program("my_lamp", "trace::say!(\"light\"); Ok(())")?;
    let lamp = reader.types("check 2 my-lamp")?;
    ensure!(!lamp.stdout.contains("cargo test"), "{}", lamp.stdout);
    // And what it fails for is no hole that it does not come to.
    reader.edit(heap, &mine, "        todo!(\"2.1: push\")\n")?;
    reader.write_own_program("my_lamp", "panic!(\"dark\")")?;
    let dark = reader.types("check 2 my-lamp")?;
    ensure!(dark.status.code() == Some(1), "{dark:?}");
    ensure!(!dark.stdout.contains("hole"), "{}", dark.stdout);
    Ok(())
}
