//! What costs no system call: counted by strace, where there is one.

use std::fs;
use std::process::Command;
use std::time::Duration;

use wakers::{Park, ThreadPark};
use workbook_tests::process::{LIMIT, run_limited};

/// Set where strace watches.
const WATCHED: &str = "WORKBOOK_UNDER_STRACE";

/// Files that do not exist. Asking for them leaves a line in the list of system calls.
const BEGIN: &str = "/no-such-file-begin";
const END: &str = "/no-such-file-end";

/// The system calls that `test`, run by itself in a child, makes between [`BEGIN`] and [`END`]. `None`: there is no
/// strace here, or it may not watch.
fn system_calls(test: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o"]).arg(&list);
    strace.arg(std::env::current_exe().unwrap());
    strace.args(["--exact", test]).env(WATCHED, "1");
    let finished = run_limited(&mut strace, LIMIT).ok()?;
    let list = fs::read_to_string(&list).ok()?;
    let Some(begin) = list.lines().position(|line| line.contains(BEGIN)) else {
        assert!(finished.status.code() != Some(101), "{}", finished.stdout);
        return None;
    };
    let thread = list.lines().nth(begin)?.split(' ').next()?;
    let calls = list.lines().skip(begin + 1);
    let calls = calls.filter(|line| line.split(' ').next() == Some(thread));
    let calls: Vec<String> = calls.map(str::to_string).collect();
    let end = calls.iter().position(|line| line.contains(END));
    Some(calls[..end.expect("it came to the end")].to_vec())
}

#[test]
fn a_zero_timeout_and_a_call_to_oneself_cost_no_system_call() {
    if std::env::var_os(WATCHED).is_none() {
        let name =
            "system_calls::a_zero_timeout_and_a_call_to_oneself_cost_no_system_call";
        match system_calls(name) {
            Some(calls) => assert_eq!(calls, [""; 0]),
            None => eprintln!("skipped: strace is not installed, or may not watch"),
        }
        return;
    }
    let mut park = ThreadPark::new();
    let number = park.unparker();
    let look = Some(Duration::ZERO);
    drop(fs::metadata(BEGIN));
    for _ in 0..1000 {
        assert!(!park.park(look).unwrap());
        number.wake_by_ref();
        assert!(park.park(look).unwrap());
    }
    drop(fs::metadata(END));
}
