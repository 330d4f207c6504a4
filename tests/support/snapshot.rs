//! Comparing a text with its snapshot.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use similar::TextDiff;

use crate::root;

/// Compares `text` with the snapshot `tests/snapshots/<folder>/<name>.snap`.
///
/// insta does it: `INSTA_UPDATE=always` writes the snapshot, otherwise a difference is shown and is a failure,
/// and `CI=true` writes nothing at all.
///
/// # Errors
///
/// If they differ.
pub fn snapshot(folder: &str, name: &str, text: &str) -> Result<()> {
    // insta prints a difference in many pieces: one trial's at a time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut settings = insta::Settings::new();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(root().join("tests/snapshots").join(folder));
    let compared = catch_unwind(AssertUnwindSafe(|| {
        settings.bind(|| insta::assert_snapshot!(name, text));
    }));
    if compared.is_err() {
        bail!(
            "tests/snapshots/{folder}/{name}.snap says something else \
             (if this is right now: INSTA_UPDATE=always cargo test)"
        );
    }
    Ok(())
}

/// Whether this run writes snapshots instead of comparing with them.
pub fn updating() -> bool {
    env::var("INSTA_UPDATE").is_ok_and(|value| matches!(&*value, "always" | "force"))
}

/// What the snapshot `tests/snapshots/<folder>/<name>.snap` says.
///
/// # Errors
///
/// If there is none.
pub fn recorded(folder: &str, name: &str) -> Result<String> {
    let path = catalogue::snapshot_of(&root(), folder, name);
    let snapshot = catalogue::Snapshot::read(&path)?;
    let snapshot = snapshot.with_context(|| {
        format!("tests/snapshots/{folder}/{name}.snap does not exist yet")
    })?;
    Ok(snapshot.0)
}

/// Fails, and shows the lines that differ, unless `found` says what `wanted` does.
///
/// # Errors
///
/// If they differ. The line feeds at the end do not count, as in a snapshot.
pub fn same(wanted: (&str, &str), found: (&str, &str)) -> Result<()> {
    let [left, right] = [wanted.1, found.1].map(|text| text.trim_end_matches('\n'));
    if left == right {
        return Ok(());
    }
    let diff = TextDiff::from_lines(left, right);
    bail!(
        "{} and {} differ:\n{}",
        wanted.0,
        found.0,
        diff.unified_diff()
            .header(wanted.0, found.0)
            .missing_newline_hint(false)
    )
}
