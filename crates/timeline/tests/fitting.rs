//! Nothing runs into anything else, or over the edge.

mod support;

use proptest::prelude::*;
use support::{S, pending, polled, random_run, spawned, starts, trace};
use timeline::{ClockKind, SvgOptions, TextOptions, Trace, What};

fn ascii(trace: &Trace, width: usize) -> String {
    let options = TextOptions {
        width,
        ascii: true,
        ..TextOptions::default()
    };
    trace.to_text(&options).unwrap()
}

/// Instants that follow closely, with names that are long.
fn close() -> Trace {
    let at = |step: u64| 3600 * S + step * 1_000;
    let mut trace = trace(&[(0, spawned(1, "A")), (0, starts())]);
    let mut now = 0;
    for step in 1..20 {
        support::push(&mut trace, now, What::Jumped { to: at(step) });
        now = at(step);
        support::push(&mut trace, now, polled(1));
        support::push(&mut trace, now, pending(1));
    }
    trace
}

#[test]
fn the_names_of_instants_keep_their_distance() {
    let svg = close().to_svg(&SvgOptions::default()).unwrap();
    no_overlap(&svg, 750.0);
    // All of them are there, also in the terminal.
    assert_eq!(svg.matches(">3600 s</text>").count(), 19);
    assert_eq!(ascii(&close(), 80).matches("3600 s").count(), 19);
}

/// The numbers that stand after `key`.
fn numbers<'s>(svg: &'s str, key: &'s str) -> impl Iterator<Item = usize> + 's {
    svg.split(key).skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    })
}

/// Left and right end, and the line it stands on, of each text in an SVG.
fn texts(svg: &str) -> Vec<(f64, f64, usize, &str)> {
    let texts = svg.split("<text").skip(1).map(|text| {
        let (head, rest) = text.split_once('>').unwrap();
        let said = rest.split_once("</text>").unwrap().0;
        let number = |key| numbers(head, key).next().unwrap();
        let letter = if head.contains("class=\"s") { 6.6 } else { 7.2 };
        let left = f64::from(u32::try_from(number(" x=\"")).unwrap());
        let letters = said.chars().count() - said.matches("&lt;").count() * 3;
        let right = left + f64::from(u32::try_from(letters).unwrap()) * letter;
        (left, right, number(" y=\""), said)
    });
    texts.collect()
}

fn no_overlap(svg: &str, width: f64) {
    let mut texts = texts(svg);
    texts.sort_by(|a, b| (a.2, a.0).partial_cmp(&(b.2, b.0)).unwrap());
    for pair in texts.windows(2) {
        assert!(pair[0].2 != pair[1].2 || pair[0].1 <= pair[1].0, "{pair:?}");
    }
    for text in texts {
        assert!(text.1 <= width, "{text:?} of {width}");
    }
}

fn dice() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..150)
}

proptest! {
    #[test]
    fn every_line_fits_the_terminal(dice in dice(), width in 60_usize..=200, real in any::<bool>()) {
        let mut trace = random_run(&dice);
        if real {
            trace.events[0].what = What::LoopStarted { clock: ClockKind::Real, of_one: false };
            trace.events.retain(|event| !matches!(event.what, What::Jumped { .. }));
        }
        let options = TextOptions { width, ..TextOptions::default() };
        for text in [ascii(&trace, width), trace.to_text(&options).unwrap()] {
            for line in text.lines() {
                prop_assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
        prop_assert!(ascii(&trace, width).is_ascii());
    }

    #[test]
    fn no_text_of_an_svg_runs_into_another_or_over_the_edge(dice in dice(), width in 360_usize..=900) {
        let trace = random_run(&dice);
        let svg = trace.to_svg(&SvgOptions { width, ..SvgOptions::default() }).unwrap();
        no_overlap(&svg, f64::from(u32::try_from(width).unwrap()));
    }

    /// In each lane of the text, a task runs in as many columns as it was polled.
    #[test]
    fn each_poll_has_a_column(dice in dice()) {
        let trace = random_run(&dice);
        let options = TextOptions { tasks: 1000, lines: 100_000, ascii: true, ..TextOptions::default() };
        let text = trace.to_text(&options).unwrap();
        let polls = trace.events.iter().filter(|event| matches!(event.what, What::Polled { .. }));
        let lanes = text.lines().filter(|line| line.starts_with("Task-"));
        let columns: usize = lanes.map(|line| line.matches('#').count()).sum();
        prop_assert_eq!(columns, polls.count());
    }
}
