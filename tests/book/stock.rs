//! A stock `mdbook` sends the book to `pages preprocess` as JSON and gets it back.

use crate::fixture::Fixture;
use mdbook_driver::MDBook;
use serde_json::{Value, json};
use workbook_tests::chapters::{build, cargo};
use workbook_tests::root;

/// What mdBook sends: a context and a book of the fixture's pages.
fn sent(fixture: &Fixture) -> String {
    let chapter = |name: &str, file: &str| {
        let path = fixture.root().join("book/src").join(file);
        json!({"Chapter": {
            "name": name, "content": std::fs::read_to_string(path).unwrap(), "number": null,
            "sub_items": [], "path": file, "source_path": file, "parent_names": [],
        }})
    };
    let context = json!({
        "root": fixture.root().join("book"), "config": {}, "renderer": "html", "mdbook_version": "0.5.4",
    });
    let book = json!({"items": [
        chapter("Introduction", "introduction.md"),
        chapter("Demo", "01-demo.md"),
        chapter("Glossary", "glossary.md"),
        chapter("Sources", "sources.md"),
    ]});
    json!([context, book]).to_string()
}

#[test]
fn the_book_comes_back_expanded() {
    let fixture = Fixture::new();
    let mut answer = Vec::new();
    pages::preprocess(sent(&fixture).as_bytes(), &mut answer).unwrap();
    let book: Value = serde_json::from_slice(&answer).unwrap();
    let demo = book["items"][1]["Chapter"]["content"].as_str().unwrap();
    assert!(demo.contains("<figure class=\"listing\">"), "{demo}");
    assert!(!demo.contains("{{"), "{demo}");
    let sources = book["items"][3]["Chapter"]["sub_items"].as_array().unwrap();
    assert!(!sources.is_empty());
}

/// As the stock `mdbook build` does: it starts the command in `book.toml`, and this crate's library has no part in it.
#[test]
fn the_configured_command_is_all_that_mdbook_needs() {
    let built = build(&mut cargo(&root()), &["pages"]).unwrap();
    // Toml's literal strings leave Windows' backslashes as they are.
    let command = format!(
        "'\"{}\" preprocess'",
        built.binary("pages").unwrap().display()
    );
    let fixture = Fixture::new().but("book/book.toml", "\"false\"", &command);
    MDBook::load(fixture.root().join("book"))
        .unwrap()
        .build()
        .unwrap();
    let page = fixture.root().join("book/book/01-demo.html");
    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.contains("<figure class=\"listing\">"), "{html}");
    assert!(!html.contains("{{code"), "{html}");
}

#[test]
fn problems_are_listed_and_nothing_comes_back() {
    let fixture =
        Fixture::new().but("book/src/01-demo.md", "{{error: mute}}", "{{error: none}}");
    let mut answer = Vec::new();
    let error = pages::preprocess(sent(&fixture).as_bytes(), &mut answer).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("book/src/01-demo.md:22: "), "{error}");
    assert!(
        error.contains("src/wont_compile/mute.rs:1: no page shows it"),
        "{error}"
    );
    assert_eq!(answer, b"");
}

#[test]
fn what_is_no_book_is_refused() {
    let error = pages::preprocess(&b"{}"[..], Vec::new()).unwrap_err();
    assert!(error.to_string().contains("Unable to parse"), "{error}");
}
