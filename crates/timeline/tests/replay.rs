//! The replay takes what can happen, and refuses what cannot.

mod support;

use proptest::prelude::*;
use support::{
    S, fired, pending, polled, random_run, set, small, spawned, starts, trace, woken,
};
use timeline::{By, ClockKind, Damaged, Phase, Replay, Runnable, Trace, What};

/// The phases of all tasks after `step`, and the queue.
fn after(trace: &Trace, step: usize) -> (String, Vec<Runnable>) {
    let mut replay = Replay::new(trace);
    while replay.played() <= step {
        replay.advance().unwrap().unwrap();
    }
    let state = replay.state();
    let letter = |phase: Phase| match phase {
        Phase::Ready => 'q',
        Phase::Running => 'r',
        Phase::Waiting => 'w',
        Phase::Over(_) => 'o',
    };
    let phases = state
        .tasks()
        .iter()
        .map(|task| letter(task.phase()))
        .collect();
    (phases, state.queue().collect())
}

#[test]
fn a_small_run_step_by_step() {
    let trace = small();
    let queue = |tasks: &[u32]| {
        tasks
            .iter()
            .map(|task| Runnable::Task(*task))
            .collect::<Vec<_>>()
    };
    for (step, phases, ready) in [
        (2, "q", &[1][..]),
        (3, "r", &[]),
        (7, "rqq", &[2, 3]),
        (8, "wqq", &[2, 3]),
        (9, "wrq", &[3]),
        (14, "www", &[]),
        (17, "wwq", &[3]),
        (20, "wwo", &[]),
        (25, "qro", &[1]),
        (28, "ooo", &[]),
    ] {
        assert_eq!(
            after(&trace, step),
            (phases.to_string(), queue(ready)),
            "step {step}"
        );
    }
    let state = Replay::new(&trace).finish().unwrap();
    assert_eq!(state.now(), 3 * S);
    assert_eq!(state.output(), ["B"]);
    assert_eq!(state.tasks()[0].polls, 2);
}

#[test]
fn a_suspended_task_knows_its_line_until_it_runs_again() {
    let trace = small();
    let mut replay = Replay::new(&trace);
    for _ in 0..=8 {
        replay.advance().unwrap();
    }
    let main = &replay.state().tasks()[0];
    assert_eq!((main.suspended_at, main.why), (Some(1), Some("sleep")));
    assert_eq!(replay.finish().unwrap().tasks()[0].suspended_at, None);
}

#[test]
fn the_one_that_is_woken_while_it_runs_still_runs() {
    let trace = trace(&[
        (0, spawned(1, "A")),
        (0, woken(1, By::Program)),
        (0, polled(1)),
        (0, woken(1, By::Task(1))),
        (0, pending(1)),
    ]);
    assert_eq!(after(&trace, 3), ("r".to_string(), vec![Runnable::Task(1)]));
    assert_eq!(after(&trace, 4), ("q".to_string(), vec![Runnable::Task(1)]));
}

#[test]
fn who_resumes_another_is_under_it_on_the_stack() {
    let trace = trace(&[
        (0, spawned(1, "outer")),
        (0, polled(1)),
        (0, spawned(2, "inner")),
        (0, polled(2)),
        (0, pending(2)),
        (0, pending(1)),
    ]);
    let mut replay = Replay::new(&trace);
    for _ in 0..4 {
        replay.advance().unwrap();
    }
    assert_eq!(
        replay.state().running(),
        [Runnable::Task(1), Runnable::Task(2)]
    );
    assert!(replay.finish().unwrap().running().is_empty());
}

/// What cannot follow [`small`]'s first steps: how many of those, when, what, and why not.
type Refused<'a> = (usize, u64, What, &'a str);

fn refuses(cases: &[Refused<'_>]) {
    for (step, at, what, why) in cases {
        let (step, mut trace) = (*step, small());
        trace.events.truncate(step);
        support::push(&mut trace, *at, what.clone());
        let why = why.to_string();
        let damaged = Err(Damaged::Impossible { step, why });
        assert_eq!(trace.check(), damaged, "{:?}", trace.events[step]);
    }
}

const NOT_AT_THE_FRONT: &str = "it is not at the front of the queue: task 2 (taxi A) is";

#[test]
fn tasks_that_cannot_do_this_now_are_refused() {
    let again = What::Woken {
        task: 2,
        by: By::Loop,
        again: true,
    };
    refuses(&[
        (3, 0, polled(9), "there is no task 9"),
        (3, 0, polled(0), "there is no task 0"),
        (
            4,
            0,
            spawned(5, "E"),
            "task 5 is new, although 1 were there",
        ),
        (9, 0, polled(3), NOT_AT_THE_FRONT),
        (9, 0, What::Requeued { task: 3 }, NOT_AT_THE_FRONT),
        (10, 0, polled(2), "it runs already"),
        (
            10,
            0,
            pending(3),
            "task 2 (taxi A) runs, not task 3 (taxi B)",
        ),
        (9, 0, pending(1), "nobody runs, so not task 1 (main) either"),
        (21, S, polled(3), "task 3 (taxi B) is over"),
        (21, S, woken(3, By::Loop), "task 3 (taxi B) is over"),
        (
            8,
            0,
            woken(2, By::Task(1)),
            "it is in the queue, although it is not to be",
        ),
        (12, 0, again, "it is not in the queue, although it is to be"),
        (
            5,
            0,
            woken(2, By::Task(2)),
            "task 1 (main) runs, not task 2 (taxi A)",
        ),
    ]);
}

#[test]
fn timers_that_cannot_do_this_now_are_refused() {
    let heap = |heap: &[u32]| set(2, S, 3, heap);
    refuses(&[
        (16, S, woken(3, By::Timer(2)), "that timer has not fired"),
        (17, S, fired(2, &[1]), "timer 2 has fired before"),
        (17, S, fired(7, &[1]), "there is no timer 7"),
        (13, 0, heap(&[1]), "it is set, and not on the heap"),
        (
            13,
            0,
            heap(&[1, 2]),
            "timer 2 is below a later one on the heap",
        ),
        (13, 0, heap(&[2, 1, 1]), "timer 1 is on the heap twice"),
        (13, 0, heap(&[2, 5]), "there is no timer 5"),
        (
            22,
            3 * S,
            fired(1, &[2]),
            "timer 2 is on the heap, although it has fired",
        ),
    ]);
}

#[test]
fn what_does_not_fit_the_loop_is_refused() {
    let jump = What::Jumped { to: 0 };
    refuses(&[
        (18, 0, polled(3), "it happens at 0 s, after 1 s"),
        (
            15,
            S,
            polled(2),
            "it is 1 s all at once: the clock stood at 0 s",
        ),
        (15, 0, jump, "the clock jumps, but not forward"),
        (15, 0, What::Unparked, "the loop did not wait"),
        (
            9,
            0,
            What::CallbackCalled { callback: 2 },
            "there is no callback 2",
        ),
        (
            9,
            0,
            What::SocketClosed { socket: 1 },
            "there is no socket 1",
        ),
        (30, 3 * S, What::LoopEnded, "no loop runs"),
    ]);
}

/// Lines that were printed are kept when a run is too long; the jumps between them are not.
#[test]
fn a_line_after_what_was_left_out_has_any_time() {
    let line = |text: &str| What::Printed {
        text: text.into(),
        host: None,
    };
    let mut cut = trace(&[(0, starts()), (0, line("a")), (3 * S, line("b"))]);
    assert!(cut.check().is_err());
    cut.left_out = 2;
    assert_eq!(cut.check(), Ok(()));
    let replay = Replay::new(&cut).finish().unwrap();
    assert_eq!(replay.now(), 3 * S);
}

#[test]
fn who_ends_in_the_queue_leaves_it() {
    let trace = trace(&[
        (0, spawned(1, "A")),
        (0, woken(1, By::Program)),
        (0, What::Dropped { task: 1 }),
    ]);
    assert_eq!(after(&trace, 2), ("o".to_string(), vec![]));
}

/// Outside any loop nobody keeps a program from resuming what is over.
#[test]
fn a_coroutine_may_be_resumed_after_its_end_where_no_loop_runs() {
    let over = What::Finished { task: 1 };
    let mut events = vec![
        (0, spawned(1, "A")),
        (0, polled(1)),
        (0, over),
        (0, polled(1)),
    ];
    assert_eq!(trace(&events).check(), Ok(()));
    events.insert(0, (0, starts()));
    assert!(trace(&events).check().is_err());
}

#[test]
fn nobody_runs_while_the_loop_waits() {
    let until = None;
    let trace = trace(&[
        (0, spawned(1, "A")),
        (0, What::Parked { until }),
        (0, polled(1)),
    ]);
    let why = "it runs while the loop waits".to_string();
    assert_eq!(trace.check(), Err(Damaged::Impossible { step: 2, why }));
}

#[test]
fn a_place_that_is_not_there_is_refused() {
    let mut trace = trace(&[(0, spawned(1, "A"))]);
    trace.places.clear();
    let why = "there is no place 0".to_string();
    assert_eq!(trace.check(), Err(Damaged::Impossible { step: 0, why }));
}

#[test]
fn the_wall_clock_passes_by_itself_and_the_next_loop_begins_anew() {
    let (clock, of_one) = (ClockKind::Real, false);
    let mut trace = trace(&[
        (0, What::LoopStarted { clock, of_one }),
        (7, What::LoopEnded),
        (0, starts()),
    ]);
    assert_eq!(trace.check(), Ok(()));
    support::push(&mut trace, 1, What::LoopEnded);
    assert!(
        trace.check().is_err(),
        "the virtual clock does not pass by itself"
    );
}

#[test]
fn after_a_panic_those_it_went_through_run_no_more() {
    let trace = trace(&[
        (0, starts()),
        (0, spawned(1, "A")),
        (0, polled(1)),
        (0, What::LoopEnded),
    ]);
    assert_eq!(after(&trace, 3).0, "w");
}

/// What a damaged trace may look like: events are lost, doubled, swapped, or speak of others.
fn damage(trace: &mut Trace, blows: &[(u8, usize, usize)]) {
    for &(blow, one, other) in blows {
        let count = trace.events.len();
        if count == 0 {
            return;
        }
        let (one, other) = (one % count, other % count);
        match blow % 6 {
            0 => drop(trace.events.remove(one)),
            1 => trace.events.insert(one, trace.events[other].clone()),
            2 => trace.events.swap(one, other),
            3 => trace.events[one].at = trace.events[other].at,
            4 => trace.events[one].what = renumbered(&trace.events[one].what, other),
            _ => trace.places.truncate(other % 3),
        }
    }
}

/// The same event about somebody else.
fn renumbered(what: &What, number: usize) -> What {
    let mut json = serde_json::to_value(what).unwrap();
    let n = [0, 1, 2, 3, u32::MAX][number % 5];
    for field in [
        "task", "timer", "callback", "socket", "place", "deadline", "to",
    ] {
        if let Some(value) = json.get_mut(field) {
            *value = n.into();
        }
    }
    serde_json::from_value(json).unwrap()
}

proptest! {
    #[test]
    fn every_run_of_a_loop_replays_with_everybody_in_one_place(dice in prop::collection::vec(any::<u8>(), 0..120)) {
        let trace = random_run(&dice);
        let mut replay = Replay::new(&trace);
        while let Some(state) = replay.advance().unwrap() {
            prop_assert_eq!(state.check(), Ok(()));
        }
    }

    #[test]
    fn a_damaged_trace_is_refused_or_drawn_but_never_panics(
        dice in prop::collection::vec(any::<u8>(), 0..60),
        blows in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..6),
    ) {
        let mut trace = random_run(&dice);
        damage(&mut trace, &blows);
        let right = trace.check();
        let options = timeline::TextOptions::default();
        prop_assert_eq!(trace.to_text(&options).map(|_| ()), right.clone());
        prop_assert_eq!(trace.to_svg(&timeline::SvgOptions::default()).map(|_| ()), right.clone());
        prop_assert_eq!(trace.to_chrome().map(|_| ()), right.clone());
        prop_assert_eq!(trace.alt().map(|_| ()), right);
        prop_assert_eq!(trace.rows(0..usize::MAX).count(), trace.events.len());
    }

    #[test]
    fn a_file_that_was_cut_or_changed_is_refused_or_read(at in any::<usize>(), byte in any::<u8>()) {
        let mut json = small().to_json().into_bytes();
        let at = at % json.len();
        json[at] = byte;
        if let Ok(json) = String::from_utf8(json) {
            let _ = Trace::parse(&json).map(|trace| trace.check());
        }
        let json = small().to_json();
        // The last character is a line feed, which nobody misses.
        prop_assert!(Trace::parse(&json[..at.min(json.len() - 2)]).is_err());
    }
}

#[test]
fn a_trace_is_read_as_it_was_written() {
    assert_eq!(Trace::parse(&small().to_json()), Ok(small()));
}

#[test]
fn a_newer_trace_and_another_format_are_refused_with_a_message() {
    let json = small().to_json();
    let newer = json.replace("\"version\": 4", "\"version\": 9");
    assert_eq!(Trace::parse(&newer), Err(Damaged::Newer(9)));
    let other = json.replace("from-yield-to-await trace", "something");
    let said = Trace::parse(&other).unwrap_err().to_string();
    assert_eq!(
        said,
        "this is no trace: its format is \"something\", not \"from-yield-to-await trace\""
    );
}

#[test]
fn a_long_trace_replays() {
    let mut trace = trace(&[(0, spawned(1, "A"))]);
    for _ in 0..50_000 {
        support::push(&mut trace, 0, polled(1));
        support::push(&mut trace, 0, pending(1));
    }
    assert_eq!(
        Replay::new(&trace).finish().unwrap().tasks()[0].polls,
        50_000
    );
}
