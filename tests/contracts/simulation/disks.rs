//! What was synced is there after a crash; of the rest, the oldest part.

use std::collections::BTreeSet;
use std::time::Duration;

use simulation::{Fault, Outcome, Planned, Simulation, World};
use taxi::Time;

use crate::Notes;

async fn writes<W: World>(world: W, notes: Notes) -> Outcome {
    if let Ok(found) = world.read("log").await {
        notes.add(String::from_utf8_lossy(&found));
        return Ok(());
    }
    world.append("log", b"ab").await?;
    world.sync("log").await?;
    world.append("log", b"cd").await?;
    world.append("log", b"ef").await?;
    std::future::pending().await
}

/// What a host finds whose program has ended like this.
fn found(seed: u64, fault: fn(String) -> Fault) -> String {
    let notes = Notes::default();
    let mut simulation = Simulation::new(seed);
    let told = notes.clone();
    simulation.client("a", move |world| writes(world, told.clone()));
    simulation.plan(&[Planned {
        at: Time::from_secs(1),
        lasts: Duration::from_secs(1),
        fault: fault("a".to_string()),
    }]);
    assert_eq!(simulation.run(), Ok(()));
    notes.take().concat()
}

#[test]
fn a_crash_keeps_what_was_synced_and_a_beginning_of_the_rest() {
    let all: BTreeSet<_> = (0..200).map(|seed| found(seed, Fault::Crash)).collect();
    let wanted = ["ab", "abc", "abcd", "abcde", "abcdef"];
    assert_eq!(Vec::from_iter(all), wanted);
}

#[test]
fn the_end_of_a_program_loses_nothing_that_was_written() {
    for seed in 0..20 {
        assert_eq!(found(seed, Fault::Kill), "abcdef");
    }
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let mut found = BTreeSet::new();
    for seed in 0..50 {
        let notes = Notes::default();
        let mut simulation = Simulation::new(seed);
        let told = notes.clone();
        simulation.client("a", move |world| {
            let told = told.clone();
            async move {
                if let Ok(found) = world.read("vote").await {
                    told.add(String::from_utf8_lossy(&found));
                    return Ok(());
                }
                world.write("vote", b"old").await?;
                world.sync("vote").await?;
                world.write("vote", b"another").await?;
                std::future::pending().await
            }
        });
        simulation.control().fault(
            Fault::Drift {
                host: "a".into(),
                ppm: 0,
            },
            Duration::ZERO,
        );
        assert_eq!(simulation.run_for(Duration::from_secs(1)), Ok(false));
        simulation.control().crash("a");
        simulation.control().restart("a");
        assert_eq!(simulation.run(), Ok(()));
        found.extend(notes.take());
    }
    assert_eq!(Vec::from_iter(found), ["another", "old"]);
}

#[test]
fn a_sync_that_was_begun_covers_what_was_written_before_it_alone() {
    let mut found = BTreeSet::new();
    for seed in 0..50 {
        let notes = Notes::default();
        let mut simulation = Simulation::new(seed);
        let told = notes.clone();
        simulation.client("a", move |world| {
            let told = told.clone();
            async move {
                if let Ok(found) = world.read("log").await {
                    told.add(String::from_utf8_lossy(&found));
                    return Ok(());
                }
                world.append("log", b"a").await?;
                let (first, second) = (world.sync("log"), world.sync("log"));
                let write = async {
                    taxi::yield_now().await;
                    world.append("log", b"b").await
                };
                let ((first, second), written) =
                    taxi::join(taxi::join(first, second), write).await;
                first.and(second).and(written)?;
                std::future::pending().await
            }
        });
        assert_eq!(simulation.run_for(Duration::from_secs(1)), Ok(false));
        simulation.control().crash("a");
        simulation.control().restart("a");
        assert_eq!(simulation.run(), Ok(()));
        found.extend(notes.take());
    }
    assert_eq!(Vec::from_iter(found), ["a", "ab"]);
}
