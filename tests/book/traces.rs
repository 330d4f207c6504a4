//! Steppers, timelines and links to steps, in a workbook whose one binary writes traces that were made up.

use std::fs;
use std::path::Path;
use std::process::Command;

use scraper::{Html, Selector};
use serde_json::{Value, json};
use workbook_tests::chapters::{build, cargo};
use workbook_tests::process::{BUILD_LIMIT, Finished, run_limited};
use workbook_tests::root;

use crate::fixture::Fixture;

const PAGE: &str = "book/src/01-demo.md";

const WORKSPACE: &str =
    "[workspace]\nresolver = \"3\"\nmembers = [\"chapters/*\", \"trace\"]\n";

const DEMO: &str = "[package]\nname = \"ch01-demo\"\ndescription = \"a greeting\"\nedition = \"2024\"\n\
                    [dependencies]\ntrace = { path = \"../../trace\" }\n";

const TRACE: &str =
    "[package]\nname = \"trace\"\nedition = \"2024\"\n[features]\nrecord = []\n";

/// Writes the trace that lies beside it, and that it did.
const MAIN: &str = r#"//! chapter::main! { programs: hello, long; broken: shouts; solutions: politely; }

use std::io::Write;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let file = std::env::var_os("WORKBOOK_TRACE").unwrap();
    let mut runs = std::fs::File::options().create(true).append(true).open("runs").unwrap();
    writeln!(runs, "{}", args.join(" ")).unwrap();
    let trace = match &*args[0] {
        _ if !trace::RECORDS => return,
        "long" => std::process::exit(3),
        "shouts" => "{}",
        "politely" => include_str!("../impossible.json"),
        _ => include_str!("../trace.json"),
    };
    std::fs::write(file, trace).unwrap();
}
"#;

/// A source that would end its script, be taken for a directive of mdBook's, and end the block of HTML.
const NASTY: &str = "// </script> <!-- {{#include x}}\n\nfn run() {}\n";

fn document(events: &[Value]) -> String {
    let mut events = events.to_vec();
    for (event, step) in events.iter_mut().zip(0..) {
        event["at"] = json!(0);
        event["says"] = json!(format!("step {step} of *A_b* <i>"));
    }
    json!({
        "format": "from-yield-to-await trace", "version": 1, "chapter": "ch01-demo", "program": "hello",
        "args": [], "places": [], "left_out": 0, "events": events,
        "sources": [{"file": "chapters/01-demo/src/nasty.rs", "text": NASTY}],
    })
    .to_string()
}

fn hello() -> String {
    document(&[
        json!({"kind": "spawned", "task": 1, "name": "A", "place": null}),
        json!({"kind": "polled", "task": 1}),
        json!({"kind": "printed", "text": "hello"}),
        json!({"kind": "pending", "task": 1, "place": null, "why": null}),
        json!({"kind": "polled", "task": 1}),
        json!({"kind": "finished", "task": 1}),
    ])
}

/// The fixture, with a binary that can be built.
fn fixture() -> Fixture {
    let polled = json!({"kind": "polled", "task": 1});
    Fixture::new()
        .with("Cargo.toml", WORKSPACE)
        .with("trace/Cargo.toml", TRACE)
        .with(
            "trace/src/lib.rs",
            "pub const RECORDS: bool = cfg!(feature = \"record\");\n",
        )
        .with("chapters/01-demo/Cargo.toml", DEMO)
        .with("chapters/01-demo/src/main.rs", MAIN)
        // Its code is no Rust; nothing but the binary is to be built.
        .with("chapters/01-demo/src/nasty.rs", NASTY)
        .with("chapters/01-demo/src/lib.rs", SOUND)
        .with("chapters/01-demo/trace.json", &hello())
        .with("chapters/01-demo/impossible.json", &document(&[polled]))
}

/// The fixture's library, so that it compiles.
const SOUND: &str = "//! A greeting.\n\nmod inner {\n    // ANCHOR: greet\n    #[allow(dead_code)]\n    \
     pub fn greet() -> &'static str {\n        // hole: greet — says the word\n        // tried by: hello\n        \
     \"hello\"\n        // end hole\n    }\n    // ANCHOR_END: greet\n}\n";

/// Builds the book of `fixture` in a process of its own, with a target folder of its own.
fn pages(fixture: &Fixture) -> Finished {
    let built = build(&mut cargo(&root()), &["pages"]).unwrap();
    let mut command = Command::new(built.binary("pages").unwrap());
    command.arg("build").current_dir(fixture.root());
    command.env("CARGO_TARGET_DIR", fixture.root().join("target"));
    command.env("CARGO_NET_OFFLINE", "true");
    run_limited(&mut command, BUILD_LIMIT).unwrap()
}

fn page(fixture: &Fixture) -> Html {
    let path = fixture.root().join("target/book/01-demo.html");
    Html::parse_document(&fs::read_to_string(path).unwrap())
}

fn text(page: &Html, selector: &str) -> String {
    let found = page.select(&Selector::parse(selector).unwrap()).next();
    let found = found.unwrap_or_else(|| panic!("nothing matches {selector}"));
    found.text().collect()
}

fn runs(root: &Path) -> Vec<String> {
    let runs = fs::read_to_string(root.join("runs")).unwrap_or_default();
    runs.lines().map(str::to_string).collect()
}

const SHOWN: &str = "{{stepper: hello predict}}\n\n\
    {{timeline: hello --name Ada}}\n\n\
    First {{step: hello polled A}}, then {{step: hello polled A 2}}.\n\n\
    > What comes last?\n>> {{step: hello finished A}}.\n";

#[test]
fn a_run_is_recorded_once_and_shown() {
    let fixture = fixture().but(PAGE, "What does it print?", SHOWN);
    let built = pages(&fixture);
    assert!(built.status.success(), "{built:?}");
    let page = page(&fixture);
    let figure = "figure#trace-1-hello.trace-stepper[data-predict]";
    let caption = text(&page, &format!("{figure} > figcaption"));
    // Who is to foresee the run is not told how it goes.
    assert_eq!(caption, "cargo run -- trace 1 hello The run of A.");
    // Nor by the picture, which is folded.
    let title = text(
        &page,
        &format!("{figure} > .ts-answer > .ts-timeline > svg > title"),
    );
    assert_eq!(title, "Timeline of hello");
    let row = text(&page, &format!("{figure} .ts-scroll tbody tr:nth-child(3)"));
    assert_eq!(row, "20 sstep 2 of *A_b* <i>");
    let trace = text(&page, &format!("{figure} > script"));
    let wanted = timeline::Trace::parse(&hello()).unwrap();
    let wanted: Value = serde_json::from_str(&wanted.to_playable().unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&trace).unwrap(), wanted);
    let caption = text(&page, "figure.trace-timeline figcaption");
    assert!(caption.contains("trace 1 hello --name Ada"), "{caption}");
    let links = Selector::parse("a.trace-step").unwrap();
    let links = page.select(&links).map(|link| {
        let text: String = link.text().collect();
        (link.attr("href").unwrap().to_string(), text)
    });
    let wanted = [1, 4, 5].map(|step| {
        let href = format!("#trace-1-hello:step={step}");
        (href, format!("step {step} of *A_b* <i>"))
    });
    assert_eq!(links.collect::<Vec<_>>(), wanted);

    // Again: nothing has changed, and then a file that the trace quotes, and then the program.
    let once = ["hello", "hello --name Ada"];
    assert_eq!(runs(fixture.root()), once);
    assert!(pages(&fixture).status.success());
    assert_eq!(runs(fixture.root()), once);
    let nasty = "chapters/01-demo/src/nasty.rs";
    let fixture = fixture.but(nasty, "run", "walk");
    assert!(pages(&fixture).status.success());
    assert_eq!(runs(fixture.root()).len(), 4);
    let fixture = fixture.but(nasty, "walk", "run").but(
        "chapters/01-demo/trace.json",
        "hello\"",
        "hullo\"",
    );
    assert!(pages(&fixture).status.success());
    assert_eq!(runs(fixture.root()).len(), 6);
}

/// A reader's first book does not wait for the chapters to be built with the recorder.
#[test]
fn a_stored_run_is_shown_as_long_as_what_it_quotes_is_so() {
    let store = |flags: &str| format!("{}/ch01-demo-hello{flags}.json", ::pages::STORE);
    let stored = hello().replace("\"text\":\"hello\"", "\"text\":\"stored\"");
    assert_ne!(stored, hello());
    let fixture = fixture()
        .but(PAGE, "What does it print?", SHOWN)
        .with(&store(""), &stored)
        .with(&store("-name-Ada"), &stored);
    assert!(pages(&fixture).status.success());
    assert_eq!(runs(fixture.root()), [""; 0], "nothing is built or run");
    let trace = text(&page(&fixture), "figure.trace-stepper > script");
    assert!(trace.contains("stored"), "{trace}");
    let fixture = fixture.but("chapters/01-demo/src/nasty.rs", "run", "walk");
    assert!(pages(&fixture).status.success());
    assert_eq!(runs(fixture.root()), ["hello", "hello --name Ada"]);
}

#[test]
fn what_cannot_be_recorded_or_is_not_there_is_a_problem() {
    let lines = [
        ("{{stepper: helo}}", "did you mean hello?"),
        ("{{stepper: hello --speed 3}}", "does not take `--speed`"),
        (
            "{{stepper: mute}}",
            "is there to be refused, so it does not run",
        ),
        ("{{timeline: long}}", "it ended with exit"),
        ("{{timeline: shouts}}", "this is no trace"),
        ("{{timeline: politely}}", "this trace is damaged at step 0"),
        ("{{stepper: hello}}", ""),
        (
            "See {{step: hello}}.",
            "a program, a kind of event, and of whom",
        ),
        ("See {{step: hello poled A}}.", "did you mean polled?"),
        ("See {{step: hello polled B}}.", "there are A (2)"),
        ("See {{step: hello polled A 3}}.", "there are 2 events"),
        (
            "See {{step: long polled A}}.",
            "no page has a stepper of `long`",
        ),
        ("See {{stepper: hello}}.", "stands alone on its line"),
    ];
    let text = lines.map(|(line, _)| line).join("\n\n");
    let fixture = fixture().but(PAGE, "What does it print?", &text);
    let built = pages(&fixture);
    assert_eq!(built.status.code(), Some(1), "{built:?}");
    let mut wanted = 0;
    for ((_, why), line) in lines.iter().zip((14..).step_by(2)) {
        let place = format!("{PAGE}:{line}: ");
        let told = built.stderr.lines().find(|told| told.starts_with(&place));
        assert_eq!(
            told.is_some(),
            !why.is_empty(),
            "{place}{why}\n{}",
            built.stderr
        );
        assert!(
            told.is_none_or(|told| told.contains(why)),
            "{told:?}: {why}"
        );
        wanted += usize::from(!why.is_empty());
    }
    let count = format!("the book has {wanted} problems");
    assert!(built.stderr.contains(&count), "{}", built.stderr);
}

#[test]
fn a_chapter_that_does_not_compile_is_a_problem_and_no_more() {
    let main = "chapters/01-demo/src/main.rs";
    let fixture = fixture()
        .but(PAGE, "What does it print?", "{{stepper: hello}}")
        .but(main, "fn main", "fn moan");
    let built = pages(&fixture);
    let told = format!("{PAGE}:14: chapter 1 does not compile");
    assert!(built.stderr.contains(&told), "{}", built.stderr);
    assert!(
        built.stderr.contains("the book has 1 problem\n"),
        "{}",
        built.stderr
    );
    assert!(fixture.root().join("target/book/01-demo.html").is_file());
}
