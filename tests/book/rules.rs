//! Each rule, and a page that breaks it. What is wrong is told with its file and its line.

use crate::fixture::Fixture;

const PAGE: &str = "book/src/01-demo.md";
const INTRODUCTION: &str = "book/src/introduction.md";

#[test]
fn a_sound_book_has_no_problems() {
    assert_eq!(Fixture::new().build().1, Vec::<String>::new());
}

/// Breaks one thing and expects one problem, which begins with `place` and says `why`.
#[track_caller]
fn breaks(file: &str, from: &str, to: &str, place: &str, why: &str) {
    let problems = Fixture::new().but(file, from, to).problems();
    let told = problems
        .iter()
        .any(|p| p.starts_with(place) && p.contains(why));
    assert!(
        told,
        "no problem at {place} says {why:?} among {problems:#?}"
    );
}

/// Puts `directive` where the page's question is, at line 14.
#[track_caller]
fn directive(directive: &str, why: &str) {
    breaks(
        PAGE,
        "What does it print?",
        directive,
        &format!("{PAGE}:14: "),
        why,
    );
}

#[test]
fn a_directive_names_what_exists() {
    directive(
        "{{code: src/none.rs}}",
        "there is no file chapters/01-demo/src/none.rs",
    );
    directive("{{code: src/lib.rs#none}}", "anchor `none` is not there");
    directive(
        "{{code: ../../../etc/passwd}}",
        "leads out of the workspace",
    );
    directive("{{transcript: helo}}", "did you mean hello?");
    directive("{{transcript: 7/hello}}", "there is no chapter 7 yet");
    directive(
        "{{transcript: hello 1-9}}",
        "the transcript has 1 lines, not 9",
    );
    directive("{{twin: shouts}}", "has no Python twin");
    directive(
        "{{broken: hello}}",
        "not one of those in chapters/01-demo/src/broken",
    );
    directive(
        "{{error: hello}}",
        "not one of those in chapters/01-demo/src/wont_compile",
    );
    directive(
        "{{solution: hello}}",
        "not one of those in chapters/01-demo/src/solutions",
    );
    directive(
        "{{exercise-hole: none}}",
        "chapter 1 has no hole `none`; it has greet",
    );
}

#[test]
fn a_directive_is_known_and_stands_alone() {
    directive("{{cod: src/lib.rs}}", "did you mean `code`?");
    directive("{{#include ../lib.rs}}", "unknown directive");
    directive("Look: {{code: src/lib.rs}}", "stands alone on its line");
    directive("{{code: src/lib.rs}} there", "stands alone on its line");
    let to = "> Why?\n>> See {{code: src/lib.rs}}";
    let place = format!("{PAGE}:15: ");
    breaks(PAGE, "What does it print?", to, &place, "stands alone");
    directive("Write `{{#include x}}`.", "mdBook's own");
}

#[test]
fn directives_in_answers_are_told_by_their_own_line() {
    let to = "> Why?\n>> Because:\n>>\n>> {{transcript: none}}\n";
    breaks(
        PAGE,
        "What does it print?",
        to,
        &format!("{PAGE}:17: "),
        "no program `none`",
    );
}

#[test]
fn a_command_can_be_typed() {
    directive("{{command: rum 1 hello}}", "there is no command `rum`");
    directive("{{command: run 9 hello}}", "there is no chapter 9 yet");
    directive(
        "{{command: run one}}",
        "expected a chapter's number, not `one`",
    );
    directive("{{command: run 1 helo}}", "did you mean hello?");
    directive(
        "{{command: run 1 hello --speed 3}}",
        "does not take `--speed`",
    );
    directive("{{command: run 1 hello --name}}", "`--name` wants a value");
    directive("{{command: run 1 hello --real}}", "does not take `--real`");
    directive("{{command: practice 1 none}}", "no hole `none`");
    directive("{{command: check 1 helo}}", "did you mean hello?");
    directive("{{command: check 1 hello now}}", "`hello now` is too much");
    directive("{{command: list 1 hello}}", "`hello` is too much");
    directive("{{command: list 9}}", "there is no chapter 9 yet");
    directive("{{command: practice}}", "`practice`: cannot be typed");
    directive(
        "{{command: -p ch09-none -- hello}}",
        "no package `ch09-none`",
    );
}

#[test]
fn a_command_that_can_be_typed_is_no_problem() {
    for command in [
        "list",
        "list 1",
        "check",
        "check 1",
        "check 1 hello",
        "read",
    ] {
        let to = format!("{{{{command: {command}}}}}");
        let fixture = Fixture::new().but(PAGE, "What does it print?", &to);
        assert_eq!(fixture.problems(), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn what_is_wrong_is_not_shown_as_if_it_were_right() {
    directive(
        "{{code: src/broken/shouts.rs}}",
        "show it by `{{broken: shouts}}`",
    );
    directive(
        "{{code: src/wont_compile/mute.rs}}",
        "show it by `{{error: mute}}`",
    );
    directive("{{transcript: shouts}}", "shown by `{{broken: shouts}}`");
    directive("{{transcript: politely}}", "shown by `{{goal: politely}}`");
}

#[test]
fn no_code_is_written_into_a_page() {
    directive("```rust\nfn main() {}\n```", "no code is written");
    directive("```sh\ncargo run\n```", "no code is written");
    directive("    indented();", "no code is written");
    let place = format!("{INTRODUCTION}:7: ");
    breaks(INTRODUCTION, "```sh", "```rust", &place, "only ```sh");
}

#[test]
fn a_listing_is_short() {
    directive(
        "{{transcript: long}}",
        "has 45 lines, and a page shows at most 30",
    );
    directive("{{transcript: long 1-31}}", "has 31 lines");
    let long = "x();\n".repeat(31);
    let fixture = Fixture::new()
        .with(
            "chapters/01-demo/src/long.rs",
            &format!("//! Long.\n{long}"),
        )
        .but(PAGE, "What does it print?", "{{code: src/long.rs}}");
    let problems = fixture.problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(
        problems[0].contains("src/long.rs has 31 lines"),
        "{problems:#?}"
    );
}

#[test]
fn a_listing_of_thirty_lines_is_short_enough() {
    let text = format!(
        "//! Long.\n// ANCHOR: all\n{}// ANCHOR_END: all\n",
        "x();\n".repeat(30)
    );
    let fixture = Fixture::new()
        .with("chapters/01-demo/src/long.rs", &text)
        .but(PAGE, "What does it print?", "{{code: src/long.rs}}");
    assert_eq!(fixture.problems(), Vec::<String>::new());
}

#[test]
fn a_chapters_page_has_its_parts() {
    for part in [
        "Where we are",
        "Predict",
        "Build: a greeting",
        "Run it",
        "Check yourself",
    ] {
        let name = part.split(':').next().unwrap();
        let why = format!("there is no `## {name}`");
        breaks(PAGE, &format!("## {part}"), "## Something", PAGE, &why);
    }
    breaks(
        PAGE,
        "## Rust you",
        "## Things you",
        PAGE,
        "there is no `## Rust you need here`",
    );
    let place = format!("{PAGE}:");
    breaks(
        PAGE,
        "## Where this comes from",
        "## Thanks",
        &place,
        "the last part is",
    );
    let (list, more) = ("- Traits.\n", "- Traits.\n- Two.\n- Three.\n");
    breaks(
        PAGE,
        list,
        more,
        &format!("{PAGE}:3: "),
        "one to three items, not 4",
    );
    breaks(
        PAGE,
        "- Traits.\n- Closures.",
        "None.",
        &format!("{PAGE}:3: "),
        "not 0",
    );
    breaks(
        PAGE,
        "# Demo\n",
        "# Demo\n\n## Where we are\n",
        &place,
        "comes before",
    );
    breaks(
        PAGE,
        "# Demo\n",
        "# Demo\n\n# Again\n",
        &format!("{PAGE}:3: "),
        "second title",
    );
    breaks(PAGE, "# Demo\n", "", PAGE, "does not begin with its title");
}

const LIFT: &str = "\
//! A lift.
// ANCHOR: type
pub(crate) struct Lift<T> {
    load: T,
}
// ANCHOR_END: type
impl<T> Lift<T>
where
    T: Ord,
{
    // ANCHOR: up
    pub fn up(&mut self) {}
    // ANCHOR_END: up
}
// ANCHOR: trait
pub trait Ride {
    fn ride(&self);
}
// ANCHOR_END: trait
// ANCHOR: rides
impl<T> Ride for super::Lift<T> {
    fn ride(&self) {}
}
// ANCHOR_END: rides
// ANCHOR: clone
impl<T> Clone for Lift<T> {
    fn clone(&self) -> Lift<T> {}
}
// ANCHOR_END: clone
";

/// What a page says that shows these regions of `LIFT`, in this order.
fn shows(regions: &[&str]) -> Vec<String> {
    let code = regions
        .iter()
        .map(|it| format!("{{{{code: src/lift.rs#{it}}}}}\n\n"));
    Fixture::new()
        .with("chapters/01-demo/src/lift.rs", LIFT)
        .but(PAGE, "What does it print?", &code.collect::<String>())
        .problems()
}

#[test]
fn a_type_stands_before_its_methods() {
    let sound = Vec::<String>::new();
    assert_eq!(shows(&["type", "up", "trait", "rides", "clone"]), sound);
    assert_eq!(shows(&["trait", "type"]), sound);
    let lift = "chapters/01-demo/src/lift.rs shows methods of `Lift` before `Lift`: \
                first show chapters/01-demo/src/lift.rs:3";
    assert_eq!(shows(&["up", "type"]), [format!("{PAGE}:14: {lift}")]);
    assert_eq!(shows(&["clone"]), [format!("{PAGE}:14: {lift}")]);
    let ride = "chapters/01-demo/src/lift.rs shows methods of `Ride` before `Ride`: \
                first show chapters/01-demo/src/lift.rs:16";
    assert_eq!(shows(&["type", "rides"]), [format!("{PAGE}:16: {ride}")]);
}

#[test]
fn a_chapters_page_ends_with_its_library() {
    let why = "the page ends with the whole library: `{{library: 1}}`";
    breaks(PAGE, "{{library: 1}}\n", "", PAGE, why);
    directive("{{library: 2}}", "stands on the page of chapter 2");
    directive("{{library: none}}", "expected a chapter's number");
}

#[test]
fn a_chapters_page_has_a_length() {
    let words = "Prose of five plain words. ";
    breaks(PAGE, &words.repeat(30), "", PAGE, "the page has 9");
    breaks(PAGE, words, &words.repeat(400), PAGE, "from 1000 to 2700");
}

#[test]
fn everything_a_chapter_has_is_shown() {
    let src = "chapters/01-demo/src";
    for (shown, file) in [
        ("{{transcript: long 1-2 40-}}", "programs/long.rs:1: "),
        ("{{broken: shouts}}", "broken/shouts.rs:1: "),
        ("{{error: mute}}", "wont_compile/mute.rs:1: "),
        ("{{solution: politely}}", "solutions/politely.rs:1: "),
        (
            "{{exercise-hole: greet}}",
            "lib.rs:7: no page names hole `greet`",
        ),
    ] {
        breaks(PAGE, shown, "", &format!("{src}/{file}"), "no page");
    }
}

#[test]
fn a_draft_is_shown_and_its_twin_has_one() {
    directive("{{draft: shouts}}", "`shouts` has no draft beside it");
    directive(
        "{{draft: hello}}",
        "not one of those in chapters/01-demo/src/broken",
    );
    let fixture = Fixture::new().with_draft();
    assert_eq!(fixture.problems(), Vec::<String>::new());
    let problems = fixture.but(PAGE, "{{draft: shouts}}", "").problems();
    let draft = "chapters/01-demo/src/broken/shouts.diff:1: no page shows it";
    assert!(
        problems.iter().any(|it| it.starts_with(draft)),
        "{problems:#?}"
    );
}

#[test]
fn a_chapter_has_a_page() {
    let summary = "book/src/SUMMARY.md";
    let why = "chapter 1 has no page 01-demo.md";
    breaks(summary, "[Demo](01-demo.md)", "[Demo]()", summary, why);
    let fixture = Fixture::new()
        .with("book/src/02-later.md", "# Later\n")
        .but(summary, "[Later]()", "[Later](02-later.md)");
    let problems = fixture.problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(
        problems[0].starts_with("book/src/02-later.md: "),
        "{problems:#?}"
    );
}

#[test]
fn every_snapshot_that_a_page_shows_is_there() {
    let fixture = Fixture::new();
    let file = fixture.root().join("tests/snapshots/01-demo/shouts.snap");
    std::fs::remove_file(file).unwrap();
    let problems = fixture.problems();
    let place =
        format!("{PAGE}:20: there is no snapshot tests/snapshots/01-demo/shouts.snap");
    assert!(problems.contains(&place), "{problems:#?}");
}

#[test]
fn rows_and_headers_agree() {
    let hello = "chapters/01-demo/src/programs/hello.rs";
    breaks(
        hello,
        "rows: P01",
        "rows: P77",
        &format!("{hello}:1: "),
        "no row P77",
    );
    breaks(
        hello,
        "//! rows: P01\n",
        "",
        "chapters/01-demo: ",
        "no program of chapter 1 covers row P01",
    );
}

#[test]
fn a_chapter_whose_files_cannot_be_read_is_told() {
    let hello = "chapters/01-demo/src/programs/hello.rs";
    let why = "the file begins with no `//!` line";
    breaks(hello, "//! Says hello.", "", &format!("{hello}: "), why);
    let main = "chapters/01-demo/src/main.rs";
    breaks(main, "broken:", "torn:", &format!("{main}: "), "`torn`");
}

#[test]
fn damaged_markers_are_told_and_hide_no_other_files_holes() {
    let lib = "chapters/01-demo/src/lib.rs";
    let damaged = "// hole: bow — bends\nfn bow() {}\n";
    let fixture = Fixture::new()
        .with("chapters/01-demo/src/bow.rs", damaged)
        .but(lib, "hole: greet", "hole: meet");
    let problems = fixture.problems();
    for told in [
        "chapters/01-demo/src/bow.rs: hole `bow` is not ended; put the line back",
        "chapters/01-demo/src/lib.rs:7: no page names hole `meet`",
    ] {
        let found = problems.iter().any(|it| it.starts_with(told));
        assert!(found, "{told}: {problems:#?}");
    }
}

#[test]
fn what_mdbook_warns_of_is_a_problem() {
    let (_, problems) = Fixture::new()
        .but(PAGE, "What does it print?", "<div>")
        .build();
    let wanted = "book: unclosed HTML tag `<div>` found in `01-demo.md`".to_string();
    assert!(problems.contains(&wanted), "{problems:#?}");
}
