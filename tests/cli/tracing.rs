//! `trace`: what it draws and writes, what it refuses, and that it loses nothing.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use catalogue::holes::Hole;
use workbook_tests::process::{LIMIT, run_limited};
use workbook_tests::reader::{Reader, shown, with_built_copy};
use workbook_tests::snapshot::same;

use crate::{fits, sees, with_files};

/// Lines that are refused.
const REFUSED: &[&str] = &[
    "trace",
    "trace 2",
    "trace 2 tax",
    "trace 9 echo",
    "trace 2 float-deadline",
    "trace taxi",
    "trace night.json",
    "trace chapters",
    "trace Cargo.lock",
    "trace empty.json",
    "trace half.json",
    "trace other.json",
    "trace newer.json",
    "trace unknown.json",
    "trace list.json",
    "trace nameless.json",
    "trace worded.json",
    "trace dreamt.json",
    "trace early.json",
    "trace impossible.json",
    "trace newer.json taxi",
    "trace 2 taxi -o other.json",
    "trace 2 taxi -o picture.svg",
    "trace 2 taxi -o rustfmt.toml",
    "trace 2 taxi -o chapters",
    "trace 2 taxi -o none/night.json",
    "trace 2 taxi --seed 7 -o night.json",
    "trace 2 taxi --svg --chrome",
];

/// What is no trace is told from what is none any more, and nothing of the reader's is overwritten.
pub(crate) fn refusals() -> Result<()> {
    let (_folder, reader) = with_files()?;
    let head = "\"format\": \"from-yield-to-await trace\"";
    let rest = "\"chapter\": \"\", \"program\": \"\", \"args\": [], \"left_out\": 0, \"places\": [], \"sources\": []";
    let document = |version: u32, events: &str| {
        format!("{{{head}, \"version\": {version}, {rest}, \"events\": [{events}]}}")
    };
    let polled = "{\"at\": 0, \"kind\": \"polled\", \"task\": 7, \"says\": \"\"}";
    for (file, text) in [
        ("empty.json", "\n"),
        ("half.json", "{\"format\": \"from-yield"),
        (
            "other.json",
            "{\"format\": \"flight plan\", \"version\": 1}",
        ),
        ("newer.json", &document(99, "{\"kind\": \"dreamt\"}")),
        ("unknown.json", &document(1, "{\"kind\": \"dreamt\"}")),
        ("list.json", "[1, 2]"),
        ("nameless.json", "{\"version\": 1}"),
        (
            "worded.json",
            &document(1, "").replace("\"version\": 1", "\"version\": \"one\""),
        ),
        (
            "dreamt.json",
            &document(1, "{\"at\": 0, \"kind\": \"dreamt\", \"says\": \"\"}"),
        ),
        (
            "early.json",
            &document(
                1,
                "{\"at\": \"early\", \"kind\": \"loop-ended\", \"says\": \"\"}",
            ),
        ),
        ("impossible.json", &document(1, polled)),
        ("picture.svg", "<svg></svg>\n"),
    ] {
        reader.write(file, text)?;
    }
    let before = files(&reader)?;
    for line in REFUSED {
        let finished = reader.types(line)?;
        ensure!(finished.status.code() == Some(2), "{line}: {finished:?}");
        ensure!(finished.stdout.is_empty(), "{line}: {finished:?}");
    }
    sees("trace-refusals", &reader.session(REFUSED)?)?;
    ensure!(files(&reader)? == before, "a file was changed");
    Ok(())
}

/// The files in the workspace's own folder.
fn files(reader: &Reader) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(&reader.folder)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().context("a name")?;
            let text = fs::read_to_string(&path)?;
            files.push((name.to_string_lossy().into_owned(), text));
        }
    }
    files.sort();
    Ok(files)
}

/// A run is drawn, told in steps, written in each form, and read again.
pub(crate) fn runs() -> Result<()> {
    let reader = with_built_copy()?;
    let lines = [
        "trace 2 taxi",
        "trace 2 late --ascii",
        "trace 2 late --steps",
        "trace 2 late -o night.json",
        "trace 2 taxi -o night.json --seed 7",
        "trace 2 late --svg -o night.svg",
        "trace 2 late -o night.svg",
        "trace 2 late --chrome -o chrome.json",
        "trace 2 rush-hour --chrome -o chrome.json",
        "trace 2 taxi --taxis 0",
        "trace 1 resumed-after-the-end --steps",
    ];
    sees("trace", &reader.session(&lines)?)?;
    let json = reader.read("night.json")?;
    let night = timeline::Trace::parse(&json)?;
    ensure!(night.args == ["--seed", "7"], "{:?}", night.args);
    // A run that is recorded twice is the same, and what was written is drawn like the run.
    let again = reader.types("trace 2 taxi -o - --seed 7")?;
    ensure!(again.stdout == json, "{}", again.stdout);
    let (drawn, run) = (
        reader.types("trace night.json")?,
        "trace 2 taxi -- --seed 7",
    );
    ensure!(drawn == reader.types(run)?, "{drawn:?}");
    ensure!(reader.read("night.svg")?.starts_with("<svg"), "no picture");
    let left = fs::read_dir(&reader.folder)?.filter_map(Result::ok);
    let left = left.filter(|it| it.file_name().to_string_lossy().starts_with(".trace"));
    ensure!(left.count() == 0, "a half-written file was left");
    let mut narrow = reader.command("trace 2 taxi")?;
    fits(&run_limited(narrow.env("COLUMNS", "60"), LIMIT)?.stdout, 60)?;
    Ok(())
}

/// Two holes, two ways to fill them, one picture: as the book lists the code, which leaves out hooks, and in words of
/// the reader's own.
pub(crate) fn filled_holes() -> Result<()> {
    let reader = with_built_copy()?;
    let countdown = "chapters/01-generators/src/countdown.rs";
    let lines = [
        "trace 1 countdown --steps",
        "trace 1 meter --steps",
        "trace 2 taxi --steps",
        "trace 2 breakdown --steps",
    ];
    let ours = reader.session(&lines)?;
    ensure!(ours.contains("countdown-1 stops half-way"), "{ours}");
    ensure!(ours.contains("taxi C is over"), "{ours}");
    for chapter in ["01-generators", "02-event-loop"] {
        for entry in
            fs::read_dir(reader.folder.join("chapters").join(chapter).join("src"))?
        {
            let path = entry?.path();
            if path.is_file() {
                fill(&path, |body| {
                    let listed = body.lines().filter(|line| !timeline::is_hook(line));
                    listed.map(|line| format!("{line}\n")).collect()
                })?;
            }
        }
    }
    same(("ours", &ours), ("as listed", &reader.session(&lines)?))?;
    fill(&reader.folder.join(countdown), |_| {
        OWN_COUNTDOWN.to_string()
    })?;
    let own = reader.session(&lines[..1])?;
    ensure!(ours.starts_with(&own), "of the reader's own:\n{own}");
    Ok(())
}

/// Writes what `body` makes of the code in each hole of `file`.
fn fill(file: &Path, body: impl Fn(&str) -> String) -> Result<()> {
    let mut text = fs::read_to_string(file)?;
    // From the end, so that the places of the others stay as they are.
    for hole in Hole::in_text(file, &text)?.iter().rev() {
        text = hole.replaced(&text, &body(&hole.body));
    }
    Ok(fs::write(file, text)?)
}

const OWN_COUNTDOWN: &str = r#"
        match self.place {
            Place::Start if self.n > 0 => {
                self.place = Place::AtYield;
                return CoroutineState::Yielded(self.n);
            }
            Place::AtYield if self.n > 1 => {
                self.n -= 1;
                return CoroutineState::Yielded(self.n);
            }
            Place::Done => panic!("countdown resumed after completion"),
            Place::Start | Place::AtYield => self.place = Place::Done,
        }
        CoroutineState::Complete("lift-off")
"#;

/// The reader's own programs are traced like ours, however they end; and a chapter that does not compile says so.
pub(crate) fn own_programs() -> Result<()> {
    let reader = with_built_copy()?;
    let write = |name: &str, body: &str| reader.write_own_program(name, body);
    write("my_night", "trace::say!(\"dark\"); Ok(())")?;
    write("my_silence", "Ok(())")?;
    write("my_wait", "loop { std::thread::park(); }")?;
    write("my_din", "loop { trace::say!(\"and\"); }")?;
    write("my_end", "trace::say!(\"so\"); std::process::exit(3)")?;
    write("my_fall", "trace::say!(\"up\"); panic!(\"down\")")?;
    let mut seen = String::new();
    for line in [
        "trace 2 my_night --steps",
        "trace 2 my-silence",
        "trace 2 my-wait --limit 1",
        "trace 2 my-din",
        "trace 2 my-end",
        "trace 2 my-fall --steps",
    ] {
        let mut finished = reader.types(line)?;
        // A panic's place is told by a path of this machine.
        if let Some((before, _)) = finished.stderr.split_once("\nat ") {
            finished.stderr.truncate(before.len());
        }
        seen += &shown(line, &finished);
    }
    sees("trace-own", &seen)?;
    reader.write("chapters/02-event-loop/src/lib.rs", "fn\n")?;
    let broken = reader.types("trace 2 taxi -o night.json")?;
    ensure!(broken.status.code() == Some(1), "{broken:?}");
    ensure!(broken.stdout.is_empty(), "{broken:?}");
    let said = broken.stderr.contains("error") && broken.stderr.contains("src/lib.rs");
    ensure!(said, "{broken:?}");
    ensure!(!reader.folder.join("night.json").exists(), "it was written");
    Ok(())
}
