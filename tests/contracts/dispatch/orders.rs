//! The check of a history, tried on histories of which we know.

use std::collections::BTreeMap;

use fastrand::Rng;
use simulation::dispatch::{Call, Desk, Model, Op, Reply, Verdict, check};

const BUDGET: usize = 100_000;

/// One who orders a taxi.
fn order(who: &str, asked: u64, answered: Option<(u64, u32)>) -> Call<Op, Reply> {
    Call {
        who: who.into(),
        op: Op::order(who),
        asked,
        answered: answered.map(|(at, taxi)| (at, Reply::Taxi(taxi))),
    }
}

fn ask(asked: u64, answered: u64, taken: &[(u32, &str)]) -> Call<Op, Reply> {
    let taken = taken.iter().map(|(taxi, who)| (*taxi, who.to_string()));
    Call {
        who: "desk".into(),
        op: Op::Ask,
        asked,
        answered: Some((answered, Reply::Taken(taken.collect()))),
    }
}

fn fits(history: &[Call<Op, Reply>]) -> bool {
    match check(Desk::new(5), history, BUDGET) {
        Verdict::Fits(_) => true,
        Verdict::Breaks { .. } => false,
        Verdict::TooLong => panic!("it is not long"),
    }
}

#[test]
fn nothing_fits() {
    assert_eq!(check(Desk::new(5), &[], BUDGET), Verdict::Fits(vec![]));
}

#[test]
fn one_after_another_is_in_that_order() {
    assert!(fits(&[
        order("Ann", 1, Some((2, 1))),
        order("Ben", 3, Some((4, 2)))
    ]));
    assert!(!fits(&[
        order("Ann", 1, Some((2, 2))),
        order("Ben", 3, Some((4, 1)))
    ]));
}

#[test]
fn at_once_is_in_either_order() {
    assert!(fits(&[
        order("Ann", 1, Some((3, 1))),
        order("Ben", 2, Some((4, 2)))
    ]));
    assert!(fits(&[
        order("Ann", 1, Some((3, 2))),
        order("Ben", 2, Some((4, 1)))
    ]));
}

#[test]
fn a_taxi_is_not_given_twice() {
    assert!(!fits(&[
        order("Ann", 1, Some((3, 1))),
        order("Ben", 2, Some((4, 1)))
    ]));
}

#[test]
fn what_was_acknowledged_is_not_lost() {
    assert!(fits(&[
        order("Ann", 1, Some((2, 1))),
        ask(3, 4, &[(1, "Ann")])
    ]));
    assert!(!fits(&[order("Ann", 1, Some((2, 1))), ask(3, 4, &[])]));
    // While it is being asked for, both are right; but not the new one first.
    let during = order("Ann", 1, Some((9, 1)));
    let (before, after) = (ask(2, 3, &[]), ask(4, 5, &[(1, "Ann")]));
    assert!(fits(&[during.clone(), before, after]));
    let (before, after) = (ask(2, 3, &[(1, "Ann")]), ask(4, 5, &[]));
    assert!(!fits(&[during, before, after]));
}

#[test]
fn what_was_not_answered_may_have_been_done_or_not_or_later() {
    let lost = order("Ann", 1, None);
    assert!(fits(&[lost.clone(), ask(2, 3, &[])]));
    assert!(fits(&[lost.clone(), ask(2, 3, &[(1, "Ann")])]));
    assert!(fits(&[
        lost.clone(),
        ask(2, 3, &[]),
        ask(4, 5, &[(1, "Ann")])
    ]));
    assert!(!fits(&[lost, ask(2, 3, &[(1, "Ann")]), ask(4, 5, &[])]));
    // But not before it was asked for.
    assert!(!fits(&[ask(1, 2, &[(1, "Ann")]), order("Ann", 3, None)]));
}

#[test]
fn what_is_stuck_is_named() {
    let history = [
        order("Ann", 1, Some((2, 1))),
        ask(3, 4, &[]),
        order("Ben", 5, Some((6, 2))),
    ];
    let verdict = check(Desk::new(5), &history, BUDGET);
    assert_eq!(
        verdict,
        Verdict::Breaks {
            placed: vec![0],
            stuck: vec![1]
        }
    );
}

#[test]
fn the_budget_ends_it() {
    let many: Vec<_> = (0..12)
        .map(|it| order("Ann", it, Some((100 + it, 1))))
        .collect();
    assert_eq!(check(Desk::new(12), &many, 10), Verdict::TooLong);
    let endless: Vec<_> = (0..3_000).map(|it| order("Ann", it, None)).collect();
    assert_eq!(check(Desk::new(5), &endless, BUDGET), Verdict::TooLong);
}

/// Without its memory the search would try each order of the twelve: nearly five hundred million.
#[test]
fn the_same_state_is_not_tried_twice() {
    let mut history: Vec<_> = (0..12).map(|it| ask(it, 100 + it, &[])).collect();
    history.push(ask(200, 201, &[(1, "Ann")]));
    assert!(!fits(&history));
}

/// Calls of several clients, each done at a moment that chance picks between question and answer: these fit, by the way
/// they were made. Then one answer is made another; whether that fits, every order is tried to find out.
#[test]
fn of_random_histories_it_says_what_trying_every_order_says() {
    let (mut fit, mut break_) = (0, 0);
    for seed in 0..400 {
        let mut rng = Rng::with_seed(seed);
        let mut history = random(&mut rng);
        assert!(fits(&history), "seed {seed}");
        let which = rng.usize(..history.len());
        if let Some((_, Reply::Taxi(taxi))) = &mut history[which].answered {
            *taxi = *taxi % 5 + 1;
        } else if let Some((_, Reply::Taken(taken))) = &mut history[which].answered {
            taken.pop();
        }
        let brute = brute(&Desk::new(5), &history, &mut vec![false; history.len()]);
        assert_eq!(fits(&history), brute, "seed {seed}");
        *(if brute { &mut fit } else { &mut break_ }) += 1;
    }
    assert!(fit > 40 && break_ > 40, "{fit} fit, {break_} do not");
}

fn random(rng: &mut Rng) -> Vec<Call<Op, Reply>> {
    let mut desk = Desk::new(5);
    let mut free = BTreeMap::new();
    let mut done: Vec<(u64, Call<Op, Reply>)> = Vec::new();
    for which in 0..6_u64 {
        let who = ["Ann", "Ben", "Cora"][which as usize % 3];
        let asked = *free.get(who).unwrap_or(&0) + rng.u64(1..8) * 10;
        let effect = asked + rng.u64(1..8) * 10;
        let answered = effect + rng.u64(1..8) * 10;
        free.insert(who, answered);
        let op = if rng.bool() { Op::order(who) } else { Op::Ask };
        let (asked, answered) = (asked + which, answered + which);
        let answered = Some((answered, Reply::NoneFree));
        done.push((
            effect,
            Call {
                who: who.into(),
                op,
                asked,
                answered,
            },
        ));
    }
    done.sort_by_key(|it| it.0);
    for (_, call) in &mut done {
        let reply = desk.apply(&call.op);
        let at = call.answered.as_ref().unwrap().0;
        call.answered = rng.bool().then_some((at, reply));
    }
    done.into_iter().map(|it| it.1).collect()
}

/// The plainest way there is: every order, and whether it is one.
fn brute(desk: &Desk, history: &[Call<Op, Reply>], done: &mut Vec<bool>) -> bool {
    let left = |it: &usize| !done[*it];
    let left: Vec<usize> = (0..history.len()).filter(left).collect();
    if left.iter().all(|it| history[*it].answered.is_none()) {
        return true;
    }
    left.iter().any(|&call| {
        let ends = left.iter().filter_map(|it| history[*it].answered.as_ref());
        let mut next = desk.clone();
        let reply = next.apply(&history[call].op);
        let in_time = ends.clone().all(|it| it.0 >= history[call].asked);
        let same = history[call]
            .answered
            .as_ref()
            .is_none_or(|it| it.1 == reply);
        done[call] = true;
        let is = in_time && same && brute(&next, history, done);
        done[call] = false;
        is
    })
}
