//! The steps for a player, and the questions that it may ask: of the runs that the browser's tests play.

use serde_json::Value;
use timeline::{Damaged, Trace, What};

fn recorded(name: &str) -> Trace {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/traces");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    Trace::parse(&text).unwrap()
}

fn document(trace: &Trace) -> Value {
    serde_json::from_str(&trace.to_playable().unwrap()).unwrap()
}

/// The questions, each with its step.
fn questions(trace: &Trace) -> Vec<(usize, Value)> {
    let document = document(trace);
    let steps = document["steps"].as_array().unwrap().iter().enumerate();
    steps
        .filter_map(|(step, it)| Some((step, it.get("ask")?.clone())))
        .collect()
}

fn whys(trace: &Trace, ask: &str) -> Vec<String> {
    let asked = questions(trace)
        .into_iter()
        .filter(|(_, it)| it["ask"] == ask);
    asked
        .map(|(_, it)| it["why"].as_str().unwrap().to_string())
        .collect()
}

#[test]
fn the_reason_is_the_queues_front_or_the_earliest_timer() {
    let taxis = whys(&recorded("02-taxi"), "Who runs next?");
    assert!(taxis.len() > 15, "{taxis:?}");
    for why in &taxis {
        assert!(
            why.starts_with("The earliest timer is that of taxi "),
            "{why}"
        );
    }
    let tie =
        |why: &String| why.contains(", and set before the others that are due then");
    assert!(taxis.iter().any(tie) && !taxis.iter().all(tie), "{taxis:?}");
    let tasks = whys(&recorded("06-two-tasks"), "Who runs next?");
    let front = |why: &String| why.ends_with("is at the front of the queue.");
    assert!(tasks.iter().any(front), "{tasks:?}");
}

#[test]
fn the_answer_is_who_runs_next() {
    for name in [
        "02-taxi",
        "05-timeout",
        "06-two-tasks",
        "06-callback",
        "07-echo",
    ] {
        let trace = recorded(name);
        for (step, ask) in questions(&trace) {
            let answer = usize::try_from(ask["answer"].as_u64().unwrap()).unwrap();
            let answer = ask["options"][answer].as_str().unwrap();
            let lines = ask["lines"] == true;
            let next = trace.events[step + 1..]
                .iter()
                .find(|event| match event.what {
                    What::Printed { .. } => lines,
                    What::Polled { .. } | What::CallbackCalled { .. } => !lines,
                    _ => false,
                });
            let next = next.unwrap();
            let is_true = match &next.what {
                What::Printed { text, .. } => answer == text.trim(),
                // Where several are called so, its number follows.
                What::Polled { task } => {
                    let name = next.says.trim_end_matches(" runs");
                    answer == name || answer == format!("{name} {task}")
                }
                _ => answer == next.says.trim_end_matches(" runs"),
            };
            assert!(is_true, "{name}, step {step}: {answer}, and {}", next.says);
        }
    }
}

#[test]
fn two_tasks_of_one_name_are_told_apart() {
    let mut trace = recorded("06-two-tasks");
    for event in &mut trace.events {
        if let What::Spawned { name, .. } | What::Named { name, .. } = &mut event.what {
            *name = "twin".to_string();
        }
    }
    let asked = questions(&trace)
        .into_iter()
        .map(|(_, it)| it["options"].to_string());
    let asked: Vec<String> = asked.collect();
    let twins = |options: &String| options.contains("\"twin 2\"");
    assert!(asked.iter().any(twins), "{asked:?}");
    assert!(
        !asked.iter().any(|options| options.contains("\"twin\"")),
        "{asked:?}"
    );
}

#[test]
fn what_a_dropped_future_prints_is_its_destructors() {
    let trace = recorded("08-abort");
    let dropped = |why: &String| why.ends_with(" is dropped: its destructors run.");
    assert!(whys(&trace, "What is printed next?").iter().any(dropped));
    let document = document(&trace);
    let steps = document["steps"].to_string();
    assert!(steps.contains("\"running\",\"is dropped\""), "{steps}");
}

#[test]
fn where_each_loop_drives_one_future_there_is_a_flag() {
    for (name, flag) in [
        ("04-two-calls", true),
        ("05-timeout", true),
        ("06-callback", false),
        ("02-taxi", false),
    ] {
        assert_eq!(document(&recorded(name))["flag"], flag, "{name}");
    }
}

#[test]
fn nothing_is_written_of_what_cannot_have_happened() {
    let mut trace = recorded("02-taxi");
    let fired = |event: &timeline::Event| matches!(event.what, What::TimerFired { .. });
    let step = trace.events.iter().position(fired).unwrap();
    let again = trace.events[step].clone();
    trace.events.insert(step, again);
    let damaged = trace.to_playable().unwrap_err();
    assert!(
        matches!(damaged, Damaged::Impossible { step: at, .. } if at == step + 1),
        "{damaged}"
    );
}
