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
        for change in hunk.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            lines.push(line(&change));
        }
    }
    if lines.len() > MOST_LINES {
        let rest = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(styled(DIM, format!("… {rest} more lines")));
    }
    lines.join("\n") + "\n"
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
        assert!(text.lines().count() <= MOST_LINES + 1);
        assert!(text.ends_with("more lines\n"));
    }
}
