//! The drawings say what the run did, fit their width, and leave out nothing silently.

mod support;

use support::{S, fired, pending, polled, set, small, spawned, starts, trace, woken};
use timeline::{By, ClockKind, Outcome, SvgOptions, TextOptions, Trace, Way, What};

fn ascii(trace: &Trace, width: usize) -> String {
    let options = TextOptions {
        width,
        ascii: true,
        ..TextOptions::default()
    };
    trace.to_text(&options).unwrap()
}

#[test]
fn the_small_run_in_ascii() {
    assert_eq!(
        ascii(&small(), 80),
        "\
main    ^#-----------^#
taxi A   ^#---------^#
taxi B   ^=#--^#
timers        |     |
        0 s   1 s   3 s

# runs  = ready  - waits  ^ woken  | timer fires
"
    );
}

#[test]
fn and_in_unicode_and_in_colour() {
    let plain = small().to_text(&TextOptions::default()).unwrap();
    let expected = "taxi B   ▲░█──▲█\n";
    assert!(plain.contains(expected), "{plain}");
    let colour = true;
    let coloured = small()
        .to_text(&TextOptions {
            colour,
            ..TextOptions::default()
        })
        .unwrap();
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    let mut uncoloured = String::new();
    for part in coloured.split('\u{1b}') {
        uncoloured += part
            .split_once('m')
            .filter(|_| part.starts_with('['))
            .map_or(part, |(_, rest)| rest);
    }
    assert_eq!(uncoloured, plain);
}

/// Where there are no wakers, the timer brings its coroutine back; and it fires before the clock is moved.
#[test]
fn a_timer_stands_where_it_is_due_not_where_it_was_taken_off_the_heap() {
    let trace = trace(&[
        (0, spawned(1, "A")),
        (0, polled(1)),
        (0, set(1, 2 * S, 1, &[1])),
        (0, pending(1)),
        (0, starts()),
        (0, fired(1, &[])),
        (0, What::Jumped { to: 2 * S }),
        (2 * S, polled(1)),
        (2 * S, What::Finished { task: 1 }),
    ]);
    assert!(
        ascii(&trace, 80)
            .starts_with("A       #----#\ntimers       |\n        0 s  2 s\n")
    );
    let svg = trace.to_svg(&SvgOptions::default()).unwrap();
    assert_eq!(
        svg.matches("<path class=\"a\"").count(),
        2,
        "an arrow, and one in the legend"
    );
}

#[test]
fn a_timer_that_is_taken_early_waits_for_its_time() {
    let trace = trace(&[
        (0, spawned(1, "A")),
        (0, polled(1)),
        (0, set(1, 2 * S, 1, &[1])),
        (0, pending(1)),
        (0, fired(1, &[])),
        (0, polled(1)),
        (0, pending(1)),
        (0, What::Jumped { to: 2 * S }),
        (2 * S, polled(1)),
        (2 * S, What::Finished { task: 1 }),
    ]);
    let drawn = "A       ##----#\ntimers        |\n        0 s   2 s\n";
    assert!(
        ascii(&trace, 80).starts_with(drawn),
        "{}",
        ascii(&trace, 80)
    );
}

#[test]
fn a_microsecond_is_ascii_too() {
    let clock = ClockKind::Real;
    let trace = trace(&[
        (
            5_000,
            What::LoopStarted {
                clock,
                of_one: false,
            },
        ),
        (5_000, spawned(1, "A")),
        (5_000, polled(1)),
        (5_000, What::Finished { task: 1 }),
    ]);
    assert!(
        ascii(&trace, 80).contains("\n   5 us\n"),
        "{}",
        ascii(&trace, 80)
    );
    let svg = trace.to_svg(&SvgOptions::default()).unwrap();
    assert!(svg.contains(">5 µs</text>"));
}

#[test]
fn sockets_threads_and_callbacks_have_lanes() {
    let (socket, way) = (1, Way::Read);
    let (callback, by) = (1, By::Thread);
    let trace = trace(&[
        (0, starts()),
        (
            0,
            What::SocketOpened {
                socket,
                name: "TcpStream".into(),
            },
        ),
        (0, spawned(1, "A")),
        (0, woken(1, By::Program)),
        (0, polled(1)),
        (
            0,
            What::Tried {
                socket,
                way,
                outcome: Outcome::WouldBlock,
            },
        ),
        (0, pending(1)),
        (0, What::Parked { until: None }),
        (0, What::CallbackQueued { callback, by }),
        (0, What::Unparked),
        (0, What::CallbackCalled { callback }),
        (0, What::CallbackReturned { callback }),
        (
            0,
            What::Ready {
                socket,
                way,
                closed: false,
            },
        ),
        (0, woken(1, By::Socket(1))),
        (0, polled(1)),
        (
            0,
            What::Tried {
                socket,
                way,
                outcome: Outcome::Done,
            },
        ),
        (0, What::SocketClosed { socket }),
        (0, What::Dropped { task: 1 }),
    ]);
    assert_eq!(
        ascii(&trace, 80),
        "\
A               ^#~~~~~--^x
callbacks              ^#
TcpStream 1     :.:::::::*o
another thread         +
the program     +
                0 s    0 s

# runs  - waits  ^ woken  x ends early  o call works  . call would block
* socket ready  + acts from outside  ~ waits, nobody knows how long  : open
"
    );
}

#[test]
fn loops_stand_one_under_the_other_and_each_has_its_own_time() {
    let mut events: Vec<(u64, What)> = Vec::new();
    for task in 1..=2 {
        events.extend([
            (0, starts()),
            (0, spawned(task, &format!("root {task}"))),
            (0, polled(task)),
            (0, What::Finished { task }),
            (0, What::LoopEnded),
        ]);
    }
    let text = ascii(&trace(&events), 80);
    assert!(
        text.starts_with(
            "Part 1:\nroot 1  #\n        0 s\n\nPart 2:\nroot 2  #\n        0 s\n"
        ),
        "{text}"
    );
}

#[test]
fn a_run_without_tasks_says_that_there_is_nothing_to_draw() {
    let text = "hello".into();
    let trace = trace(&[(0, What::Printed { text, host: None })]);
    let nothing =
        "Nothing waits or is resumed in this run: there is no timeline to draw.\n";
    assert_eq!(ascii(&trace, 80), nothing);
    assert!(
        trace
            .to_svg(&SvgOptions::default())
            .unwrap()
            .contains(nothing.trim_end())
    );
    assert_eq!(trace.alt().unwrap(), "No task in 1 step.");
}

/// So many tasks that each run once, and then again and again.
fn crowd(tasks: u32, turns: u32) -> Trace {
    let mut trace = trace(&[(0, starts())]);
    for task in 1..=tasks {
        support::push(&mut trace, 0, spawned(task, &format!("Task-{task}")));
    }
    for _ in 0..turns {
        for task in 1..=tasks {
            support::push(&mut trace, 0, polled(task));
            support::push(&mut trace, 0, pending(task));
        }
    }
    trace
}

#[test]
fn what_is_left_out_is_said() {
    let trace = crowd(3000, 20);
    let text = ascii(&trace, 80);
    assert!(text.contains("\n2,976 more tasks not shown.\n"), "{text}");
    assert!(text.lines().count() <= 80, "{} lines", text.lines().count());
    let svg = trace.to_svg(&SvgOptions::default()).unwrap();
    assert!(svg.contains(">2,984 more tasks not shown.<"));
    assert!(svg.len() < 400_000, "{} bytes", svg.len());
    let long = ascii(&crowd(1, 20_000), 80);
    assert!(
        long.contains(" of 40,002 steps are shown, up to 0 s.\n"),
        "{long}"
    );
    let mut cut = small();
    cut.left_out = 7;
    assert!(
        ascii(&cut, 80).ends_with("The run had 7 more steps, which were not recorded.\n")
    );
    assert!(!ascii(&small(), 80).contains("shown"));
}

#[test]
fn names_are_escaped_and_cut() {
    let name = "a <b> & \"c\" that has a long name";
    let trace = trace(&[
        (0, spawned(1, name)),
        (0, polled(1)),
        (0, What::Finished { task: 1 }),
    ]);
    let svg = trace.to_svg(&SvgOptions::default()).unwrap();
    assert!(
        svg.contains(">a &lt;b&gt; &amp; &quot;c&quot; tha…</text>"),
        "{svg}"
    );
    assert!(ascii(&trace, 80).starts_with("a <b> & \"c\" tha~  #\n"));
}

#[test]
fn several_can_stand_in_one_page_and_one_can_stand_alone() {
    let svg = small().to_svg(&SvgOptions::default()).unwrap();
    assert!(
        !svg.contains(" id=") && !svg.contains("url(#"),
        "ids would clash"
    );
    assert!(
        !svg.contains("\n\n"),
        "a blank line would end the HTML in a page"
    );
    assert!(svg.contains(":is(.coal,.navy,.ayu) .tl{"));
    assert!(
        !svg.contains("prefers-color-scheme"),
        "the page has a theme of its own"
    );
    let alone = true;
    let svg = small()
        .to_svg(&SvgOptions {
            alone,
            ..SvgOptions::default()
        })
        .unwrap();
    assert!(svg.contains("@media(prefers-color-scheme:dark)"));
}

#[test]
fn the_text_alternative_says_who_waits_longest() {
    // Two wait for 3 s, so nobody waits longest.
    let alt = "3 tasks, main to taxi B, in 30 steps; 3 s pass on the virtual clock.";
    assert_eq!(small().alt().unwrap(), alt);
    let mut longer = small();
    longer.events.drain(25..);
    let and = " taxi A waits longest, 3 s in all.";
    assert_eq!(
        longer.alt().unwrap(),
        alt.replace("30", "25") + and,
        "main waits still"
    );
    let svg = small().to_svg(&SvgOptions::default()).unwrap();
    assert!(svg.contains(&format!("<desc>{}</desc>", small().alt().unwrap())));
}

#[test]
fn each_column_of_the_svg_knows_its_first_step() {
    let svg = small().to_svg(&SvgOptions::default()).unwrap();
    let steps: Vec<usize> = numbers(&svg, "data-step=\"").collect();
    assert!(steps.is_sorted() && steps.len() > 8, "{steps:?}");
    assert_eq!(steps.first(), Some(&2));
}

#[test]
fn rows_and_the_form_for_snapshots() {
    let trace = small();
    let rows: Vec<_> = trace
        .rows(20..22)
        .map(|row| (row.step, row.time, row.says))
        .collect();
    assert_eq!(
        rows,
        [(20, "1 s".into(), "step 20"), (21, "1 s".into(), "step 21")]
    );
    assert_eq!(trace.rows(29..99).count(), 1);
    let mut moved = small();
    for place in &mut moved.places {
        place.line += 40;
    }
    assert_ne!(moved, trace);
    assert_eq!(moved.without_lines(), trace.without_lines());
    assert_eq!(trace.rows(99..200).count(), 0);
}

/// The numbers that stand after `key`.
fn numbers<'s>(svg: &'s str, key: &'s str) -> impl Iterator<Item = usize> + 's {
    svg.split(key).skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    })
}
