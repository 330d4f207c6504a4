//! The load tester on the command line.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use chapter::Failure;
use load_test::TOOL;
use workbook_tests::chapters::build_chapters;
use workbook_tests::process::{Finished, LIMIT, run_limited};

/// Ctrl-C reaches every run of the tool in this process: one at a time.
static ONE: Mutex<()> = Mutex::new(());

fn run(arguments: &[&str]) -> Result<(), Failure> {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let arguments: Vec<String> = arguments.iter().map(|it| it.to_string()).collect();
    assert!((TOOL.claims)(&arguments[0]));
    (TOOL.run)(&arguments)
}

/// Answers on one connection, and says after each request how many there were.
fn answer(mut stream: TcpStream, seen: &AtomicU64, told: &dyn Fn(u64)) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        told(seen.fetch_add(1, Ordering::SeqCst) + 1);
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\na taxi";
        stream.write_all(head).ok()?;
    }
}

/// A server on threads of its own, and how many requests it has seen.
fn serve(told: fn(u64)) -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let count = Arc::clone(&count);
            thread::spawn(move || answer(stream, &count, &told));
        }
    });
    (address, seen)
}

#[test]
fn it_sends_what_it_is_asked_for() {
    let (address, seen) = serve(|_| ());
    let url = format!("http://{address}/");
    run(&[&url, "-c", "3", "-n", "100"]).unwrap();
    assert_eq!(seen.swap(0, Ordering::SeqCst), 100);
    let flags = [
        "--rounds",
        "2",
        "--warm-up",
        "5",
        "--upload",
        "1000",
        "--json",
    ];
    run(&[&[url.as_str(), "-n", "20", "-c", "2"], &flags[..]].concat()).unwrap();
    assert_eq!(seen.swap(0, Ordering::SeqCst), 50);
    run(&[&url, "-n", "10", "--rate", "1000", "--no-keep-alive"]).unwrap();
    assert_eq!(seen.swap(0, Ordering::SeqCst), 10);
}

#[test]
fn it_draws_a_picture() {
    let (address, _) = serve(|_| ());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("latency.svg");
    let url = format!("http://{address}/");
    run(&[&url, "-n", "50", "--svg", file.to_str().unwrap()]).unwrap();
    let svg = std::fs::read_to_string(&file).unwrap();
    assert!(svg.contains("50 requests, 10 clients"), "{svg}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_what_was_measured() {
    let (address, seen) = serve(|count| {
        if count == 50 {
            taxi::signal::raise(taxi::signal::SIGINT).unwrap();
        }
    });
    let url = format!("http://{address}/");
    run(&[&url, "-n", "1000000000"]).unwrap();
    assert!(seen.load(Ordering::SeqCst) >= 50);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_rounds_that_are_still_to_come() {
    let (address, seen) = serve(|count| {
        if count == 50 {
            taxi::signal::raise(taxi::signal::SIGINT).unwrap();
        }
    });
    let url = format!("http://{address}/");
    run(&[&url, "-n", "500", "--rounds", "10"]).unwrap();
    // By the end of that answer it was asked to end.
    let seen = seen.load(Ordering::SeqCst);
    assert!((50..500).contains(&seen), "{seen}");
}

#[test]
fn nobody_there_is_one_line() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let end = run(&[&format!("http://{address}/"), "-n", "10"]);
    let Err(Failure::Failed(why)) = end else {
        panic!("{end:?}");
    };
    let line = format!("nobody answers at {address}: ");
    assert!(why.starts_with(&line) && !why.contains('\n'), "{why}");
}

#[test]
fn what_it_cannot_do_is_refused_in_words() {
    let url = "http://127.0.0.1:1/";
    let refused: [(&[&str], &str); 12] = [
        (
            &["-c", "0"],
            "--clients wants a whole number from 1 to 20000, not '0'",
        ),
        (
            &["-c", "1e9"],
            "--clients wants a whole number from 1 to 20000, not '1e9'",
        ),
        (
            &["-n", "-1"],
            "--requests wants a whole number from 1 on, not '-1'",
        ),
        (&["-n"], "--requests wants a value"),
        (
            &["-d", "10"],
            "--duration wants a time such as 500ms, 10s or 2m, not '10'",
        ),
        (
            &["-d", "0s"],
            "--duration wants a time such as 500ms, 10s or 2m, not '0s'",
        ),
        (
            &["--rate", "nan"],
            "--rate wants a number of requests a second, from 0.001 to 1000000, not 'nan'",
        ),
        (
            &["--rounds", "0"],
            "--rounds wants a whole number from 1 to 10000, not '0'",
        ),
        (
            &["--upload", "much"],
            "--upload wants a number of bytes up to 1073741824, or @FILE, not 'much'",
        ),
        (&["--fast"], "invalid option '--fast'"),
        (&["again"], "unexpected argument \"again\""),
        (
            &["--timeout", "99999999999999999999s"],
            "--timeout wants a time such as 500ms, 10s or 2m, not '99999999999999999999s'",
        ),
    ];
    for (flags, says) in refused {
        let end = run(&[&[url], flags].concat());
        let Err(Failure::BadInput(why)) = end else {
            panic!("{flags:?}: {end:?}");
        };
        assert_eq!(why.to_string(), says);
    }
    let missing = run(&[url, "--upload", "@/no/such/file"]);
    assert!(matches!(missing, Err(Failure::BadInput(_))));
    let secret = run(&["https://127.0.0.1:1/"]);
    assert!(matches!(secret, Err(Failure::BadInput(_))));
}

/// What the binary says to these arguments.
fn typed(arguments: &[&str]) -> Finished {
    let binary = build_chapters().unwrap().binary("ch19-load-test").unwrap();
    run_limited(Command::new(binary).args(arguments), LIMIT).unwrap()
}

#[test]
fn its_status_is_what_came_of_it() {
    let (address, _) = serve(|_| ());
    let url = format!("http://{address}/");
    let measured = typed(&[&url, "-c", "2", "-n", "10", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!(report["answered"], 10, "{measured:?}");
    assert_eq!((measured.status.code(), &*measured.stderr), (Some(0), ""));

    let paced = ["-d", "1m", "--rate", "10", "-n", "3", "--json"];
    let measured = typed(&[&[url.as_str()], &paced[..]].concat());
    let report: serde_json::Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!(report["answered"], 3, "{measured:?}");
    assert_eq!(report["due_per_second"], 10.0);
    // The third is due after two tenths.
    assert!(report["elapsed_s"].as_f64().unwrap() >= 0.2, "{measured:?}");

    // Whoever is there never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url_of_it = format!("http://{}/", silent.local_addr().unwrap());
    let given_up = typed(&[
        &url_of_it,
        "-c",
        "1",
        "-n",
        "1",
        "--timeout",
        "50ms",
        "--json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&given_up.stdout).unwrap();
    assert_eq!(report["failures"]["timed out"], 1, "{given_up:?}");
    // Without the flag it would be half a minute.
    let took = report["since_sent"]["max_ms"].as_f64().unwrap();
    assert!((50.0..30_000.0).contains(&took), "{took}");

    // Whoever is there hangs up, again and again.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let deaf = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().for_each(drop));
    let unanswered = typed(&[&deaf, "-c", "1", "-n", "3"]);
    assert_eq!(unanswered.stderr, "error: no request was answered\n");
    assert_eq!(unanswered.status.code(), Some(1));

    for (arguments, status, wanted) in [
        (
            &["http://127.0.0.1:0/"][..],
            1,
            "error: nobody answers at 127.0.0.1:0: ",
        ),
        (
            &["http://no-such-host.invalid/"],
            1,
            "error: no-such-host.invalid:80 is not known: ",
        ),
        (
            &[&url, "-c", "0"],
            2,
            "error: --clients wants a whole number from 1 to ",
        ),
        (&["https://127.0.0.1:1/"], 2, "error: "),
        (&["ftp://127.0.0.1:1/"], 2, "error: "),
        (&["http://"], 2, "error: "),
    ] {
        let finished = typed(arguments);
        assert_eq!(finished.status.code(), Some(status), "{finished:?}");
        assert!(finished.stderr.starts_with(wanted), "{finished:?}");
        assert_eq!(finished.stderr.lines().count(), 1, "{finished:?}");
        assert_eq!(finished.stdout, "");
    }
}
