//! Files that are put into the pages after mdBook has built them: whole libraries, and the copies of the sources.
//!
//! mdBook gets the files' names alone. So the search does not find each line twice, building takes no longer for them,
//! and the page on which the whole book is printed does without.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

use crate::html::escape;
use crate::listing::Listing;
use crate::sources;

/// What stands where the text of a file goes.
const OPENS: &str = "<code class=\"language-";
const NAMES: &str = "\" data-";
const CLOSES: &str = "\"></code>";

/// How a page of sources begins; it ends with the first `</div>` after it.
const SOURCE_PAGE: &str = "<div class=\"source-page\">";
/// What mdBook puts before a page that is printed.
const BREAK: &str =
    "<div style=\"break-before: page; page-break-before: always;\"></div>";

/// How a link within the printed page begins.
const HREF: &str = " href=\"#";

/// What stands after a page in the list of chapters where others are below it.
const FOLD: &str =
    "<a class=\"chapter-fold-toggle\"><div>❱</div></a></span><ol class=\"section\">";

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As in the page's listings: without its header, hooks and marks.
    Listing,
    /// As it is, with numbered lines.
    Source,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Listing => "listing",
            Kind::Source => "source",
        }
    }
}

/// What a page says where the text of `file` will stand.
pub(crate) fn place(language: &str, kind: Kind, file: &str) -> String {
    let (kind, file) = (kind.name(), escape(file));
    format!("{OPENS}{language}{NAMES}{kind}=\"{file}{CLOSES}")
}

/// Fills every page that was built in `out` with the files of the workbook at `root` that it names.
///
/// # Errors
///
/// If a page or a file cannot be read, or the page not be written.
pub(crate) fn all(root: &Path, out: &Path) -> Result<()> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        if path.is_dir() {
            all(root, &path)?;
        } else if path
            .extension()
            .is_some_and(|it| it == "html" || it == "js")
        {
            let html = fs::read_to_string(&path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let new = match (name.starts_with("toc"), name.ends_with(".js")) {
                (true, _) => without_their_list(&html),
                (false, true) => continue,
                _ if name == "print.html" => without_sources(&html),
                _ => filled(root, &html)?,
            };
            if new != html {
                fs::write(&path, new)?;
            }
        }
    }
    Ok(())
}

fn filled(root: &Path, html: &str) -> Result<String> {
    let (mut out, mut rest) = (String::new(), html);
    while let Some((before, after)) = rest.split_once(OPENS) {
        out += before;
        out += OPENS;
        rest = after;
        let Some((language, kind, file, after)) = read(after) else {
            continue;
        };
        let text = match kind {
            Kind::Listing => {
                let listing = Listing::whole(root, file).map_err(anyhow::Error::msg)?;
                escape(&listing.text())
            }
            Kind::Source => {
                let text = fs::read_to_string(root.join(file));
                sources::numbered(&text.with_context(|| file.to_string())?)
            }
        };
        out += &format!("{language}\">{text}</code>");
        rest = after;
    }
    Ok(out + rest)
}

/// The parts of what [`place`] made, after its beginning; `None` if this is other code.
fn read(after: &str) -> Option<(&str, Kind, &str, &str)> {
    let (language, after) = after.split_once('"')?;
    let after = after.strip_prefix(NAMES.strip_prefix('"')?)?;
    let (kind, after) = after.split_once("=\"")?;
    let kinds = [Kind::Listing, Kind::Source];
    let kind = kinds.into_iter().find(|it| it.name() == kind)?;
    let (file, after) = after.split_once(CLOSES)?;
    Some((language, kind, file, after))
}

/// The page on which the book is printed, less the copies of the sources, and less the links into them.
fn without_sources(html: &str) -> String {
    let mut pages = html.split(SOURCE_PAGE);
    let mut kept = pages.next().unwrap_or("").to_string();
    let mut gone = Vec::new();
    for page in pages {
        kept.truncate(kept.trim_end().trim_end_matches(BREAK).len());
        let (page, after) = page.split_once("</div>").unwrap_or((page, ""));
        gone.extend(ids(page));
        kept += after;
    }
    let mut parts = kept.split(HREF);
    let mut out = parts.next().unwrap_or("").to_string();
    for part in parts {
        let (id, after) = part.split_once('"').unwrap_or((part, ""));
        if gone.contains(&id) || is_line(id) {
            out += after;
        } else {
            out += HREF;
            out += part;
        }
    }
    out
}

/// The ids in `html` that was written here, without its being parsed.
pub(crate) fn ids(html: &str) -> impl Iterator<Item = &str> {
    let after = html.split(" id=\"").skip(1);
    after.filter_map(|rest| rest.split('"').next())
}

/// A built page less the copy of a source, and that copy, in which there is nothing but text and numbered lines.
pub(crate) fn without_source(html: &str) -> (String, &str) {
    let parts = html.split_once(SOURCE_PAGE).and_then(|(before, page)| {
        let (head, source) = page.split_once("<pre>")?;
        let (source, after) = source.split_once("</pre>")?;
        Some(([before, SOURCE_PAGE, head, after].concat(), source))
    });
    parts.unwrap_or_else(|| (html.to_string(), ""))
}

/// The list of chapters at the side, less the sources: each page builds that list as it is opened, and they are nine
/// of ten in it. They are on a page of their own.
fn without_their_list(html: &str) -> String {
    let parts = html
        .split_once("href=\"sources.html\"")
        .and_then(|(before, own)| Some((before, own.split_once("</a>")?)))
        .and_then(|(before, (own, below))| {
            let below = below.strip_prefix(FOLD)?.split_once("</ol>")?.1;
            Some(format!(
                "{before}href=\"sources.html\"{own}</a></span>{below}"
            ))
        });
    parts.unwrap_or_else(|| html.to_string())
}

/// The id of a line of source: `L12`. On one page with all others it would lead to the first of them.
fn is_line(id: &str) -> bool {
    let number = id.strip_prefix('L').unwrap_or("");
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_among_other_code() {
        let html = format!(
            "<code class=\"language-rust\">let x;</code>{}<p>",
            place("python", Kind::Source, "a/b.py")
        );
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("a")).unwrap();
        fs::write(root.path().join("a/b.py"), "1 < 2\n").unwrap();
        assert_eq!(
            filled(root.path(), &html).unwrap(),
            "<code class=\"language-rust\">let x;</code><code class=\"language-python\">\
             <a class=\"line\" id=\"L1\" data-n=\"1\"></a>1 &lt; 2\n</code><p>"
        );
        fs::remove_file(root.path().join("a/b.py")).unwrap();
        assert!(filled(root.path(), &html).is_err());
    }

    #[test]
    fn the_printed_book_has_no_sources() {
        let page = |id: &str| format!("{BREAK}{SOURCE_PAGE}<h1 id=\"{id}\">x</h1></div>");
        let links = "<a href=\"#a\">1</a><a href=\"#L7\">2</a><a href=\"#c\">3</a>";
        let html = format!("<p>{links}</p>{}{}<p>end</p>", page("a"), page("b"));
        assert_eq!(
            without_sources(&html),
            "<p><a>1</a><a>2</a><a href=\"#c\">3</a></p><p>end</p>"
        );
    }

    #[test]
    fn the_list_at_the_side_has_no_sources() {
        let item = |name: &str, below: &str| {
            format!("<li><span><a href=\"{name}.html\">{name}</a>{below}</li>")
        };
        let below = format!("{FOLD}{}</ol>", item("sources/a.rs", "</span>"));
        let list = |below: &str| {
            let sources = item("sources", below);
            let deep = format!("{FOLD}{}</ol>", item("01/deep", "</span>"));
            format!(
                "'<ol>{}{sources}{}</ol>'",
                item("01", &deep),
                item("end", "</span>")
            )
        };
        assert_eq!(without_their_list(&list(&below)), list("</span>"));
        assert_eq!(without_their_list("<ol></ol>"), "<ol></ol>");
    }
}
