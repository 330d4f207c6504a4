//! The link checker as a user meets it: what it prints, its status, its errors.

use std::future::pending;
use std::process::Command;
use std::time::Duration;

use crawler::site::Site;
use taxi::spawn;
use taxi::threads::LoopThread;
use workbook_tests::chapters::build_chapters;
use workbook_tests::nobody::Nobody;
use workbook_tests::process::{Finished, run_limited};

/// What the checker says to these arguments.
fn check(arguments: &[&str]) -> Finished {
    let binary = build_chapters().unwrap().binary("ch18-crawler").unwrap();
    let mut command = Command::new(binary);
    run_limited(command.args(arguments), Duration::from_secs(60)).unwrap()
}

/// What it says to a site with these pages, and the site's address.
fn check_site(pages: &'static [(&str, &str)], flags: &[&str]) -> (Finished, String) {
    let server = LoopThread::start("site").unwrap();
    let address = server.run(move || async move {
        let site = Site::pages(Duration::ZERO, pages).unwrap();
        let address = site.url("/").to_string();
        // It serves until its loop ends.
        drop(spawn(async move {
            let _site = site;
            pending::<()>().await;
        }));
        address
    });
    let address = address.unwrap();
    let arguments: Vec<&str> = [&*address]
        .into_iter()
        .chain(flags.iter().copied())
        .collect();
    let finished = check(&arguments);
    (finished, address)
}

const GOOD: &[(&str, &str)] =
    &[("/", "<a href=/a#x></a>"), ("/a", "<p id=x><a href=/></a>")];
const BAD: &[(&str, &str)] = &[
    ("/", "<a href=/a></a><img src=/no.png>"),
    ("/a", "<a href=/b></a>"),
];

#[test]
fn a_clean_site_is_status_0() {
    let (finished, _) = check_site(GOOD, &[]);
    assert_eq!(finished.stdout, "2 read, 39 bytes\n");
    assert_eq!((finished.status.code(), &*finished.stderr), (Some(0), ""));
}

#[test]
fn broken_links_are_named_and_are_status_1() {
    let (finished, address) = check_site(BAD, &[]);
    let wanted = format!(
        "{address}: <img> {address}no.png: 404 Not Found\n\
         {address}a: <a> {address}b: 404 Not Found\n\
         2 read, 47 bytes, 2 failed\n"
    );
    assert_eq!(finished.stdout, wanted);
    assert_eq!(finished.status.code(), Some(1));
    assert_eq!(finished.stderr.trim_end(), "error: 2 links are broken");
    let (finished, _) = check_site(BAD, &["--depth", "1", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(json["broken"].as_array().unwrap().len(), 1);
    assert_eq!(finished.status.code(), Some(1));
}

#[test]
fn a_wrong_command_line_is_one_clear_line_and_status_2() {
    for (arguments, wanted) in [
        (&["http://[::"][..], "'http://[::': invalid IPv6 address"),
        (&["http://"], "'http://': empty host"),
        (
            &["http://t/", "--depth", "deep"],
            "--depth wants a whole number from 0 on, not 'deep'",
        ),
        (
            &["http://t/", "--concurrency", "0"],
            "--concurrency wants a whole number from 1 on, not '0'",
        ),
        (
            &["http://t/", "--pages"],
            "--pages wants a whole number from 1 on, not ''",
        ),
        (&["http://t/", "--fast"], "invalid option '--fast'"),
        (
            &["http://t/", "http://u/"],
            "unexpected argument \"http://u/\"",
        ),
    ] {
        let finished = check(arguments);
        assert_eq!(finished.status.code(), Some(2), "{arguments:?}");
        assert_eq!(finished.stdout, "");
        assert_eq!(finished.stderr.trim_end(), format!("error: {wanted}"));
    }
}

#[test]
fn a_server_that_is_not_there_is_one_clear_line_and_status_1() {
    let nobody = Nobody::new();
    let address = format!("http://{}/", nobody.address());
    let finished = check(&[&address, "--attempts", "1"]);
    assert_eq!(
        finished.stdout.lines().next().unwrap(),
        format!("{address}: nobody listens there")
    );
    assert_eq!(finished.status.code(), Some(1));
    assert!(!finished.stderr.contains("panicked"));
}

#[test]
fn a_host_that_nobody_knows_is_one_clear_line_and_status_1() {
    let finished = check(&["http://no-such-host.invalid/", "--attempts", "1"]);
    let first = finished.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("http://no-such-host.invalid/: "),
        "{finished:?}"
    );
    assert_eq!(finished.status.code(), Some(1));
    assert_eq!(finished.stderr, "error: 1 link is broken\n");
}

/// Ctrl-C in the middle: what was found is printed.
#[cfg(unix)]
#[test]
fn an_interrupted_check_prints_what_it_has() {
    use std::io::Read as _;
    use std::process::Stdio;

    let server = LoopThread::start("site").unwrap();
    let (asked, was_asked) = std::sync::mpsc::channel();
    let address = server.run(move || async move {
        let site = Site::serve(async move |path: &str| match path {
            "/" => web::Response::html("<a href=/asleep></a>"),
            "/asleep" => {
                asked.send(()).unwrap();
                pending().await
            }
            _ => web::Response::empty(web::StatusCode::NOT_FOUND),
        })
        .unwrap();
        let address = site.url("/").to_string();
        drop(spawn(async move {
            let _site = site;
            pending::<()>().await;
        }));
        address
    });
    let address = address.unwrap();
    let binary = build_chapters().unwrap().binary("ch18-crawler").unwrap();
    let mut command = Command::new(binary);
    command
        .arg(&address)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    was_asked.recv_timeout(Duration::from_secs(60)).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let (mut stdout, mut stderr) = (String::new(), String::new());
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut stdout)
        .unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(stdout, "1 read, 20 bytes\n");
    assert_eq!(stderr, "error: interrupted: this is not all\n");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
