//! What was expected and what came, line by line.

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};
use std::fmt::Write as _;
use std::time::Duration;

use super::term::{CYAN, DIM, GREEN, RED, styled};

/// More than this of a diff does not help anybody.
const MOST_LINES: usize = 120;

/// The difference between two texts, with `-` before what was expected and `+` before what came.
pub(crate) fn diff(expected: &str, came: &str) -> String {
    // Insta does not keep the line feeds at the end, so they are no difference.
    let [expected, came] =
        [expected, came].map(|text| match text.trim_end_matches('\n') {
            "" => String::new(),
            text => format!("{text}\n"),
        });
    let diff = TextDiff::configure()
        .timeout(Duration::from_secs(2))
        .diff_lines(&expected, &came);
    let mut lines = vec![styled(RED, "- expected"), styled(GREEN, "+ yours")];
    for hunk in diff.grouped_ops(3) {
        let header = UnifiedHunkHeader::new(&hunk).to_string();
        lines.push(styled(CYAN, header.trim_end()));
        for op in hunk {
            lines.extend(shortened(diff.iter_inline_changes(&op)));
        }
    }
    if lines.len() > MOST_LINES {
        let rest = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(styled(DIM, format!("… {rest} more lines")));
    }
    lines.join("\n") + "\n"
}

/// The lines of one change. Of many that only went or only came, the first: who stops at once lacks all the others.
fn shortened<'a>(
    changes: impl Iterator<Item = similar::InlineChange<'a, str>>,
) -> Vec<String> {
    const SHOWN: usize = 6;
    let changes: Vec<_> = changes.collect();
    let mut lines = Vec::new();
    for run in changes.chunk_by(|one, next| one.tag() == next.tag()) {
        let is_long = run.len() > SHOWN + 1 && run[0].tag() != ChangeTag::Equal;
        let shown = if is_long { SHOWN } else { run.len() };
        lines.extend(run[..shown].iter().map(line));
        if is_long {
            let (sign, style) = match run[0].tag() {
                ChangeTag::Delete => ('-', RED),
                _ => ('+', GREEN),
            };
            let rest = format!("… {} more lines", run.len() - shown);
            lines.push(styled(style, format!("{sign} ")) + &styled(DIM, rest));
        }
    }
    lines
}

/// One line: what changed within it is underlined.
fn line(change: &similar::InlineChange<'_, str>) -> String {
    let (sign, style) = match change.tag() {
        ChangeTag::Delete => ('-', RED),
        ChangeTag::Insert => ('+', GREEN),
        ChangeTag::Equal => {
            let text: String = change.iter_strings_lossy().map(|(_, it)| it).collect();
            return format!("  {}", text.trim_end_matches('\n'));
        }
    };
    let mut line = styled(style, format!("{sign} "));
    for (emphasised, text) in change.iter_strings_lossy() {
        let style = if emphasised { style.underline() } else { style };
        let _ = write!(line, "{style}{}{style:#}", text.trim_end_matches('\n'));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_changed_line_is_shown_with_its_surroundings() {
        let expected = "1\n2\n3\n4\n5\ntaxi A is home\n";
        let came = "1\n2\n3\n4\n5\ntaxi B is home";
        let wanted = "- expected\n+ yours\n@@ -3,4 +3,4 @@\n  3\n  4\n  5\n\
                      - taxi A is home\n+ taxi B is home\n";
        assert_eq!(plain(&diff(expected, came)), wanted);
    }

    #[test]
    fn a_long_difference_is_shortened() {
        let came: String = (0..1000).map(|n| format!("{n}\n")).collect();
        let text = plain(&diff("", &came));
        assert_eq!(text.lines().count(), 3 + 6 + 1);
        assert!(text.ends_with("… 994 more lines\n"));
        // Changes far from one another, of which each is short.
        let every = |end: char| -> String {
            let line = |n| format!("{n}{}\n", if n % 10 == 0 { end } else { ' ' });
            (0..1000).map(line).collect()
        };
        let text = plain(&diff(&every('a'), &every('b')));
        assert_eq!(text.lines().count(), MOST_LINES + 1);
        assert!(text.ends_with("more lines\n"));
    }
}
