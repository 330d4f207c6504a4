//! `{{drawing: heap}}`: a picture from `book/drawings`, in the page itself, so that it takes the theme's colours.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::problem::Problem;

/// Where the pictures are, below the workspace.
const FOLDER: &str = "book/drawings";

/// The picture `name` as HTML.
///
/// # Errors
///
/// If there is none, if it does not say in words what it shows, or if it would load or run something.
pub(crate) fn figure(root: &Path, name: &str) -> Result<String, String> {
    let file = format!("{FOLDER}/{name}.svg");
    let svg = fs::read_to_string(root.join(&file))
        .map_err(|_| format!("there is no picture {file}"))?;
    let said = svg
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    if !svg.starts_with("<svg ") || !svg.contains("role=\"img\"") {
        return Err(format!(
            "{file} is to begin with `<svg` and have `role=\"img\"`"
        ));
    }
    if said.is_none_or(|(said, _)| said.trim().len() < 20) {
        return Err(format!(
            "{file} does not say in its `<title>` what it shows"
        ));
    }
    for forbidden in ["<script", "href=", "url(", "<style", " onload="] {
        if svg.contains(forbidden) {
            return Err(format!("{file} contains `{forbidden}`"));
        }
    }
    // Markdown would end it at an empty line.
    let lines: Vec<&str> = svg.lines().filter(|line| !line.trim().is_empty()).collect();
    Ok(format!(
        "<figure class=\"drawing\">\n{}\n</figure>\n",
        lines.join("\n")
    ))
}

/// The pictures that no page shows.
pub(crate) fn unshown(root: &Path, shown: &BTreeSet<String>) -> Vec<Problem> {
    let entries = fs::read_dir(root.join(FOLDER));
    let names = entries.into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.strip_suffix(".svg").map(str::to_string)
    });
    let missing: BTreeSet<String> = names.filter(|name| !shown.contains(name)).collect();
    let problem = |name: &String| {
        let message = format!("no page shows it; write `{{{{drawing: {name}}}}}`");
        Problem::with(&format!("{FOLDER}/{name}.svg"), message)
    };
    missing.iter().map(problem).collect()
}
