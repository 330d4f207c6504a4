//! What readers write themselves: programs of their own, and code in holes.

use anyhow::{Context, Result, ensure};
use workbook_tests::reader::with_built_copy;

use crate::sees;

/// What readers write themselves is checked, and told from what is missing.
pub fn readers_own_programs() -> Result<()> {
    let reader = with_built_copy()?;
    let write = |name: &str, body: &str| {
        let file = format!("chapters/02-event-loop/src/programs/{name}.rs");
        let run = "pub fn run(_: &chapter::Args) -> Result<(), chapter::BadInput>";
        reader.write(&file, &format!("{run} {{\n    {body}\n}}\n"))
    };
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

/// A hole that is open, a chapter that fails: what to do next is said. What a hole leaves unused is not.
pub fn what_next() -> Result<()> {
    let reader = with_built_copy()?;
    let cut = reader.types("practice 2 push")?;
    ensure!(cut.status.success(), "{cut:?}");
    let next = |wanted: &str| -> Result<()> {
        let seen = reader.types("")?;
        let next = seen.stdout.split_once("What next\n").context("no next")?.1;
        ensure!(next.starts_with(wanted), "{}", seen.stdout);
        ensure!(!next.contains("read the book"), "{}", seen.stdout);
        Ok(())
    };
    let heap = "chapters/02-event-loop/src/heap.rs";
    let text = reader.read(heap)?;
    let at = text.lines().position(|line| line.contains("todo!("));
    let at = at.context("nothing was cut")? + 1;
    next(&format!(
        "  cargo run -- check 2     hole 2.2 push is open: heap.rs:{at}\n"
    ))?;
    let ran = reader.types("run 2 looking-at-all")?;
    ensure!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    reader.edit(heap, "todo!(\"2.2: push\")", "unimplemented!()")?;
    next("  cargo run -- check 2     what is wrong with 02\n")?;
    let solved = reader.types("solve 2 push")?;
    ensure!(solved.status.success(), "{solved:?}");
    let check = reader.types("check 2 taxi")?;
    let kept =
        "  · hole push is ours; yours is kept in .workbook/mine/02-event-loop/push.rs\n";
    ensure!(check.stdout.contains(kept), "{}", check.stdout);
    Ok(())
}
