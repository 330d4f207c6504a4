//! All of a chapter's library, folded at the end of its page: every line in one place, to be read from top to bottom.
//!
//! mdBook gets the files' names alone, and the built page is [filled](crate::fill) afterwards.

use crate::directive::Directive;
use crate::fill::{self, Kind};
use crate::html::{escape, link};
use crate::listing::{Listing, resolve};
use crate::site::{Page, Place, Site};
use crate::sources;

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
             <pre>{}</pre>\n\n</figure>\n\n",
            link(&page.path, &href),
            escape(file),
            fill::place("rust", Kind::Listing, file),
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
