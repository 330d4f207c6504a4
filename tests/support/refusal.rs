//! Code that the compiler must refuse, and what it says.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};
use catalogue::{Chapter, refused};

use crate::chapters::Built;
use crate::process::{LIMIT, run_limited};

/// The compiler's errors about `file`, which may use what code of `chapter` may.
///
/// Each error is its code and message, then the lines that it points at: a mark under the text it means (`^`) or
/// mentions (`-`), and what it says there. Line numbers, notes and advice are left out: they change with every
/// edit and every compiler.
///
/// # Errors
///
/// If it compiles after all.
pub fn refusal(built: &Built, chapter: &Chapter, file: &Path) -> Result<String> {
    let out = tempfile::tempdir()?;
    let mut rustc = refused::command(chapter, file, &built.0);
    rustc
        .args(["--error-format=json", "--out-dir"])
        .arg(out.path());
    let finished = run_limited(&mut rustc, LIMIT)?;
    if finished.status.success() {
        bail!("{} compiles, and must not", file.display());
    }
    let mut errors: Vec<String> = Vec::new();
    for line in finished.stderr.lines() {
        let diagnostic: Diagnostic = serde_json::from_str(line)
            .with_context(|| format!("the compiler said: {line}"))?;
        if diagnostic.level == DiagnosticLevel::Error && !is_summary(&diagnostic) {
            let error = describe(&diagnostic)?;
            // The parser and the type checker may both complain of the same thing.
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
    if errors.is_empty() {
        bail!("refused without an error:\n{}", finished.stderr);
    }
    Ok(errors.join("\n"))
}

/// Whether this compiler is the one that the snapshots quote: the workspace's `rust-version`. Others may choose
/// other words, and only their [`codes`] can be compared.
///
/// # Errors
///
/// If the compiler cannot be asked.
pub fn compiler_is_quoted() -> Result<bool> {
    let version = run_limited(refused::rustc().arg("--version"), LIMIT)?.stdout;
    let quoted = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"), ".");
    Ok(version.starts_with(quoted))
}

/// The codes of the errors in a refusal, such as `error[E0507]`, a line each.
pub fn codes(refusal: &str) -> String {
    let codes = refusal
        .lines()
        .filter(|line| line.starts_with("error"))
        .filter_map(|line| line.split_once(": "));
    codes.map(|(code, _)| format!("{code}\n")).collect()
}

/// Whether this is `aborting due to 2 previous errors`.
fn is_summary(diagnostic: &Diagnostic) -> bool {
    diagnostic.spans.is_empty() && diagnostic.message.starts_with("aborting due to")
}

fn describe(diagnostic: &Diagnostic) -> Result<String> {
    let mut text = String::new();
    // Lints have names where errors have numbers; only the numbers can be looked up with `rustc --explain`.
    let code = diagnostic.code.as_ref().map(|code| &*code.code);
    match code.filter(|code| code.starts_with('E')) {
        Some(code) => writeln!(text, "error[{code}]: {}", diagnostic.message)?,
        None => writeln!(text, "error: {}", diagnostic.message)?,
    }
    let mut spans: Vec<&DiagnosticSpan> = diagnostic.spans.iter().collect();
    spans.retain(|span| span.is_primary || span.label.is_some());
    spans.sort_by_key(|span| (span.line_start, span.column_start));
    let mut before = None;
    for span in spans {
        let place = Some((span.line_start, span.column_start, span.column_end));
        let label = span.label.as_deref().filter(|label| !label.is_empty());
        let text_is_there = place == before;
        if !text_is_there {
            write_marked(&mut text, span)?;
        }
        if let Some(label) = label {
            text.truncate(text.trim_end_matches('\n').len());
            let join = if text_is_there { "; " } else { " " };
            writeln!(text, "{join}{}", without_places(label))?;
        }
        before = place;
    }
    Ok(text)
}

/// A closure's type is named by the file and the line where it stands.
fn without_places(label: &str) -> String {
    let mut pieces = label.split("{closure@");
    let mut text = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        text += "{closure}";
        text += piece.split_once('}').map_or("", |(_, rest)| rest);
    }
    text
}

/// The lines of a span without their indentation, a mark under what it means.
fn write_marked(text: &mut String, span: &DiagnosticSpan) -> Result<()> {
    let mark = if span.is_primary { "^" } else { "-" };
    for line in &span.text {
        let indent = line.text.len() - line.text.trim_start().len();
        let (start, end) = (line.highlight_start, line.highlight_end);
        let blank = " ".repeat(start.saturating_sub(1 + indent));
        let marks = mark.repeat(end.saturating_sub(start).max(1));
        writeln!(text, "    {}\n    {blank}{marks}", line.text.trim())?;
    }
    Ok(())
}
