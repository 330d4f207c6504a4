//! What a player is given says the same as the replay, at every step.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use timeline::{Phase, Replay, Runnable, State, TimerState, Trace, What};
use workbook_tests::limits::thorough;
use workbook_tests::root;
use workbook_tests::snapshot::updating;

/// The lists of a player, by name.
type Lists = BTreeMap<String, Vec<Value>>;

/// Taking the steps of `trace` as a player does leads to what the replay has.
pub(crate) fn is_true(trace: &Trace) -> Result<()> {
    let document: Value = serde_json::from_str(&trace.to_playable()?)?;
    let steps = document["steps"].as_array().context("no steps")?;
    ensure!(steps.len() == trace.events.len(), "{} steps", steps.len());
    let (mut lists, mut replay) = (Lists::new(), Replay::new(trace));
    for (number, step) in steps.iter().enumerate() {
        take(step, &mut lists).with_context(|| format!("step {number}"))?;
        let state = replay.advance()?.context("the replay is over")?;
        if is_compared(number, state) {
            same(&lists, state).with_context(|| format!("step {number}"))?;
        }
        if let Some(ask) = step.get("ask") {
            ensure!(
                is_answered(ask, &steps[number + 1..]),
                "step {number}: {ask}"
            );
        }
    }
    Ok(())
}

/// Whether all lists are compared after step `number`. Long ones are only now and then: at every step it would take too
/// long. In the quick form, so are those of a long trace, and those of a program that has had a thousand timers, of which
/// all are looked at each time.
fn is_compared(number: usize, state: &State<'_>) -> bool {
    let short = state.tasks().len() + state.output().len() < 200;
    let few = number < 10_000 && state.timers().len() < 1_000;
    short && (few || thorough()) || number.is_multiple_of(4096)
}

/// A task that is given a name has it from its first step on.
pub(crate) fn names(trace: &Trace) -> Result<()> {
    let mut called = BTreeMap::new();
    for event in &trace.events {
        match &event.what {
            What::Spawned { task, name, .. } => {
                called.insert(*task, name.clone());
            }
            What::Named { task, name } => {
                let before = called.insert(*task, name.clone()).unwrap_or_default();
                let by_number = ["coroutine-", "Task-"]
                    .iter()
                    .any(|it| before.starts_with(it));
                ensure!(!by_number, "{before} becomes {name}");
            }
            _ => {}
        }
    }
    Ok(())
}

fn take(step: &Value, lists: &mut Lists) -> Result<()> {
    let none = Vec::new();
    for change in step["changes"].as_array().unwrap_or(&none) {
        let change = change.as_array().context("no list")?;
        let pane = change[0].as_str().context("no name")?;
        let number = |at: usize| change[at].as_u64().context("no number");
        let (at, removed) = (usize::try_from(number(1)?)?, usize::try_from(number(2)?)?);
        let list = lists.entry(pane.to_string()).or_default();
        ensure!(at + removed <= list.len(), "{pane}: {at} + {removed}");
        list.splice(at..at + removed, change[3..].iter().cloned());
    }
    Ok(())
}

fn same(lists: &Lists, state: &State<'_>) -> Result<()> {
    let entry = |who: Runnable| match who {
        Runnable::Task(task) => json!(task),
        Runnable::Callback(callback) => json!(-i64::from(callback)),
    };
    let has = |pane: &str, wanted: Vec<Value>| {
        let found = lists.get(pane).map_or(&[][..], Vec::as_slice);
        ensure!(found == wanted, "{pane}: {found:?} and not {wanted:?}");
        Ok(())
    };
    has("queue", state.queue().map(entry).collect())?;
    has(
        "output",
        state.output().iter().map(|line| json!(line)).collect(),
    )?;
    match state.heap() {
        Some(heap) => has("heap", heap.iter().map(|key| json!(key)).collect())?,
        // Before the first, or too long to be recorded.
        None => has("heap", Vec::new()).or_else(|_| has("heap", vec![json!(0)]))?,
    }
    let network = state.network();
    let under_way = (1..)
        .zip(network.messages())
        .filter(|it| it.1.under_way > 0);
    let of = |pane: &str, at: usize| -> Vec<Value> {
        let rows = lists.get(pane).map_or(&[][..], Vec::as_slice);
        rows.iter().map(|row| row[at].clone()).collect()
    };
    let mut listed = of("messages", 0);
    listed.sort_by_key(Value::as_u64);
    let wanted: Vec<Value> = under_way.map(|(number, _)| json!(number)).collect();
    ensure!(listed == wanted, "messages {listed:?} and not {wanted:?}");
    let hosts = network.hosts().iter();
    let wanted: Vec<Value> = hosts.clone().map(|it| json!(it.leads)).collect();
    ensure!(of("hosts", 3) == wanted, "who leads: {wanted:?}");
    let wanted: Vec<Value> = hosts.map(|it| json!(it.runs)).collect();
    ensure!(of("hosts", 1) == wanted, "who runs: {wanted:?}");
    let runs = lists
        .get("runs")
        .and_then(|it| it.first())
        .context("runs")?;
    match state.running().last() {
        Some(who) => ensure!(*runs == entry(*who), "{runs} runs"),
        None => ensure!(runs.is_string(), "{runs} runs"),
    }
    ensure!(
        lists.get("inbox").map_or(0, Vec::len) == state.inbox().len(),
        "the inbox"
    );
    let tasks = lists.get("tasks").map_or(&[][..], Vec::as_slice);
    ensure!(tasks.len() == state.tasks().len(), "{} tasks", tasks.len());
    for (row, task) in tasks.iter().zip(state.tasks()) {
        let is = match task.phase() {
            Phase::Ready => "ready",
            Phase::Running => "running",
            Phase::Waiting => "waiting",
            Phase::Over(_) => "over",
        };
        let wanted = [json!(task.name), json!(is), json!(task.polls)];
        ensure!(
            [&row[0], &row[1], &row[3]] == wanted.each_ref(),
            "{row}: {task:?}"
        );
    }
    timers(lists, state)
}

/// Every live timer is listed, with the dead that are on the heap, in order; one that fires stands above them.
fn timers(lists: &Lists, state: &State<'_>) -> Result<()> {
    let listed = lists.get("timers").map_or(&[][..], Vec::as_slice);
    let number = |row: &Value| row[0].as_u64().unwrap_or_default();
    let fires = |row: &&Value| row[3] == "fires";
    ensure!(!listed.iter().skip(1).any(|row| fires(&row)), "{listed:?}");
    let found: Vec<u64> = listed
        .iter()
        .filter(|row| !fires(row))
        .map(number)
        .collect();
    let mut wanted = BTreeSet::new();
    for (number, timer) in (1..).zip(state.timers()) {
        let on_heap = state.heap().is_some_and(|heap| heap.contains(&number));
        match timer.is {
            TimerState::Live => wanted.insert((timer.deadline, u64::from(number))),
            TimerState::Cancelled if on_heap => {
                wanted.insert((timer.deadline, u64::from(number)))
            }
            _ => false,
        };
    }
    let wanted: Vec<u64> = wanted.into_iter().map(|(_, number)| number).collect();
    ensure!(found == wanted, "timers {found:?} and not {wanted:?}");
    Ok(())
}

/// The answer to a question is one of two to four different ones, and the steps that follow say so.
fn is_answered(ask: &Value, ahead: &[Value]) -> bool {
    let Some(options) = ask["options"].as_array() else {
        return false;
    };
    let different: BTreeSet<_> = options.iter().filter_map(Value::as_str).collect();
    let answer = ask["answer"]
        .as_u64()
        .and_then(|it| usize::try_from(it).ok());
    let why = ask["why"].as_str().unwrap_or_default();
    if !(2..=4).contains(&options.len()) || different.len() != options.len() {
        return false;
    };
    let Some(answer) = answer
        .and_then(|at| options.get(at))
        .and_then(Value::as_str)
    else {
        return false;
    };
    let changes = |step: &Value| step["changes"].as_array().cloned().unwrap_or_default();
    let next = |pane: &str| {
        let mut all = ahead.iter().flat_map(changes);
        all.find(|it| it[0] == pane && (pane != "runs" || it[3].is_i64()))
    };
    let shown = match ask["lines"].as_bool() {
        Some(true) => next("output").is_some_and(|it| {
            let line = it[3].as_str().unwrap_or_default().trim();
            line == answer || line.is_empty() && answer == "(an empty line)"
        }),
        _ => next("runs").is_some(),
    };
    shown && why.len() > 10
}

/// The traces that the browser's tests play have the steps that are written now.
pub(crate) fn of_the_browser() -> Result<()> {
    let mut count = 0;
    for entry in fs::read_dir(root().join("tests/browser/traces"))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?.replace("\r\n", "\n");
        let now = Trace::parse(&text)?.to_playable()?;
        match updating() {
            true => fs::write(&path, now)?,
            false => ensure!(
                text == now,
                "{}: other steps (if these are right: INSTA_UPDATE=always cargo test --test traces)",
                path.display()
            ),
        }
        count += 1;
    }
    ensure!(count >= 8, "{count} traces");
    Ok(())
}
