//! What can be counted on Linux only: descriptors, signals, system calls.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::process::Command;
use std::task::Poll;
use std::time::Duration;

use event_loop::Clock;
use readiness::{Reactor, TcpListener, TcpStream};
use timers::timeout;
use workbook_tests::process::{descriptors, run_limited};

use super::faults::listener_without_loop;
use super::{LIMIT, alone, anywhere, pair};

/// "Too many open files", by its number.
const EMFILE: i32 = 24;

#[test]
fn no_descriptor_is_leaked() {
    alone("linux::no_descriptor_is_leaked_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by no_descriptor_is_leaked"]
fn no_descriptor_is_leaked_alone() {
    let every_path = || {
        // A read in a task that is dropped with its executor, and one that is dropped half-way.
        readiness::run(Clock::real(), async {
            let (one, other) = pair().await;
            let _dropped_at_the_end =
                tasks::spawn(async move { one.read(&mut [0]).await });
            polling::yield_now().await;
            let limit = Duration::from_millis(1);
            assert!(timeout(limit, other.read(&mut [0])).await.is_err());
            // A connection that is given up, one that is refused, and one that nobody accepts.
            let far = SocketAddr::from(([192, 0, 2, 1], 9));
            assert!(!matches!(
                timeout(limit, TcpStream::connect(far)).await,
                Ok(Ok(_))
            ));
            let listener = TcpListener::bind(anywhere()).unwrap();
            let address = listener.local_addr().unwrap();
            assert!(TcpListener::bind(address).is_err());
            drop(TcpStream::connect(address).await.unwrap());
            let mut connect = Box::pin(TcpStream::connect(address));
            let poll = std::future::poll_fn(|context| {
                Poll::Ready(connect.as_mut().poll(context).is_ready())
            });
            poll.await;
            drop(connect);
            drop(listener);
            assert!(TcpStream::connect(address).await.is_err());
            // An accept that is dropped half-way, with its listener.
            let listener = TcpListener::bind(anywhere()).unwrap();
            assert!(timeout(limit, listener.accept()).await.is_err());
        })
        .unwrap();
        // A listener that outlives its loop; a loop that was never run.
        drop(listener_without_loop());
        drop(Reactor::new().unwrap());
    };
    every_path();
    let before = descriptors();
    for _ in 0..20 {
        every_path();
    }
    assert_eq!(descriptors(), before);
}

/// It answers at once, each time, and does not lose the connection that waits.
#[test]
fn a_listener_survives_that_no_file_may_be_opened() {
    alone(
        "linux::a_listener_survives_that_no_file_may_be_opened_alone",
        &[],
    );
}

#[test]
#[ignore = "run in a process of its own by a_listener_survives_that_no_file_may_be_opened"]
fn a_listener_survives_that_no_file_may_be_opened_alone() {
    let serve = async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = std::net::TcpStream::connect(address).unwrap();
        let mut open = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            open.push(file);
        }
        for _ in 0..1000 {
            let error = listener.accept().await.err().expect("nothing is free");
            assert_eq!(error.raw_os_error(), Some(EMFILE));
        }
        drop(open);
        let (stream, _) = listener.accept().await.unwrap();
        client.write_all(b"!").unwrap();
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 1);
    };
    readiness::run(Clock::real(), serve).unwrap();
}

/// A stopped and continued process returns from its wait with `EINTR`.
#[test]
fn a_signal_does_not_disturb_a_wait() {
    let listener = std::net::TcpListener::bind(anywhere()).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let signals = std::thread::spawn(move || -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut pid = [0; 4];
        stream.read_exact(&mut pid)?;
        let pid = u32::from_le_bytes(pid).to_string();
        for signal in ["-STOP", "-CONT"].iter().cycle().take(40) {
            Command::new("kill").args([*signal, &pid]).status()?;
            std::thread::sleep(Duration::from_millis(5));
        }
        stream.write_all(b"!")
    });
    alone(
        "linux::a_signal_does_not_disturb_a_wait_alone",
        &[("ADDRESS", &address)],
    );
    signals.join().unwrap().unwrap();
}

#[test]
#[ignore = "run in a process of its own by a_signal_does_not_disturb_a_wait"]
fn a_signal_does_not_disturb_a_wait_alone() {
    let Ok(address) = std::env::var("ADDRESS") else {
        return;
    };
    let wait = async {
        let stream = TcpStream::connect(address.parse().unwrap()).await?;
        stream.write_all(&std::process::id().to_le_bytes()).await?;
        stream.read(&mut [0]).await
    };
    assert_eq!(readiness::run(Clock::real(), wait).flatten().unwrap(), 1);
}

/// Nobody waits for a socket: then virtual time asks the operating system nothing.
#[test]
fn without_a_waiter_virtual_time_makes_no_system_call() {
    if Command::new("strace").arg("--version").output().is_err() {
        eprintln!("skipped: no strace");
        return;
    }
    let mut counts = [0, 0];
    for (sleeps, count) in ["10", "10000"].iter().zip(&mut counts) {
        let mut command = Command::new("strace");
        command
            .args(["-f", "-c", "-e", "trace=all"])
            .arg(std::env::current_exe().unwrap());
        command.args(["linux::sleeps_on_virtual_time", "--exact", "--ignored"]);
        command.env("SLEEPS", sleeps);
        let finished = run_limited(&mut command, LIMIT);
        let table = finished.unwrap().stderr;
        let Some(total) = table.lines().rev().find(|line| line.ends_with("total")) else {
            eprintln!("skipped: strace may not trace here");
            return;
        };
        let numbers: Vec<&str> = total.split_whitespace().collect();
        // Percent, seconds, microseconds a call, calls.
        *count = numbers[3].parse().unwrap();
    }
    let [few, many] = counts;
    assert!(
        many < few + 500,
        "{few} calls for 10 sleeps, {many} for 10,000"
    );
}

#[test]
#[ignore = "run by without_a_waiter_virtual_time_makes_no_system_call"]
fn sleeps_on_virtual_time() {
    let sleeps = std::env::var("SLEEPS").map_or(10, |sleeps| sleeps.parse().unwrap());
    let all = async move {
        for _ in 0..sleeps {
            timers::sleep(Duration::from_secs(1)).await;
        }
    };
    readiness::run(Clock::virtual_time(), all).unwrap();
}
