//! Charts and figures: what the benchmarks have recorded, and nothing else.

use scraper::{Html, Selector};

use crate::fixture::Fixture;

const PAGE: &str = "book/src/01-demo.md";
const RECORD: &str = r#"{
  "format": 1, "date": "2026-12-01T22:15:00Z", "quick": false, "note": "a quiet night",
  "machine": { "cpu": "A <fast> one", "cores": 2, "memory": 16000000000,
               "system": "linux x86_64", "kernel": "6.1", "load": 0.5 },
  "versions": { "rustc": "1.95.0", "tokio": "1.54.0" },
  "rows": [
    { "name": "spawn", "chapter": 8, "about": "spawn a task", "unit": "cpu_ns", "sides": [
      { "name": "ours", "time": { "low": 30.0, "median": 35.0, "high": 40.0 }, "instructions": 735.0 },
      { "name": "tokio", "time": { "low": 140.0, "median": 140.0, "high": 140.0 }, "system_calls": 1234.6 },
      { "name": "monoio", "absent": "no io_uring here" } ] },
    { "name": "idle", "chapter": 8, "about": "memory", "unit": "bytes", "sides": [
      { "name": "ours", "time": { "low": 112.0, "median": 112.0, "high": 112.0 } } ] }
  ]
}"#;

/// A workbook with this record, whose page has this line.
fn with(record: &str, line: &str) -> Fixture {
    let fixture = Fixture::new().but(PAGE, "What does it print?", line);
    fixture.with("book/bench/one.json", record)
}

fn select(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let found = page.select(&selector);
    found.map(|it| it.text().collect()).collect()
}

#[test]
fn a_chart_has_a_bar_for_each_side_and_says_where_it_was_measured() {
    let fixture = with(RECORD, "{{chart: spawn idle}}");
    assert_eq!(fixture.problems(), [""; 0]);
    let html = fixture.html("01-demo.html");
    let page = Html::parse_document(&html);
    assert_eq!(
        select(&page, ".chart svg text"),
        ["ours", "35.0 ns", "tokio", "140 ns", "ours", "112 bytes"]
    );
    let selector = Selector::parse(".chart rect").unwrap();
    let bars = page.select(&selector);
    let widths: Vec<_> = bars.map(|bar| bar.attr("width").unwrap()).collect();
    assert_eq!(widths, ["25.00%", "100.00%", "100.00%"]);
    let said = &select(&page, ".chart title")[0];
    assert_eq!(said, "Spawn a task, CPU time: ours 35.0 ns, tokio 140 ns.");
    let caption = &select(&page, ".chart figcaption")[0];
    for part in [
        "2026-12-01: A <fast> one, 2 cores, 16 GB, linux x86_64 6.1, load 0.5",
        "tokio 1.54.0",
        "a quiet night",
        "monoio: no io_uring here",
        "thin lines",
    ] {
        assert!(caption.contains(part), "{part}: {caption}");
    }
    assert!(!caption.contains("yours"), "{caption}");
    // The table has what the bars leave out.
    let cells = select(&page, ".chart table td");
    assert!(
        cells.contains(&"35.0 ns (30.0 ns to 40.0 ns)".to_string()),
        "{cells:?}"
    );
    assert!(cells.contains(&"735".to_string()), "{cells:?}");
}

#[test]
fn a_readers_own_record_is_laid_beside() {
    let mine = RECORD.replace("35.0", "70.0").replace("quiet", "loud");
    let fixture = with(
        RECORD,
        "{{chart: spawn}}\n\nIt takes {{figure: spawn ours time}}.",
    );
    let fixture = fixture.with("book/bench/mine.json", &mine);
    assert_eq!(fixture.problems(), [""; 0]);
    let html = fixture.html("01-demo.html");
    assert!(html.contains("35.0 ns; yours 70.0 ns"));
    assert!(html.contains("a loud night"));
    // The prose is about ours.
    assert!(html.contains("It takes <span class=\"figure\">35.0 ns</span>."));
}

#[test]
fn a_figure_is_a_count_a_time_or_how_many_times_as_much() {
    for (words, wanted) in [
        ("spawn ours instructions", "735"),
        ("spawn tokio/ours time", "4.00"),
        ("spawn tokio system-calls", "1,235"),
        ("idle ours time", "112 bytes"),
    ] {
        let fixture = with(RECORD, &format!("It is {{{{figure: {words}}}}}, is it?"));
        assert_eq!(fixture.problems(), [""; 0]);
        let shown = format!("It is <span class=\"figure\">{wanted}</span>, is it?");
        assert!(fixture.html("01-demo.html").contains(&shown), "{words}");
    }
}

#[test]
fn of_several_records_the_latest_that_has_the_row_is_told() {
    let later = RECORD
        .replace("12-01", "12-02")
        .replace("735", "700")
        .replace("\"idle\"", "\"busy\"");
    // A smoke run's figures are nobody's.
    let smoke = RECORD
        .replace("12-01", "12-03")
        .replace("735", "9")
        .replace("false", "true");
    let line = "{{figure: spawn ours instructions}} and {{figure: idle ours time}}";
    let fixture = with(RECORD, line).with("book/bench/later.json", &later);
    let html = fixture
        .with("book/bench/smoke.json", &smoke)
        .html("01-demo.html");
    let shown = |it| format!("<span class=\"figure\">{it}</span>");
    assert!(html.contains(&format!("{} and {}", shown("700"), shown("112 bytes"))));
}

#[test]
fn where_nothing_is_recorded_no_page_can_tell_it() {
    let line = "{{chart: spawn}}\n\nIt takes {{figure: spawn ours time}}.";
    let fixture = Fixture::new().but(PAGE, "What does it print?", line);
    let problems = fixture.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    for problem in problems {
        let why = "no record in book/bench has a row `spawn`";
        assert!(problem.ends_with(why), "{problem}");
    }
}

#[test]
fn what_is_not_recorded_fails_the_build() {
    for (record, line, why) in [
        (
            RECORD,
            "{{chart: spwan}}",
            "no record in book/bench has a row `spwan`; did you mean `spawn`?",
        ),
        (
            RECORD,
            "{{chart: spawn bytes}}",
            "in the row `spawn`, `bytes` is not recorded",
        ),
        (
            RECORD,
            "Only {{figure: spawn smol time}}.",
            "the row `spawn` has no side `smol`; it has ours, tokio, monoio",
        ),
        (
            RECORD,
            "Only {{figure: spawn monoio time}}.",
            "of `monoio` in the row `spawn`, `time` is not recorded",
        ),
        (
            RECORD,
            "Only {{figure: spawn}}.",
            "a row, a side, and one of time",
        ),
        (
            RECORD,
            "Only {{figure: spawn ours colour}}.",
            "a row, a side, and one of time",
        ),
        (
            "{ \"format\": 9 }",
            "What?",
            "it has the format 9; this workbook reads 1",
        ),
        ("[]", "What?", "not what `cargo run -- bench --json` writes"),
    ] {
        let problems = with(record, line).problems();
        assert!(
            problems.iter().any(|it| it.contains(why)),
            "{why} is not among {problems:#?}"
        );
    }
}
