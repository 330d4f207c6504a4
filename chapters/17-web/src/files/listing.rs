//! The page that lists what is in a folder.

use super::open::Entry;
use super::path::{Named, encoded};

/// The page for the folder `named`. A name is text, whatever it looks like: as a link each of its characters but the
/// plainest is written by its number, as text those that mean something to HTML.
pub(super) fn page(named: &Named, entries: &[Entry]) -> String {
    let parts: Vec<String> = named
        .path
        .iter()
        .map(|it| it.display().to_string())
        .collect();
    let title = escaped(&format!("/{}", parts.join("/")));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n"
    );
    if !parts.is_empty() {
        page += "<li><a href=\"../\">../</a>\n";
    }
    for Entry { name, is_folder } in entries {
        let slash = if *is_folder { "/" } else { "" };
        // With `./`, or a name could be taken for a scheme.
        page += &format!(
            "<li><a href=\"./{}{slash}\">{}{slash}</a>\n",
            encoded(name),
            escaped(name)
        );
    }
    page + "</ul>\n"
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}
