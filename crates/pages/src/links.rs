//! Checking the built book: every link leads somewhere, and no page asks the network for anything.

use anyhow::{Context, Result};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use crate::fill;
use crate::problem::Problem;

/// A page of the built book.
#[derive(Default)]
struct Built {
    /// Its ids.
    ids: BTreeSet<String>,
    /// What it links to or loads.
    uses: Vec<Use>,
}

/// One link, or one thing that a page loads.
struct Use {
    url: String,
    /// Whether the browser fetches it without being asked.
    loaded: bool,
}

/// The links in `out` that lead nowhere, and what its pages and style sheets load from elsewhere.
///
/// A problem is put down to the page's Markdown below `root`, and to the line that has the link, where there is one.
///
/// # Errors
///
/// If a built file cannot be read.
pub(crate) fn broken(root: &Path, out: &Path) -> Result<Vec<Problem>> {
    let mut files = BTreeSet::new();
    walk(out, &mut files)?;
    let is = |file: &Path, kind| file.extension().is_some_and(|it| it == kind);
    let mut problems = Vec::new();
    for file in files.iter().filter(|it| is(it, "css")) {
        problems.extend(style_sheet(out, file)?);
    }
    let pages = files.iter().map(PathBuf::as_path);
    let pages: Vec<&Path> = pages.filter(|it| is(it, "html")).collect();
    let pages = read_all(&pages)?;
    for (file, page) in &pages {
        // Its base is the book's address, whatever that is: nothing in it is relative to the file.
        let missing_page = file.ends_with("404.html");
        for used in &page.uses {
            let local = local(&used.url);
            let wrong = match local {
                None if used.loaded => Some("is loaded from elsewhere".to_string()),
                Some((path, fragment)) if !missing_page => {
                    leads_nowhere(file, path, fragment, &files, &pages)
                }
                _ => None,
            };
            if let Some(wrong) = wrong {
                problems.push(blame(root, out, file, &used.url, &wrong));
            }
        }
    }
    Ok(problems)
}

fn leads_nowhere(
    file: &Path,
    path: &str,
    fragment: &str,
    files: &BTreeSet<PathBuf>,
    pages: &BTreeMap<&Path, Built>,
) -> Option<String> {
    let target = match path {
        "" => file.to_path_buf(),
        _ => join(file.parent().unwrap_or(file), path),
    };
    if !files.contains(&target) {
        return Some("leads to no file".into());
    }
    let page = pages.get(target.as_path())?;
    // What follows is for the script that plays a trace: `#trace-2-taxi:step=12`.
    let id = fragment.split_once(":step=").map_or(fragment, |(id, _)| id);
    let known = id.is_empty() || page.ids.contains(id);
    (!known).then(|| format!("has no `#{fragment}` to lead to"))
}

/// The path and the fragment of a link within the book; `None` if it leads out of it.
fn local(url: &str) -> Option<(&str, &str)> {
    let scheme = url.split(['/', '?', '#']).next().unwrap_or("");
    if scheme.contains(':') || url.starts_with("//") {
        return None;
    }
    let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
    Some((path.split('?').next().unwrap_or(path), fragment))
}

fn join(folder: &Path, path: &str) -> PathBuf {
    let mut full = folder.to_path_buf();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                full.pop();
            }
            "" => full.push("index.html"),
            name => full.push(name),
        }
    }
    full
}

/// Reads these pages on all cores: it takes as long as to build them.
fn read_all<'f>(files: &[&'f Path]) -> Result<BTreeMap<&'f Path, Built>> {
    let cores = thread::available_parallelism().map_or(1, |it| it.get());
    let parts = files.chunks(files.len().div_ceil(cores).max(1));
    let read_part = |files: &[&'f Path]| -> Result<Vec<_>> {
        let each = files.iter().map(|file| Ok((*file, read(file)?)));
        each.collect()
    };
    let parts: Vec<Result<Vec<_>>> = thread::scope(|scope| {
        let threads: Vec<_> = parts
            .map(|part| scope.spawn(move || read_part(part)))
            .collect();
        let ended = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().map(ended).collect()
    });
    let mut pages = BTreeMap::new();
    for part in parts {
        pages.extend(part?);
    }
    Ok(pages)
}

fn read(file: &Path) -> Result<Built> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let (page, source) = fill::without_source(&text);
    let input = BufferQueue::default();
    input.push_back(page.into());
    let tokens = Tokenizer::new(Reader::default(), Default::default());
    // A sink that never asks for a pause has taken all of it.
    let _ = tokens.feed(&input);
    tokens.end();
    let mut built = tokens.sink.0.into_inner().built;
    built.ids.extend(fill::ids(source).map(String::from));
    Ok(built)
}

/// What has been read of a page. A tree is not needed: a tag says what it links to.
#[derive(Default)]
struct Reader(RefCell<Read>);

#[derive(Default)]
struct Read {
    built: Built,
    /// Whether what comes is a style sheet.
    in_style: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut read = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                read.built.ids.extend(attribute(&tag, "id"));
                read.built.uses.extend(uses(&tag));
                read.in_style = &*tag.name == "style";
                match &*tag.name {
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "title" | "textarea" => {
                        return TokenSinkResult::RawData(RawKind::Rcdata);
                    }
                    _ => {}
                }
            }
            Token::TagToken(_) => read.in_style = false,
            Token::CharacterTokens(css) if read.in_style => {
                let loaded = urls(&css).into_iter().filter_map(|url| used(url, true));
                read.built.uses.extend(loaded);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|it| &*it.name.local == name)?;
    Some(found.value.to_string())
}

fn used(url: &str, loaded: bool) -> Option<Use> {
    // A picture within the page is no request.
    let url = (!url.starts_with("data:")).then(|| url.to_string())?;
    Some(Use { url, loaded })
}

fn uses(tag: &Tag) -> Vec<Use> {
    let mut uses = Vec::new();
    if let Some(url) = attribute(tag, "href") {
        uses.extend(used(&url, !matches!(&*tag.name, "a" | "area" | "base")));
    }
    for name in ["src", "poster", "data"] {
        let url = attribute(tag, name);
        uses.extend(url.and_then(|url| used(&url, true)));
    }
    for candidate in attribute(tag, "srcset").unwrap_or_default().split(',') {
        let url = candidate.split_whitespace().next();
        uses.extend(url.and_then(|url| used(url, true)));
    }
    uses
}

/// What a style sheet loads: `url(…)` and `@import "…"`.
fn urls(css: &str) -> Vec<&str> {
    let after = |mark: &'static str, end: &'static [char]| {
        css.split(mark).skip(1).filter_map(move |rest| {
            let url = rest.trim_start().trim_start_matches(['"', '\'']);
            url.split(end).next()
        })
    };
    let called = after("url(", &[')', '"', '\'']);
    let imported = after("@import", &['"', '\'', ';']);
    let imported = imported.filter(|url| !url.starts_with("url("));
    called.chain(imported).collect()
}

fn style_sheet(out: &Path, file: &Path) -> Result<Vec<Problem>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let outside = urls(&text)
        .into_iter()
        .filter(|url| local(url).is_none() && !url.starts_with("data:"));
    let name = relative(out, file);
    Ok(outside
        .map(|url| Problem::with(&name, format!("`{url}` is loaded from elsewhere")))
        .collect())
}

/// Finds the Markdown, and the line of it, that a wrong link in `file` comes from.
fn blame(root: &Path, out: &Path, file: &Path, url: &str, wrong: &str) -> Problem {
    let built = relative(out, file);
    let source = format!("book/src/{}.md", built.trim_end_matches(".html"));
    let message = format!("the link `{url}` {wrong}");
    let Ok(text) = fs::read_to_string(root.join(&source)) else {
        return Problem::with(&built, message);
    };
    let written = url.replace(".html", ".md");
    let line = text
        .lines()
        .position(|line| line.contains(url) || line.contains(&written));
    match line {
        Some(line) => Problem::at(&source, line + 1, message),
        None => Problem::with(&source, message),
    }
}

fn relative(out: &Path, file: &Path) -> String {
    let file = file.strip_prefix(out).unwrap_or(file);
    file.to_string_lossy().replace('\\', "/")
}

fn walk(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_local_unless_it_names_a_scheme_or_a_host() {
        assert_eq!(local("a.html#b"), Some(("a.html", "b")));
        assert_eq!(local("#L12"), Some(("", "L12")));
        assert_eq!(local("a.html?x=1:2"), Some(("a.html", "")));
        assert_eq!(local("https://example.org/a"), None);
        assert_eq!(local("//example.org/a.css"), None);
        assert_eq!(local("mailto:a@example.org"), None);
    }

    #[test]
    fn style_sheets_are_searched_for_what_they_load() {
        let css = "@import \"a.css\"; b { src: url('c.woff2'), url(d.png) } @import url(e.css);";
        assert_eq!(urls(css), ["c.woff2", "d.png", "e.css", "a.css"]);
    }
}
