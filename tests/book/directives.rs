//! What directives become in the built pages.

use crate::fixture::Fixture;
use std::fs;

use scraper::{Html, Selector};

const PAGE: &str = "book/src/01-demo.md";

fn page() -> Html {
    Html::parse_document(&Fixture::new().html("01-demo.html"))
}

fn select<'p>(page: &'p Html, selector: &str) -> Vec<scraper::ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(page: &Html, selector: &str) -> String {
    let found = select(page, selector);
    assert!(!found.is_empty(), "nothing matches {selector}");
    found[0].text().collect()
}

#[test]
fn code_is_dedented_bare_of_markers_and_linked_to_its_line() {
    let page = page();
    let code = text(&page, "figure.listing code.language-rust");
    assert_eq!(
        code,
        "/// Says <hello>.\npub fn greet() {\n    let word = \"hello\";\n    say!(\"{{word}}\");\n}"
    );
    let link = select(&page, "figure.listing figcaption a")[0];
    assert_eq!(
        link.attr("href").unwrap(),
        "sources/chapters/01-demo/src/lib.rs.html#L5"
    );
    assert_eq!(
        link.text().collect::<String>(),
        "chapters/01-demo/src/lib.rs:5"
    );
}

#[test]
fn a_source_page_is_the_file_with_numbered_lines() {
    let html = Fixture::new().html("sources/chapters/01-demo/src/lib.rs.html");
    let page = Html::parse_document(&html);
    let source = text(&page, "figure.source code");
    assert!(source.contains("// ANCHOR: greet\n"), "{source}");
    assert_eq!(select(&page, "figure.source a#L5").len(), 1);
}

#[test]
fn a_transcript_has_its_command_and_its_lines() {
    let page = page();
    let figure = "figure#transcript-1-hello";
    assert_eq!(
        text(&page, &format!("{figure} .prompt code")),
        "cargo run -- run 1 hello"
    );
    assert_eq!(text(&page, &format!("{figure} .output samp")), "hello");
}

#[test]
fn an_excerpt_says_what_is_left_out_and_folds_the_whole() {
    let page = page();
    let figure = "figure#transcript-1-long";
    let shown = text(&page, &format!("{figure} > .output samp"));
    assert!(
        shown.starts_with("line 1\nline 2\n… 37 lines …\nline 40\n"),
        "{shown}"
    );
    let whole = text(&page, &format!("{figure} details samp"));
    assert_eq!(whole.lines().count(), 45);
}

#[test]
fn what_is_wrong_is_marked_in_words() {
    let page = page();
    assert_eq!(text(&page, "figure.broken .label"), "Wrong on purpose");
    assert_eq!(text(&page, "figure.broken samp"), "HELLO");
    assert_eq!(text(&page, "figure.refused .label"), "Does not compile");
    assert!(text(&page, "figure.refused samp").starts_with("error[E0425]"));
}

#[test]
fn a_draft_is_its_change_and_what_the_sanitizer_says() {
    let page = Fixture::new().with_draft().html("01-demo.html");
    let page = Html::parse_document(&page);
    assert_eq!(
        text(&page, "figure.listing.broken code.language-diff"),
        "--- a/lib.rs\n+++ b/lib.rs\n@@ -1 +1 @@\n-quiet\n+LOUD\n"
    );
    let report = select(&page, "figure.terminal.broken")[1];
    let report: String = report.text().collect();
    let words: Vec<&str> = report.split_whitespace().collect();
    assert_eq!(words.join(" "), "AddressSanitizer says heap-use-after-free");
}

#[test]
fn a_twin_shares_a_transcript_or_says_why_not() {
    let page = page();
    let python: Vec<String> = select(&page, "code.language-python")
        .iter()
        .map(|code| code.text().collect())
        .collect();
    assert_eq!(python, ["print(\"hello\")\n", "print(\"line one\")\n"]);
    let same = select(&page, ".twin-note a")[0];
    assert_eq!(
        same.attr("href").unwrap(),
        "01-demo.html#transcript-1-hello"
    );
    let notes = select(&page, ".twin-note");
    let own: String = notes[1].text().collect();
    assert!(own.contains("it says the number as a word."), "{own}");
    assert_eq!(text(&page, "figure.terminal.python samp"), "line one");
}

#[test]
fn questions_exercises_and_solutions_are_there() {
    let page = page();
    assert_eq!(
        text(&page, "details.answer > summary").trim(),
        "What is 1 + 1?"
    );
    assert_eq!(text(&page, "details.answer > p strong"), "two");
    let hole = text(&page, ".exercise");
    for part in [
        "Hole 1.1: greet says the word.",
        "cargo run -- practice 1 greet",
        "cargo run -- check 1",
        "cargo run -- solve 1 greet",
        "It is filled when check 1 shows no ✗; hello tells first. What no transcript sees: \
         cargo test -q -p workbook-tests --test contracts.",
    ] {
        assert!(hole.contains(part), "{part:?} is not in {hole}");
    }
    assert_eq!(text(&page, "details.solution samp"), "good day");
}

#[test]
fn the_whole_library_is_folded_at_the_end_of_the_page() {
    let lib = "\n#[cfg(test)]\nmod tests {}\n";
    let src = "chapters/01-demo/src";
    let fixture = Fixture::new()
        .with(&format!("{src}/aside.rs"), "//! Aside.\n\nfn aside() {}\n")
        .with(
            &format!("{src}/main_part.rs"),
            "// ANCHOR: it\nfn it() {}\n// ANCHOR_END: it\n",
        )
        .but(PAGE, "What does it print?", "{{code: src/main_part.rs#it}}")
        .but(&format!("{src}/lib.rs"), "}\n", &format!("}}\n{lib}"));
    let page = Html::parse_document(&fixture.html("01-demo.html"));
    assert_eq!(
        text(&page, "details.library > summary"),
        "All of this chapter's library: 3 files, 12 lines"
    );
    let files: Vec<String> = select(&page, "details.library code")
        .iter()
        .map(|code| code.text().collect())
        .collect();
    // First what the page quotes, whatever it is called. No marks, no tests; the header stays.
    assert!(files[0].starts_with("//! A greeting.\n"), "{files:?}");
    assert!(
        !files[0].contains("hole:") && !files[0].contains("tests"),
        "{files:?}"
    );
    assert_eq!(
        files[1..],
        ["fn it() {}\n", "//! Aside.\n\nfn aside() {}\n"]
    );
    let print =
        fs::read_to_string(fixture.root().join("target/book/print.html")).unwrap();
    // Neither the fold nor the copy of the file is printed with the book.
    assert_eq!(print.matches("fn aside").count(), 0);
    let copy = "target/book/sources/chapters/01-demo/src/aside.rs.html";
    let copy = fs::read_to_string(fixture.root().join(copy)).unwrap();
    assert_eq!(copy.matches("fn aside").count(), 1);
}

#[test]
fn what_is_folded_may_be_long_and_is_to_be_unfolded() {
    let (open, folded) = (
        "{{transcript: long 1-2 40-}}",
        "{{transcript: long folded}}\n\n{{code: src/lib.rs#greet folded}}",
    );
    let fixture = Fixture::new().but(PAGE, open, folded);
    assert_eq!(fixture.problems(), [""; 0]);
    let html = Html::parse_document(&fixture.html("01-demo.html"));
    let folded = "details.answer > figure#transcript-1-long";
    assert!(text(&html, folded).contains("line 45"));
    let summaries = select(&html, "details.answer > summary");
    let summaries: Vec<String> = summaries
        .iter()
        .map(|it| it.text().collect::<String>().trim().to_string())
        .collect();
    for said in ["What long prints", "The code: lib.rs, greet"] {
        assert!(summaries.iter().any(|it| it == said), "{summaries:?}");
    }
}

#[test]
fn the_reading_time_counts_words_code_and_output() {
    let minutes = |directive: &str| {
        let fixture = Fixture::new().but(PAGE, "{{transcript: long 1-2 40-}}", directive);
        let code = format!(
            "//! Long.\n// ANCHOR: it\n{}// ANCHOR_END: it\n",
            "x();\n".repeat(30)
        );
        let fixture = fixture.with("chapters/01-demo/src/long.rs", &code);
        let page = Html::parse_document(&fixture.html("01-demo.html"));
        text(&page, ".reading-time")
    };
    // 1,100 words of filling and a few more are 7 minutes; what else the page shows adds less than one.
    let short = "{{transcript: long 1-2 40-}}";
    assert_eq!(minutes(short), "8 minutes to read");
    // Each three seconds.
    let code = "{{code: src/long.rs#it}}\n\n".repeat(4);
    assert_eq!(minutes(&format!("{code}{short}")), "14 minutes to read");
    // Each one second.
    let output = "{{transcript: long 1-30}}\n\n".repeat(4);
    assert_eq!(minutes(&output), "10 minutes to read");
}

#[test]
fn a_name_of_pythons_leads_to_what_it_is_here() {
    let fixture = |item: &str, chapter: u32| {
        Fixture::new().with("book/src/glossary.md", "# Glossary\n\n{{python-names}}\n").with(
            "book/python.toml",
            &format!(
                "[[group]]\ntitle = \"Words\"\n[[group.name]]\npython = \"print.hello\"\n\
                 chapter = {chapter}\nitems = [\"{item}\"]\nnote = \"Louder.\"\n"
            ),
        )
    };
    let page = Html::parse_document(&fixture("demo::greet", 1).html("glossary.html"));
    assert!(text(&page, "main").contains("demo::greet. Louder."));
    assert!(text(&page, ".where").contains("Chapter 1, demo"));
    assert_eq!(text(&page, "[id='print.hello'] code"), "print.hello");
    let later =
        Html::parse_document(&fixture("later::whatever", 2).html("glossary.html"));
    assert!(text(&later, ".where").contains("to come in chapter 2, later"));
    for (item, chapter, why) in [
        ("demo::great", 1, "`demo` has no public `great`"),
        ("none::greet", 1, "no chapter's library is called `none`"),
        ("demo::greet", 9, "there is no chapter 9 in the plan"),
    ] {
        let problems = fixture(item, chapter).problems();
        let told = |it: &String| it.starts_with("book/python.toml: ") && it.contains(why);
        assert!(
            problems.iter().any(told),
            "{why:?} is not among {problems:?}"
        );
    }
}

#[test]
fn the_tables_are_made_from_plan_and_headers() {
    let page = Html::parse_document(&Fixture::new().html("introduction.html"));
    let chapters = text(&page, ".made.chapters");
    assert!(chapters.contains("demo") && chapters.contains("later to come"));
    let rows = text(&page, ".made.rows");
    for part in [
        "P01",
        "says hello",
        "cargo run -- run 1 hello",
        "to come in chapter 2",
    ] {
        assert!(rows.contains(part), "{part:?} is not in {rows}");
    }
}

#[test]
fn a_page_below_a_chapters_belongs_to_it() {
    let summary = "book/src/SUMMARY.md";
    let (demo, below) = (
        "- [Demo](01-demo.md)\n",
        "  - [Deeper](01-demo/deeper.md)\n",
    );
    let text = "# Deeper\n\n{{code: src/lib.rs#greet}}\n\n{{twin: hello}}\n";
    let fixture = Fixture::new()
        .but(summary, demo, &format!("{demo}{below}"))
        .with("book/src/01-demo/deeper.md", text);
    let deeper = Html::parse_document(&fixture.html("01-demo/deeper.html"));
    let title = select(&deeper, "main h1 a")[0].text().collect::<String>();
    assert_eq!(title, "Deeper");
    let link = select(&deeper, "figure.listing figcaption a")[0];
    let line = "../sources/chapters/01-demo/src/lib.rs.html#L5";
    assert_eq!(link.attr("href").unwrap(), line);
    let same = select(&deeper, ".twin-note a")[0];
    assert_eq!(
        same.attr("href").unwrap(),
        "../01-demo.html#transcript-1-hello"
    );
}

#[test]
fn a_ladder_is_its_rungs_and_the_commands_that_check_them() {
    let check = "//! A greeting of `mine`\n//!\n//!     pub fn greet()\n//!\n//! needs: 0.9\n//!\n\
                 //! hint: A.\n//!\n//! hint: B.\n//!\n//! hint: C.\n//!\n//! done: D.\n\nfn main() {}\n";
    let page = "book/src/01-demo.md";
    let fixture = || {
        Fixture::new()
            .with("chapters/01-demo/ladder/1.rs", check)
            .but(
                page,
                "{{solution: politely}}",
                "{{ladder: 1}}\n\n{{solution: politely}}",
            )
    };
    let html = Html::parse_document(&fixture().html("01-demo.html"));
    let rungs = select(&html, ".ladder li");
    let text = rungs[0].text().collect::<String>();
    assert_eq!(text.trim(), "1.1 A greeting of mine (stands on 0.9)");
    let commands = select(&html, ".ladder .prompt code");
    let commands = commands.iter().map(|it| it.text().collect::<String>());
    let commands: Vec<String> = commands.collect();
    assert_eq!(commands, ["cargo run -- mine 1", "cargo run -- hint 1"]);
    let none = Fixture::new().but(
        page,
        "{{solution: politely}}",
        "{{ladder: 1}}\n\n{{solution: politely}}",
    );
    let problems = none.problems().join("\n");
    assert!(problems.contains("chapter 1 has no ladder"), "{problems}");
    let unset = Fixture::new().with("chapters/01-demo/ladder/1.rs", check);
    let wanted =
        "chapters/01-demo/ladder/1.rs:1: no page sets the ladder; write `{{ladder: 1}}`";
    assert_eq!(unset.problems(), [wanted]);
}
