//! Every program can be recorded, and what is recorded is true: it can be played again step by step, and the lines in
//! it are the program's transcript. One trial each: `cargo test --test traces -- 02-event-loop::taxi`.

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use catalogue::{Chapter, Kind, Program};
use libtest_mimic::{Completion, Trial};
use serde_json::Value;
use timeline::{ClockKind, Event, Replay, State, SvgOptions, Trace, What, is_hook};
use workbook_tests::chapters::{left_out, workbook};
use workbook_tests::limits::thorough;
use workbook_tests::process::last_lines;
use workbook_tests::snapshot::{recorded as transcript, same, snapshot, updating};
use workbook_tests::{root, run, trial};

#[path = "traces/network.rs"]
mod network;
#[path = "traces/played.rs"]
mod played;
#[path = "traces/recorded.rs"]
mod recorded;
use recorded::{Recorded, binaries, traced};

/// A trace of more events is long: playing it takes seconds.
const LONG: usize = 20_000;

/// The picture in the README.
const PICTURE: &str = "book/src/taxi-timeline.svg";

fn main() -> ExitCode {
    run(trials())
}

fn trials() -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for chapter in &workbook()?.chapters {
        for program in chapter.runnable().filter(|it| it.kind != Kind::Mine) {
            let name = format!("{}::{}", chapter.slug, program.name);
            trials.push(trial(name, || is_true(chapter, program)));
        }
    }
    let done = |test: fn() -> Result<()>| move || test().map(|()| Completion::Completed);
    trials.push(trial("snapshots", done(snapshots)));
    trials.push(trial("stored", done(stored)));
    trials.push(trial("large", done(large)));
    trials.push(trial("off", done(off)));
    trials.push(trial("readme", done(readme)));
    trials.push(trial("chrome", done(chrome)));
    trials.push(trial("network", done(hosts)));
    trials.push(trial("browser", done(played::of_the_browser)));
    Ok(trials)
}

/// The traces that the book shows are stored, each as it is recorded now, and no others.
fn stored() -> Result<()> {
    let store = root().join(pages::STORE);
    // Recording builds the chapters, too: the tests' own must have been set aside.
    binaries()?;
    let wanted = pages::recordings(&root())?;
    if updating() {
        let _ = fs::remove_dir_all(&store);
        fs::create_dir_all(&store)?;
        for (name, json) in &wanted {
            fs::write(store.join(name), json)?;
        }
        return Ok(());
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(&store).context("there are no stored traces")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.insert(
            name,
            fs::read_to_string(entry.path())?.replace("\r\n", "\n"),
        );
    }
    let differ: Vec<&String> = wanted
        .keys()
        .chain(found.keys())
        .filter(|name| wanted.get(*name) != found.get(*name))
        .collect();
    ensure!(
        differ.is_empty(),
        "not as recorded now, in {}: {differ:?}\nINSTA_UPDATE=always writes them anew",
        pages::STORE
    );
    Ok(())
}

fn record(chapter: u32, arguments: &[&str]) -> Result<Recorded> {
    let chapter = workbook()?
        .chapter(chapter)
        .context("there is no such chapter")?;
    binaries()?.record(chapter, arguments)
}

/// What is recorded can have happened, and its lines are what the program prints.
fn is_true(chapter: &Chapter, program: &Program) -> Result<Completion> {
    if let Some(left_out) = left_out(chapter, program) {
        return Ok(left_out);
    }
    let run = binaries()?.record(chapter, &[&program.name])?;
    ends_alike(&run, program)?;
    let trace = &run.trace;
    let head = (&trace.chapter, &trace.program, &trace.args);
    ensure!(
        head == (&chapter.package, &program.name, &Vec::new()),
        "it says it is of {head:?}"
    );
    let wanted = comparable(&transcript(&chapter.slug, &program.name)?);
    let found = comparable(&lines(trace));
    match trace.left_out {
        0 => same(("the transcript", &wanted), ("the trace", &found))?,
        // What was left out is at the end.
        _ => ensure!(wanted.starts_with(&*found), "other lines:\n{found}"),
    }
    sources_are_theirs(trace)?;
    ensure!(trace.to_json() == run.json, "written again, it is another");
    let trace = played_of(run.trace);
    replays(&trace)?;
    played::is_true(&trace)?;
    played::names(&trace)?;
    Ok(Completion::Completed)
}

/// What is played again of `trace`: all of it, or in the quick form the beginning of a long one.
fn played_of(mut trace: Trace) -> Trace {
    let beyond = trace.events.len().saturating_sub(LONG);
    if beyond > 0 && !thorough() {
        trace.events.truncate(LONG);
        trace.left_out += u64::try_from(beyond).expect("64 bits");
    }
    trace
}

/// With the recorder it prints what it prints without, and ends as its header says.
fn ends_alike(run: &Recorded, program: &Program) -> Result<()> {
    ensure!(
        run.finished.status.code() == Some(program.header.exit),
        "ended with {}; its last words:\n{}",
        run.finished.status,
        last_lines(&run.finished.stderr, 20)
    );
    same(
        ("standard output", &run.finished.stdout),
        ("the trace", &all_lines(run)),
    )
}

/// The printed lines, or, of a trace that is not whole, what was printed.
fn all_lines(run: &Recorded) -> String {
    match run.trace.left_out {
        0 => lines(&run.trace),
        _ => run.finished.stdout.clone(),
    }
}

/// `text` without the lines that tell how much memory something takes: where it is recorded, it takes more.
fn comparable(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.ends_with(" bytes"));
    lines.collect::<Vec<_>>().join("\n")
}

fn lines(trace: &Trace) -> String {
    let lines = trace.events.iter().filter_map(|event| match &event.what {
        What::Printed { text, .. } => Some(&**text),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Every step can follow the one before, after each every live task is in exactly one place, and no timer fires early.
fn replays(trace: &Trace) -> Result<()> {
    let mut replay = Replay::new(trace);
    for (step, event) in trace.events.iter().enumerate() {
        replay.apply(event)?;
        let state = replay.state();
        // With many tasks, counting them at every step takes too long; the replay does so now and then.
        if state.tasks().len() <= 64 {
            state
                .check()
                .map_err(|why| anyhow::anyhow!("step {step}: {why}"))?;
        }
        let next = trace.events.get(step + 1).map(|next| &next.what);
        fires_in_time(event, state, next).with_context(|| format!("step {step}"))?;
    }
    let depth = replay.finish()?.depth();
    ensure!(depth == 0 || trace.left_out > 0, "a loop has not ended");
    Ok(())
}

/// No timer fires before the virtual clock has come to its deadline: in a loop, nor in a program that asks heap and
/// clock itself, where a jump would follow.
fn fires_in_time(event: &Event, state: &State<'_>, next: Option<&What>) -> Result<()> {
    let What::TimerFired { timer, .. } = event.what else {
        return Ok(());
    };
    let due = state.timers()[timer as usize - 1].deadline;
    let in_loop = state.depth() > 0 && state.clock() == Some(ClockKind::Virtual);
    let jumps = matches!(next, Some(What::Jumped { to }) if *to == due);
    let early = due > event.at && (in_loop || jumps);
    ensure!(!early, "{} at {}", event.says, event.at);
    Ok(())
}

/// The lines that events name are lines of the files that are there now, and no hooks.
fn sources_are_theirs(trace: &Trace) -> Result<()> {
    for source in &trace.sources {
        let text = fs::read_to_string(root().join(&source.file))?;
        ensure!(text == source.text, "{} says something else", source.file);
    }
    for place in &trace.places {
        let source = trace.sources.iter().find(|it| it.file == place.file);
        let source = source.with_context(|| format!("no text of {}", place.file))?;
        let line = source.text.lines().nth(place.line as usize - 1);
        ensure!(line.map(str::trim) == Some(&place.text), "{place:?}");
        ensure!(
            !is_hook(&place.text),
            "a hook, not the reader's code: {place:?}"
        );
    }
    Ok(())
}

/// Four traces as they are, but for the numbers of lines.
fn snapshots() -> Result<()> {
    let bare = |chapter, arguments: &[&str]| -> Result<String> {
        Ok(record(chapter, arguments)?.trace.without_lines().to_json())
    };
    snapshot("traces", "02-taxi", &bare(2, &["taxi"])?)?;
    snapshot("traces", "06-two-tasks", &bare(6, &["two-tasks"])?)?;
    // What other threads send is as it was in every run: main waits for them.
    snapshot("traces", "08-letters", &bare(8, &["letters"])?)?;
    // What a kernel tells of a socket, and in which order, is its own.
    if cfg!(target_os = "linux") {
        snapshot("traces", "07-half-close", &bare(7, &["half-close"])?)?;
    }
    Ok(())
}

/// A night of 3,300 taxis is more than 100,000 steps: recorded whole, drawn on a screen, which takes them all, and played
/// again as [`played_of`] says.
fn large() -> Result<()> {
    let run = record(2, &["taxi", "--taxis", "3300"])?;
    let steps = run.trace.events.len();
    ensure!(steps >= 100_000, "{steps} steps only");
    ensure!(run.trace.left_out == 0, "{} left out", run.trace.left_out);
    ensure!(run.json.len() < 20 << 20, "{} bytes", run.json.len());
    let text = run.trace.to_text(&timeline::TextOptions::default())?;
    ensure!(text.lines().count() < 400, "{} lines", text.lines().count());
    let trace = played_of(run.trace);
    replays(&trace)?;
    played::is_true(&trace)
}

/// Without the recorder, the same program prints the same and writes nothing.
fn off() -> Result<()> {
    for chapter in &workbook()?.chapters {
        let program = chapter.programs.first().context("a program")?;
        let plain = binaries()?
            .plain
            .get(&chapter.package)
            .context("not built")?;
        let (finished, json) = traced(plain, &[&program.name])?;
        ensure!(json.is_none(), "{}: it wrote a trace", chapter.slug);
        let wanted = transcript(&chapter.slug, &program.name)?;
        same(
            ("the transcript", &wanted),
            ("the program", &finished.stdout),
        )?;
    }
    Ok(())
}
/// The picture in the README is what the taxis' trace draws now.
fn readme() -> Result<()> {
    let options = SvgOptions {
        alone: true,
        ..SvgOptions::default()
    };
    let picture = record(2, &["taxi"])?.trace.to_svg(&options)?;
    let path = root().join(PICTURE);
    if updating() {
        return Ok(fs::write(path, picture)?);
    }
    let there = fs::read_to_string(path)
        .context(PICTURE)?
        .replace("\r\n", "\n");
    ensure!(
        there == picture,
        "{PICTURE} is another picture (if the trace is right: INSTA_UPDATE=always cargo test --test traces)"
    );
    let readme = fs::read_to_string(root().join("README.md"))?;
    ensure!(
        readme.contains(PICTURE),
        "the README does not show {PICTURE}"
    );
    Ok(())
}

/// What is recorded of simulated hosts is what their simulation tells.
fn hosts() -> Result<()> {
    network::is_as_told(&record(21, &["same-seed"])?.trace)
}

/// Chrome's form: every event is of a kind that there is, has its place and time, polls do not overlap on their thread,
/// and each flow that begins ends once, later.
fn chrome() -> Result<()> {
    let programs = [
        (2, "taxi"),
        (6, "two-tasks"),
        (7, "echo"),
        (8, "letters"),
        (8, "abort"),
    ];
    for (chapter, name) in programs {
        let trace = record(chapter, &[name])?.trace;
        let json: Value = serde_json::from_str(&trace.to_chrome()?)?;
        let events = json["traceEvents"].as_array().context("no traceEvents")?;
        let polled = |event: &&timeline::Event| matches!(event.what, What::Polled { .. });
        let polls = trace.events.iter().filter(polled).count();
        valid(events, polls).with_context(|| name.to_string())?;
    }
    Ok(())
}

fn valid(events: &[Value], polls: usize) -> Result<()> {
    let (mut flows, mut runs) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
    for event in events {
        let kind = event["ph"].as_str().context("no ph")?;
        ensure!(
            event["name"].is_string() && event["pid"].is_u64(),
            "{event}"
        );
        ensure!(event["tid"].is_u64() || kind == "M", "{event}");
        let at = event["ts"].as_f64();
        ensure!(at.is_some_and(|at| at >= 0.0) || kind == "M", "{event}");
        let at = at.unwrap_or_default();
        let id = event["id"].as_u64();
        match kind {
            "M" => ensure!(event["args"]["name"].is_string(), "{event}"),
            "i" => ensure!(event["s"].is_string(), "{event}"),
            "X" => {
                let lasts = event["dur"].as_f64().context("no dur")?;
                let thread = (event["pid"].as_u64(), event["tid"].as_u64());
                runs.entry(thread).or_default().push((at, at + lasts));
            }
            "s" => ensure!(flows.insert(id.context("no id")?, at).is_none(), "{event}"),
            "f" => {
                let began = flows.remove(&id.context("no id")?);
                ensure!(began.is_some_and(|began| began <= at), "{event}");
            }
            _ => bail!("there is no such kind: {event}"),
        }
    }
    ensure!(flows.is_empty(), "flows that do not end: {flows:?}");
    for (thread, mut runs) in runs {
        runs.sort_by(|one, other| one.0.total_cmp(&other.0));
        let apart = runs.windows(2).all(|two| two[0].1 <= two[1].0);
        ensure!(apart || thread.0 != Some(1), "polls of {thread:?} overlap");
    }
    let complete = |event: &&Value| event["ph"] == "X" && event["pid"] == 1;
    let found = events.iter().filter(complete).count();
    ensure!(found >= polls, "{found} of {polls} polls");
    Ok(())
}
