//! Links that lead nowhere, and requests that would leave the page.

use crate::fixture::Fixture;

const PAGE: &str = "book/src/glossary.md";

/// The problems of a book whose glossary, at line 5, says `text`.
fn with(text: &str) -> Vec<String> {
    Fixture::new().but(PAGE, "None.", text).build().1
}

/// Whether exactly the glossary, and the page to print it from, have a problem that says `why`.
#[track_caller]
fn breaks(text: &str, why: &str) {
    let problems = with(text);
    let place = format!("{PAGE}:5: ");
    let told = problems
        .iter()
        .any(|p| p.starts_with(&place) && p.contains(why));
    assert!(
        told,
        "no problem at {place} says {why:?} among {problems:#?}"
    );
}

#[test]
fn a_link_leads_to_a_file_and_to_an_id() {
    breaks("[gone](gone.md)", "the link `gone.html` leads to no file");
    breaks("[gone](01-demo.md#gone)", "has no `#gone` to lead to");
    breaks("[gone](#gone)", "has no `#gone` to lead to");
    breaks("<a href=\"../outside.html\">gone</a>", "leads to no file");
    breaks("![gone](gone.png)", "the link `gone.png` leads to no file");
}

#[test]
fn good_links_and_links_away_are_no_problem() {
    let good = "[a](01-demo.md#predict) [b](#words) [c](https://example.org/x#y) <mailto:a@example.org>";
    assert_eq!(with(good), Vec::<String>::new());
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let elsewhere = "is loaded from elsewhere";
    breaks(
        "<img src=\"https://example.org/a.png\" alt=\"a\">",
        elsewhere,
    );
    breaks(
        "<img srcset=\"//example.org/a.png 2x\" alt=\"a\">",
        elsewhere,
    );
    breaks(
        "<script src=\"https://example.org/a.js\"></script>",
        elsewhere,
    );
    breaks(
        "<link rel=\"stylesheet\" href=\"https://example.org/a.css\">",
        elsewhere,
    );
}

#[test]
fn a_style_sheet_loads_nothing_from_elsewhere() {
    let css = "@font-face { font-family: a; src: url(https://example.org/a.woff2); }\n";
    let problems = Fixture::new().with("book/theme/own.css", css).build().1;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(
        problems[0].contains("https://example.org/a.woff2"),
        "{problems:#?}"
    );
}
