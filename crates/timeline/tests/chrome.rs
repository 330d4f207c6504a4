//! Chrome's trace-event form keeps that format's rules.

mod support;

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::Value;
use support::{S, random_run, small};
use timeline::Trace;

fn events(trace: &Trace) -> Vec<Value> {
    let json: Value = serde_json::from_str(&trace.to_chrome().unwrap()).unwrap();
    json["traceEvents"].as_array().unwrap().clone()
}

fn of<'e>(events: &'e [Value], phase: &'e str) -> impl Iterator<Item = &'e Value> {
    events.iter().filter(move |event| event["ph"] == phase)
}

/// The thread of an event, and when it begins and ends, in microseconds.
fn when(event: &Value) -> ((u64, u64), f64, f64) {
    let number = |key: &str| event[key].as_u64().unwrap();
    let begins = event["ts"].as_f64().unwrap();
    let ends = begins + event["dur"].as_f64().unwrap_or(0.0);
    ((number("pid"), number("tid")), begins, ends)
}

#[test]
fn the_small_run() {
    let events = events(&small());
    let names = of(&events, "M").filter(|event| event["name"] == "thread_name");
    let names: Vec<&Value> = names.map(|event| &event["args"]["name"]).collect();
    assert_eq!(names, ["main", "taxi A", "taxi B", "timers"]);
    let polls: Vec<_> = of(&events, "X")
        .filter(|event| event["cat"] == "poll")
        .collect();
    assert_eq!(polls.len(), 6);
    assert_eq!(polls[0]["args"]["waits for"], "sleep");
    assert_eq!(polls[0]["args"]["at"], "a.rs: sleep(2).await;");
    let prints: Vec<_> = of(&events, "i").collect();
    assert_eq!(
        (prints.len(), &prints[0]["name"], &prints[0]["s"]),
        (1, &"B".into(), &"t".into())
    );
    // It runs at 1 s of the virtual clock, and a few microseconds that each step is given.
    let ts = prints[0]["ts"].as_f64().unwrap();
    assert!((1e6..1e6 + 10.0).contains(&ts), "{ts}");
    assert_eq!(small().events.last().unwrap().at, 3 * S);
}

#[test]
fn it_says_that_steps_are_given_time() {
    let json: Value = serde_json::from_str(&small().to_chrome().unwrap()).unwrap();
    assert!(
        json["otherData"]["time"]
            .as_str()
            .unwrap()
            .contains("a microsecond")
    );
    assert_eq!(json["otherData"]["program"], "ch99-tests test");
}

proptest! {
    #[test]
    fn events_nest_and_flows_are_bound(dice in prop::collection::vec(any::<u8>(), 0..150)) {
        let events = events(&random_run(&dice));
        let mut threads: HashMap<(u64, u64), Vec<(f64, f64)>> = HashMap::new();
        for event in of(&events, "X") {
            let (thread, begins, ends) = when(event);
            prop_assert!(ends > begins, "{event}");
            threads.entry(thread).or_default().push((begins, ends));
        }
        // Nobody on a thread of these runs calls another, so they follow one another.
        for slices in threads.values_mut() {
            slices.sort_by(|a, b| a.partial_cmp(b).unwrap());
            for pair in slices.windows(2) {
                prop_assert!(pair[0].1 <= pair[1].0, "{:?}", pair);
            }
        }
        let mut starts = HashMap::new();
        for event in of(&events, "s").chain(of(&events, "f")) {
            let (thread, at, _) = when(event);
            let slices = threads.get(&thread);
            let inside = slices.is_some_and(|slices| slices.iter().any(|s| s.0 <= at && at < s.1));
            prop_assert!(inside || thread == (2, 4), "{event}");
            if event["ph"] == "s" {
                starts.insert(event["id"].as_u64().unwrap(), at);
            } else {
                let start = starts.get(&event["id"].as_u64().unwrap());
                prop_assert!(start.is_some_and(|start| *start <= at), "{event}");
                prop_assert_eq!(&event["bp"], "e");
            }
        }
    }
}
