//! What goes to the terminal: styles, the width, and lines that fit it.
//!
//! Everything is rendered to a string first, with its styles; [`print()`] strips them where nobody would see them.

use anstyle::{AnsiColor, Style};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use textwrap::core::display_width;

/// What matches.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// What does not.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// What is worth a second look.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// What can be typed.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What stands aside.
pub(crate) const DIM: Style = Style::new().dimmed();

/// `text` in `style`.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Lines wider than this are hard to read, however wide the terminal.
const WIDEST: usize = 100;
const NARROWEST: usize = 20;

/// How many columns text may have: as many as there are, within reason.
pub(crate) fn width() -> usize {
    columns().clamp(NARROWEST, WIDEST)
}

/// How many columns there are: the terminal's, else what `COLUMNS` says, else 80.
pub(crate) fn columns() -> usize {
    let stdout = io::stdout();
    let columns = if stdout.is_terminal() {
        terminal_size::terminal_size_of(stdout).map(|(width, _)| usize::from(width.0))
    } else {
        std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok())
    };
    columns.unwrap_or(80)
}

/// Writes `text` to standard output, without its styles where they are not wanted (a pipe, `NO_COLOR`).
///
/// # Errors
///
/// If it cannot be written. A reader that went away is an error too, which ends the command quietly.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes `text` to standard error, in the same way. Nobody can be told if that fails.
pub(crate) fn complain(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// `error: why`, wrapped where a terminal would break words. More than a line is somebody else's, and stays as it is.
pub(crate) fn error(why: &str) -> String {
    let first = format!("{} ", styled(RED.bold(), "error:"));
    let stderr = io::stderr();
    let columns = match stderr.is_terminal() && !why.contains('\n') {
        true => terminal_size::terminal_size_of(stderr),
        false => None,
    };
    match columns {
        Some((columns, _)) => {
            let columns = usize::from(columns.0).clamp(NARROWEST, WIDEST);
            let options = textwrap::Options::new(columns)
                .initial_indent(&first)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            textwrap::fill(why, options) + "\n"
        }
        None => format!("{first}{why}\n"),
    }
}

/// `text` cut to `width` columns, with `…` at the end if something is missing: after a word if there is one to end
/// at.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_string();
    }
    let mut short = String::new();
    for letter in text.chars() {
        short.push(letter);
        if display_width(&short) >= width {
            short.pop();
            break;
        }
    }
    let word = short.rfind(' ').filter(|end| end * 3 > short.len() * 2);
    format!("{}…", short[..word.unwrap_or(short.len())].trim_end())
}

/// `text` wrapped to `width` columns: its first line after `first`, the others indented as far. Where that would
/// leave a narrow column, it begins on a line of its own.
pub(crate) fn hang(first: &str, text: &str, width: usize) -> String {
    let mut indent = display_width(first);
    let mut block = first.to_string();
    if indent * 5 > width * 2 {
        block = format!("{}\n", first.trim_end());
        indent = 4 + first.len() - first.trim_start().len();
        block += &" ".repeat(indent);
    }
    // Paths and commands keep their hyphens to themselves.
    let options = textwrap::Options::new(width.saturating_sub(indent).max(1))
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options);
    block += &lines.join(&format!("\n{}", " ".repeat(indent)));
    block.push('\n');
    block
}

/// `path` below `root`, as it is written on every system.
pub(crate) fn below(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

/// `1 program`, `2 programs`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_line_fits() {
        assert_eq!(cut("taxi", 4), "taxi");
        assert_eq!(cut("taxi A is home", 13), "taxi A is…");
        assert_eq!(cut("taxi A is home", 10), "taxi A is…");
        assert_eq!(cut("a-long-word", 8), "a-long-…");
        // Letters that take two columns.
        assert_eq!(cut("出租车来了", 7), "出租车…");
    }

    #[test]
    fn wrapped_lines_hang_below_the_first() {
        let block = hang("  taxi  ", "three taxis drive through the night", 28);
        assert_eq!(
            block,
            "  taxi  three taxis drive\n        through the night\n"
        );
        let block = hang("open ", "the file 02-event-loop/heap.rs", 28);
        assert_eq!(block, "open the file\n     02-event-loop/heap.rs\n");
    }
}
