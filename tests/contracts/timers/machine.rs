//! The chapter's programs in processes of their own: the taxis of two chapters, memory, system calls.

use std::process::Command;
use std::time::Duration;

use workbook_tests::chapters::build_chapters;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{Finished, run_limited};
use workbook_tests::snapshot::recorded;

const LIMIT: Duration = Duration::from_secs(600);

fn run(package: &str, args: &[&str]) -> Finished {
    let binary = build_chapters().unwrap().binary(package).unwrap();
    run_limited(Command::new(binary).args(args), LIMIT).unwrap()
}

#[test]
fn the_taxis_as_futures_make_the_night_of_chapter_2() {
    let coroutines = recorded("02-event-loop", "taxi").unwrap();
    let futures = recorded("05-timers", "taxi").unwrap();
    assert_eq!(futures, coroutines);
    assert_eq!(futures.lines().count(), 40);
}

#[test]
fn every_night_is_that_of_chapter_2_and_so_is_every_refusal() {
    for flags in [
        &["--taxis", "20", "--seed", "7"][..],
        &["--taxis", "20", "--seed", "8", "--delay", "0"],
        &["--taxis", "1", "--trips", "0"],
        &["--taxis", "500", "--trips", "9"],
        &["--seed", "18446744073709551615"],
        &["--taxis", "0"],
        &["--taxis", "many"],
        &["--trips", "4294967295"],
        &["--delay", "18446744073709551615"],
        &["--taxi", "5"],
    ] {
        let args = [&["taxi"], flags].concat();
        let coroutines = run("ch02-event-loop", &args);
        let futures = run("ch05-timers", &args);
        assert_eq!(futures.stdout, coroutines.stdout, "{flags:?}");
        assert_eq!(futures.stderr, coroutines.stderr, "{flags:?}");
        assert_eq!(futures.status, coroutines.status, "{flags:?}");
    }
}

/// The kernel ends the process if it asks for more memory than `kilobytes`.
#[cfg(target_os = "linux")]
fn run_within(kilobytes: u32, args: &[&str]) -> Finished {
    let binary = build_chapters().unwrap().binary("ch05-timers").unwrap();
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {kilobytes} && exec \"$0\" \"$@\"");
    command.arg("-c").arg(script).arg(binary).args(args);
    run_limited(&mut command, LIMIT).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn many_taxis_drive_in_bounded_memory() {
    let (taxis, kilobytes) = quick_or_full((100_000, 42_000), (1_000_000, 390_000));
    let taxis = taxis.to_string();
    let args = ["taxi", "--taxis", &taxis, "--seed", "7", "--trips", "0"];
    let night = run_within(kilobytes, &args);
    assert!(night.status.success(), "{}\n{}", night.status, night.stderr);
    let lines: Vec<&str> = night.stdout.lines().collect();
    assert_eq!(lines[0], format!("{taxis} taxis, seed 7"));
    assert!(lines[1].starts_with("total: "), "{}", lines[1]);
}

#[cfg(target_os = "linux")]
#[test]
fn millions_of_limits_are_set_and_dropped_in_flat_memory() {
    let calls = quick_or_full("1000000", "10000000");
    let day = run_within(20_000, &["answered", "--calls", calls]);
    assert!(day.status.success(), "{}\n{}", day.status, day.stderr);
    assert_eq!(
        day.stdout,
        format!("{calls} calls answered, 0 timers left\n")
    );
}

/// How many system calls a run makes, or why that cannot be said here.
fn system_calls(args: &[&str]) -> Result<u64, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let counts = folder.path().join("counts");
    let binary = build_chapters().unwrap().binary("ch05-timers").unwrap();
    let mut command = Command::new("strace");
    command.args(["-f", "-c", "-o"]).arg(&counts).arg(binary);
    let traced = run_limited(command.args(args), LIMIT);
    let traced = traced.map_err(|error| format!("strace is not installed: {error:#}"))?;
    if !traced.status.success() {
        return Err(format!("strace may not trace here: {}", traced.stderr));
    }
    let counts = std::fs::read_to_string(counts).map_err(|error| error.to_string())?;
    // The last line: % time, seconds, usecs/call, calls, errors if any, "total".
    let total = counts.lines().last().unwrap_or_default();
    let calls = total.split_whitespace().nth(3);
    let calls = calls.and_then(|calls| calls.parse().ok());
    calls.ok_or_else(|| format!("strace says {total:?}"))
}

#[test]
fn timers_make_no_system_calls() {
    let pairs = [
        // Set and cancelled.
        (
            ["answered", "--calls", "10"],
            ["answered", "--calls", "100000"],
        ),
        // The virtual clock moves: some 20 times a trip and taxi.
        (["taxi", "--trips", "1"], ["taxi", "--trips", "1000"]),
    ];
    for (few, many) in pairs {
        let fleet: &[&str] = if few[0] == "taxi" {
            &["--taxis", "21"]
        } else {
            &[]
        };
        let count = |args: [&str; 3]| system_calls(&[&args[..], fleet].concat());
        match (count(few), count(many)) {
            (Ok(few), Ok(many)) => assert_eq!(few, many),
            (Err(why), _) | (_, Err(why)) => eprintln!("skipped: {why}"),
        }
    }
}
