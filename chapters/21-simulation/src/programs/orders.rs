//! Six histories, and for each an order that explains it, or that there is none.
//!
//! twin: none, it needs no loop

use chapter::{Args, BadInput};
use simulation::dispatch::{Call, Desk, Op, Reply, Verdict, check};
use trace::say;

// ANCHOR: main
/// Who has which, asked and answered at these moments.
fn ask(asked: u64, answered: u64, taken: &[(u32, &str)]) -> Call<Op, Reply> {
    let taken = taken.iter().map(|(taxi, who)| (*taxi, who.to_string()));
    let answered = Some((answered, Reply::Taken(taken.collect())));
    Call {
        who: "Cora".into(),
        op: Op::Ask,
        asked,
        answered,
    }
}

/// A taxi for `who`, asked for at the one moment, answered at the other.
fn order(who: &str, asked: u64, answered: u64, taxi: u32) -> Call<Op, Reply> {
    let answered = Some((answered, Reply::Taxi(taxi)));
    Call {
        who: who.into(),
        op: Op::order(who),
        asked,
        answered,
    }
}

fn judge(about: &str, history: &[Call<Op, Reply>]) {
    say!("{about}");
    for call in history {
        let end = call.answered.as_ref().map(|it| it.0.to_string());
        say!("  {} to {:1}  {call}", call.asked, end.unwrap_or_default());
    }
    let who = |calls: &[usize]| {
        let names = calls.iter().map(|it| history[*it].who.clone());
        names.collect::<Vec<_>>().join(", ")
    };
    match check(Desk::new(5), history, 1_000) {
        Verdict::Fits(order) => say!("  it fits: {}", who(&order)),
        Verdict::Breaks { stuck, .. } => {
            say!("  nothing fits; stuck at: {}", who(&stuck))
        }
        Verdict::TooLong => say!("  too long"),
    }
}
// ANCHOR_END: main

// ANCHOR: histories
pub fn run(_: &Args) -> Result<(), BadInput> {
    let lost = Call {
        answered: None,
        ..order("Ann", 1, 2, 1)
    };
    judge(
        "one after another",
        &[order("Ann", 1, 2, 1), order("Ben", 3, 4, 2)],
    );
    judge("at once", &[order("Ann", 1, 3, 2), order("Ben", 2, 4, 1)]);
    judge(
        "one taxi, twice",
        &[order("Ann", 1, 3, 1), order("Ben", 2, 4, 1)],
    );
    judge("not seen", &[order("Ann", 1, 2, 1), ask(3, 4, &[])]);
    judge(
        "never answered, done late",
        &[lost.clone(), ask(2, 3, &[]), ask(4, 5, &[(1, "Ann")])],
    );
    judge(
        "never answered, undone",
        &[lost, ask(2, 3, &[(1, "Ann")]), ask(4, 5, &[])],
    );
    Ok(())
}
// ANCHOR_END: histories
