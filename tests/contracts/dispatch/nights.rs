//! The whole dispatch in the simulation: three replicas, three customers, and faults.

use std::cell::RefCell;
use std::fs;
use std::rc::Rc;

use simulation::dispatch::{Client, Night, Op, Reply, Settings, host, serve};
use simulation::{Simulation, World};
use workbook_tests::limits::quick_or_full;
use workbook_tests::root;
use workbook_tests::snapshot::recorded;

#[test]
fn whatever_goes_wrong_one_desk_would_have_answered_so() {
    for seed in 0..quick_or_full(10, 400) {
        assert_eq!(Night::new(seed).run().problem(), None, "seed {seed}");
    }
}

/// All that is asked for is answered in the end, and not only what was asked for while nothing was wrong.
#[test]
fn a_night_is_not_idle() {
    let morning = Night::new(3).run();
    assert_eq!(morning.history.len(), 3 * 11);
    assert!(morning.history.iter().all(|it| it.answered.is_some()));
    let granted = |reply: &Reply| matches!(reply, Reply::Taxi(_));
    let answered = morning.history.iter().filter_map(|it| it.answered.as_ref());
    assert!(answered.filter(|it| granted(&it.1)).count() >= 5);
}

#[test]
fn the_planted_bug_is_found_and_only_faults_show_it() {
    let found = (0..quick_or_full(30, 400)).find(|seed| {
        let problem = Night::new(*seed).planted().run().problem();
        problem.is_some_and(|it| it.contains("no order explains"))
    });
    let seed = found.expect("a seed shows it");
    let calm = Night {
        plan: Vec::new(),
        ..Night::new(seed).planted()
    };
    assert_eq!(calm.run().problem(), None);
}

#[test]
fn the_same_seed_is_the_same_night() {
    for seed in 0..quick_or_full(3, 50) {
        let (one, other) = (Night::new(seed).run(), Night::new(seed).run());
        assert_eq!(one, other, "seed {seed}");
    }
}

/// What was said to be done is done after everybody has lost power: one after another, and all at once.
#[test]
fn what_was_acknowledged_survives_a_blackout() {
    for seed in 0..quick_or_full(5, 100) {
        let mut simulation = Simulation::new(seed);
        for id in 1..=3 {
            simulation.host(&host(id), move |it| serve(it, id, Settings::default()));
        }
        let control = simulation.control();
        let seen = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&seen);
        simulation.client("Ann", move |world| {
            let (control, told) = (control.clone(), Rc::clone(&told));
            async move {
                let mut client = Client::new(world, 1, 3).await?;
                for _ in 0..4 {
                    let reply = client.ask(Op::order("Ann")).await?;
                    told.borrow_mut().push(reply);
                    (1..=3).for_each(|id| control.crash(&host(id)));
                    (1..=3).for_each(|id| control.restart(&host(id)));
                }
                let reply = client.ask(Op::Ask).await?;
                told.borrow_mut().push(reply);
                Ok(())
            }
        });
        assert_eq!(simulation.run(), Ok(()), "seed {seed}");
        let taken = (1..=4).map(|taxi| (taxi, "Ann".to_string())).collect();
        let mut all: Vec<Reply> = (1..=4).map(Reply::Taxi).collect();
        all.push(Reply::Taken(taken));
        assert_eq!(*seen.borrow(), all, "seed {seed}");
    }
}

#[test]
fn a_wish_that_is_too_long_is_refused() {
    let mut simulation = Simulation::new(7);
    simulation.client("Ann", |world: simulation::Simulated| async move {
        assert!(world.now().as_nanos() < 1_000_000_000);
        let mut client = Client::new(world, 1, 1).await?;
        client.ask(Op::order(&"Ann".repeat(100))).await?;
        Ok(())
    });
    let failure = simulation.run().unwrap_err().to_string();
    assert!(failure.contains("256 are most"), "{failure}");
}

/// The program `forgotten`, which the stepper plays, has its faults from the transcript of `nights`.
#[test]
fn the_night_that_is_played_is_the_one_that_was_found() {
    let found = recorded("21-simulation", "nights").unwrap();
    let faults = found.lines().filter_map(|line| {
        let (at, rest) = line.strip_prefix("  at ")?.split_once(" s, for ")?;
        let (lasts, side) = rest.split_once(" s: ")?;
        let side = side.strip_suffix(" cut off from the others")?;
        let millis = |seconds: &str| seconds.replace('.', "").parse::<u64>().ok();
        let side = side.split(", ").collect::<Vec<_>>();
        let (at, lasts) = (millis(at)?, millis(lasts)?);
        Some(format!("cutoff({at}, {lasts}, &{side:?})"))
    });
    let faults = faults.collect::<Vec<_>>();
    let file = root().join("chapters/21-simulation/src/programs/forgotten.rs");
    // `cut_off(1_351, 609, &["desk-3", "Cora"]),` is one of them.
    let program = fs::read_to_string(file).unwrap().replace('_', "");
    let played = program
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','));
    let played = played.filter(|line| line.starts_with("cutoff("));
    assert_eq!(played.collect::<Vec<_>>(), faults);
    assert!(!faults.is_empty());
}
