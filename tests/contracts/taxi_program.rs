//! Chapter 2's program `taxi`: what it refuses, and a million of them.

use std::process::Command;
use std::time::Duration;

use workbook_tests::chapters::build_chapters;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{Finished, run_limited};

fn taxi(flags: &[&str]) -> Finished {
    let binary = build_chapters().unwrap().binary("ch02-event-loop").unwrap();
    let mut command = Command::new(binary);
    run_limited(command.arg("taxi").args(flags), Duration::from_secs(60)).unwrap()
}

#[test]
fn bad_input_is_refused_in_words_that_say_what_is_wanted() {
    let past_u64 = "18446744073709551616";
    for (flags, wanted) in [
        (
            &["--taxis", "0"][..],
            "--taxis wants a whole number from 1 to 10,000,000, not '0'",
        ),
        (
            &["--taxis", "4294967296"],
            "--taxis wants a whole number from 1 to 10,000,000, not '4294967296'",
        ),
        (
            &["--trips", "-1"],
            "--trips wants a whole number from 0 to 4,294,967,295, not '-1'",
        ),
        (
            &["--seed", "seven"],
            "--seed wants a whole number from 0 to 18,446,744,073,709,551,615, not 'seven'",
        ),
        (
            &["--delay", past_u64],
            "--delay wants a whole number from 0 to 18,446,744,073,709,551,615, \
             not '18446744073709551616'",
        ),
        (
            &["--delay", "18446744073709551615"],
            "--delay and --trips: that night could last longer than the clock's 584 years",
        ),
        (
            &["--trips", "4294967295"],
            "--taxis and --trips: that night would have more than 100,000,000 trips",
        ),
        (&["--taxis"], "missing argument for option '--taxis'"),
        (
            &["--taxi", "5"],
            "taxi does not take '--taxi'; did you mean --taxis?",
        ),
        (
            &["quickly"],
            "taxi does not take 'quickly'; it takes --taxis, --seed, --trips, --delay, --real",
        ),
    ] {
        let refused = taxi(flags);
        assert_eq!(refused.stderr, format!("error: {wanted}\n"), "{flags:?}");
        assert_eq!(refused.status.code(), Some(2), "{flags:?}");
        assert_eq!(refused.stdout, "", "{flags:?}");
    }
}

#[test]
fn a_seed_replays_a_night_and_another_seed_is_another_night() {
    let night = taxi(&["--taxis", "20", "--seed", "7"]).stdout;
    assert_eq!(night, taxi(&["--taxis", "20", "--seed", "7"]).stdout);
    assert_ne!(night, taxi(&["--taxis", "20", "--seed", "8"]).stdout);
    assert!(night.contains("taxi T is home"), "{night}");
}

/// The kernel ends the process if it asks for more memory than that.
#[cfg(target_os = "linux")]
#[test]
fn many_taxis_drive_in_bounded_memory() {
    let (taxis, kilobytes) = quick_or_full((100_000, 22_000), (1_000_000, 200_000));
    let binary = build_chapters().unwrap().binary("ch02-event-loop").unwrap();
    let mut command = Command::new("sh");
    let script =
        format!("ulimit -v {kilobytes} && exec \"$0\" taxi --taxis {taxis} --seed 7");
    command.args(["-c", &script]).arg(binary);
    let night = run_limited(&mut command, Duration::from_secs(600)).unwrap();
    assert!(night.status.success(), "{}\n{}", night.status, night.stderr);
    let lines: Vec<&str> = night.stdout.lines().collect();
    assert_eq!(lines[0], format!("{taxis} taxis, seed 7"));
    assert!(lines[1].starts_with("total: "), "{}", lines[1]);
}
