//! The HTML of a listing, a transcript, a command.
//!
//! A blank line ends a block of HTML in Markdown, except within `<pre>`. So a figure is several blocks: its opening
//! and caption, a `<pre>` each, and its end.

use crate::directive::Lines;
use crate::html::escape;
use crate::listing::{LONGEST, Listing};

/// What a figure is, which decides how it looks and what its label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// The crate's own code, or a transcript of it.
    Plain,
    /// A program that fails, to be seen failing.
    Broken,
    /// What the compiler refuses.
    Refused,
    /// The Python twin.
    Python,
    /// The Python twin of a program that fails.
    BrokenPython,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Plain => "",
            Look::Broken => " broken",
            Look::Refused => " refused",
            Look::Python => " python",
            Look::BrokenPython => " python broken",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Look::Plain => "",
            Look::Broken => "<span class=\"label\">Wrong on purpose</span>",
            Look::Refused => "<span class=\"label\">Does not compile</span>",
            Look::Python => "<span class=\"label\">Python</span>",
            Look::BrokenPython => {
                "<span class=\"label\">Wrong on purpose, in Python</span>"
            }
        }
    }
}

/// A listing, captioned with its place. `href` leads to that line of the book's own copy of the file.
pub(crate) fn code(look: Look, listing: &Listing, href: &str) -> String {
    let language = match listing.file.rsplit_once('.') {
        Some((_, "rs")) => "language-rust",
        Some((_, "py")) => "language-python",
        Some((_, "diff")) => "language-diff",
        Some((_, "toml")) => "language-toml",
        _ => "nohighlight",
    };
    format!(
        "<figure class=\"listing{}\">\n<figcaption>{}<a href=\"{}\">{}:{}</a></figcaption>\n\n\
         <pre><code class=\"{language}\">{}</code></pre>\n\n</figure>\n",
        look.class(),
        look.label(),
        escape(href),
        escape(&listing.file),
        listing.first,
        escape(&listing.text()),
    )
}

/// A command, to be copied. It is the whole of its line but for the prompt, which is drawn.
pub(crate) fn command(command: &str) -> String {
    format!(
        "<figure class=\"terminal command\">\n\n{}\n\n</figure>\n",
        prompt(command)
    )
}

fn prompt(command: &str) -> String {
    format!(
        "<pre class=\"prompt\"><code class=\"nohighlight\">{}</code></pre>",
        escape(command)
    )
}

/// What a program printed.
pub(crate) struct Output<'a> {
    /// How it looks.
    pub look: Look,
    /// The figure's name in links, if it is the first of its program on the page.
    pub id: Option<String>,
    /// What was typed.
    pub command: &'a str,
    /// What it printed.
    pub lines: &'a [String],
    /// Which of them are shown; all if there are none.
    pub ranges: &'a [Lines],
    /// The status it ends with.
    pub exit: i32,
}

impl Output<'_> {
    /// The figure, and how many lines of output stand open in it.
    ///
    /// # Errors
    ///
    /// If a range is past the end, or overlaps the one before it.
    pub(crate) fn figure(&self) -> Result<(String, usize), String> {
        let (shown, count) = excerpt(self.lines, self.ranges)?;
        let id = self.id.as_ref();
        let id = id.map_or_else(String::new, |id| format!(" id=\"{}\"", escape(id)));
        let mut html = format!("<figure class=\"terminal{}\"{id}>\n", self.look.class());
        if self.look == Look::Plain {
            html.push('\n');
        } else {
            html += &format!("<figcaption>{}</figcaption>\n\n", self.look.label());
        }
        html += &prompt(self.command);
        html += "\n\n";
        html += &output(&shown);
        if self.exit != 0 {
            html += &format!("\n\n<p class=\"status\">exit status {}</p>\n", self.exit);
        }
        if !self.ranges.is_empty() {
            html += &format!(
                "\n\n<details class=\"whole\"><summary>All {} lines</summary>\n\n{}\n\n</details>",
                self.lines.len(),
                output(&escape(&self.lines.join("\n")))
            );
        }
        html += "\n\n</figure>\n";
        Ok((html, count))
    }
}

/// The compiler's answer to a file that must not compile.
pub(crate) fn refusal(lines: &[String]) -> String {
    format!(
        "<figure class=\"terminal refused\">\n<figcaption><span class=\"label\">The compiler says</span></figcaption>\n\n\
         {}\n\n</figure>\n",
        output(&escape(&lines.join("\n")))
    )
}

/// What a sanitizer says to a draft.
pub(crate) fn report(lines: &[String]) -> String {
    format!(
        "<figure class=\"terminal broken report\">\n<figcaption><span class=\"label\">AddressSanitizer says</span></figcaption>\n\n\
         {}\n\n</figure>\n",
        output(&escape(&lines.join("\n")))
    )
}

/// What a reader's own program is to print.
pub(crate) fn goal(lines: &[String]) -> String {
    format!(
        "<figure class=\"terminal\">\n<figcaption><span class=\"label\">Your program prints</span></figcaption>\n\n\
         {}\n\n</figure>\n",
        output(&escape(&lines.join("\n")))
    )
}

fn output(html: &str) -> String {
    format!("<pre class=\"output\"><samp>{html}</samp></pre>")
}

/// The lines of `ranges`, as HTML, with a mark where others are left out; and their number.
fn excerpt(lines: &[String], ranges: &[Lines]) -> Result<(String, usize), String> {
    if ranges.is_empty() {
        return Ok((escape(&lines.join("\n")), lines.len()));
    }
    let (mut pieces, mut next, mut count) = (Vec::new(), 1, 0);
    for range in ranges {
        let last = range.last.unwrap_or(lines.len());
        if last > lines.len() || range.first > last {
            return Err(format!(
                "the transcript has {} lines, not {last}",
                lines.len()
            ));
        }
        if range.first < next {
            return Err(format!(
                "line {} is asked for twice; give the lines in order",
                range.first
            ));
        }
        pieces.extend(gap(range.first - next));
        pieces.push(escape(&lines[range.first - 1..last].join("\n")));
        count += last + 1 - range.first;
        next = last + 1;
    }
    pieces.extend(gap(lines.len() + 1 - next));
    Ok((pieces.join("\n"), count))
}

fn gap(lines: usize) -> Option<String> {
    match lines {
        0 => None,
        1 => Some("<span class=\"gap\">… 1 line …</span>".into()),
        _ => Some(format!("<span class=\"gap\">… {lines} lines …</span>")),
    }
}

/// Refuses a piece of code or of a transcript that is too long to be read in one piece.
///
/// # Errors
///
/// If it has more than [`LONGEST`] lines.
pub(crate) fn short_enough(
    what: &str,
    lines: usize,
    instead: &str,
) -> Result<(), String> {
    if lines > LONGEST {
        return Err(format!(
            "{what} has {lines} lines, and a page shows at most {LONGEST} in one piece: {instead}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(n: usize) -> Vec<String> {
        (1..=n).map(|n| format!("line {n}")).collect()
    }

    fn range(first: usize, last: impl Into<Option<usize>>) -> Lines {
        Lines {
            first,
            last: last.into(),
        }
    }

    #[test]
    fn an_excerpt_says_what_it_leaves_out() {
        let (html, count) = excerpt(&lines(9), &[range(1, 2), range(4, 5)]).unwrap();
        assert_eq!(
            html,
            "line 1\nline 2\n<span class=\"gap\">… 1 line …</span>\nline 4\nline 5\n\
             <span class=\"gap\">… 4 lines …</span>"
        );
        assert_eq!(count, 4);
        let (html, _) = excerpt(&lines(3), &[range(2, None)]).unwrap();
        assert_eq!(
            html,
            "<span class=\"gap\">… 1 line …</span>\nline 2\nline 3"
        );
    }

    #[test]
    fn lines_that_are_not_there_are_an_error() {
        assert!(excerpt(&lines(3), &[range(2, 4)]).is_err());
        assert!(excerpt(&lines(3), &[range(4, None)]).is_err());
        assert!(excerpt(&lines(9), &[range(3, 5), range(5, 6)]).is_err());
    }

    #[test]
    fn code_cannot_be_taken_for_markup() {
        let listing = Listing {
            file: "src/a.rs".into(),
            first: 3,
            last: 3,
            lines: vec!["let a: Vec<u8> = \"{{#include x}}\";".into()],
        };
        let html = code(Look::Plain, &listing, "sources/src/a.rs.md#L3");
        assert!(html.contains("Vec&lt;u8&gt;"), "{html}");
        assert!(!html.contains("{{"), "{html}");
    }
}
