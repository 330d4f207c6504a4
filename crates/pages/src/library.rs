//! All of a chapter's library, folded at the end of its page: every line in one place, to be read from top to bottom.
//!
//! mdBook gets the files' names alone, and the built page is filled afterwards. So the search does not find each line
//! twice, and the page on which the whole book is printed stays as it is.

use anyhow::Context;
use std::fs;
use std::path::Path;

use crate::directive::Directive;
use crate::html::{escape, link};
use crate::listing::{Listing, resolve};
use crate::site::{Page, Place, Site};
use crate::sources;

/// What stands where the text of a file goes, before its name and after it.
const OPENS: &str = "<code class=\"language-rust\" data-file=\"";
const CLOSES: &str = "\"></code>";

/// The fold for chapter `number`, and the files in it.
///
/// # Errors
///
/// If there is no such chapter, or a file of it cannot be read.
pub(crate) fn fold(
    site: &Site,
    page: &Page,
    number: u32,
) -> Result<(String, Vec<String>), String> {
    if page.place != Place::Chapter(number) {
        return Err(format!(
            "`{{{{library: {number}}}}}` stands on the page of chapter {number}"
        ));
    }
    let files = files(site, number)?;
    let (mut figures, mut lines) = (String::new(), 0);
    for file in &files {
        let listing = Listing::whole(&site.workbook.root, file)?;
        lines += listing.lines.len();
        let href = format!("{}#L{}", sources::page(file), listing.first);
        figures += &format!(
            "<figure class=\"listing\">\n<figcaption><a href=\"{}\">{}</a></figcaption>\n\n\
             <pre>{OPENS}{}{CLOSES}</pre>\n\n</figure>\n\n",
            link(&page.path, &href),
            escape(file),
            escape(file),
        );
    }
    let many = match files.len() {
        1 => "1 file".to_string(),
        many => format!("{many} files"),
    };
    let fold = format!(
        "<details class=\"answer library\" id=\"library\">\n\
         <summary>All of this chapter's library: {many}, {lines} lines</summary>\n\n\
         {figures}</details>\n"
    );
    Ok((fold, files))
}

/// The files of chapter `number`: `lib.rs`, then as the chapter's pages first quote them, then those that they do not.
fn files(site: &Site, number: u32) -> Result<Vec<String>, String> {
    let chapter = site.chapter(number)?;
    let library = chapter.library().map_err(|error| format!("{error:#}"))?;
    let mut files: Vec<String> = library.iter().map(|file| site.relative(file)).collect();
    let folder = site.relative(&chapter.dir);
    let pages = site.pages.iter().filter(|it| it.chapter() == Some(number));
    let quoted: Vec<String> = pages
        .flat_map(|page| page.text.lines())
        .filter_map(|line| match Directive::parse(line)?.ok()?.unfolded() {
            Directive::Code { file, .. } => resolve(&folder, file).ok(),
            _ => None,
        })
        .collect();
    let place = |file: &String| quoted.iter().position(|it| it == file);
    files[1..].sort_by_key(|file| place(file).unwrap_or(quoted.len()));
    Ok(files)
}

/// Puts the text of each file into the folds of the pages that were built in `out`.
///
/// # Errors
///
/// If a page or a file cannot be read, or the page not be written.
pub(crate) fn fill(root: &Path, out: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let is_page = path.extension().is_some_and(|it| it == "html");
        if !is_page || path.ends_with("print.html") {
            continue;
        }
        let html = fs::read_to_string(&path)?;
        if html.contains(OPENS) {
            fs::write(&path, filled(root, &html)?)?;
        }
    }
    Ok(())
}

fn filled(root: &Path, html: &str) -> anyhow::Result<String> {
    let (mut out, mut rest) = (String::new(), html);
    while let Some((before, after)) = rest.split_once(OPENS) {
        let (file, after) = after
            .split_once(CLOSES)
            .context("a fold of the library is torn")?;
        let listing = Listing::whole(root, file).map_err(anyhow::Error::msg)?;
        out += before;
        out += &format!(
            "<code class=\"language-rust\">{}</code>",
            escape(&listing.text())
        );
        rest = after;
    }
    Ok(out + rest)
}
