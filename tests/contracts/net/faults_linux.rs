//! What only Linux does to a process.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use task_cell::spawn;
use timers::sleep;
use workbook_tests::process::{LIMIT, run_limited};

use super::*;

/// A process that is stopped and continued returns from each of its waits with `EINTR`.
#[test]
fn a_storm_of_signals_disturbs_nobody() {
    alone("linux::a_storm_of_signals_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by a_storm_of_signals_disturbs_nobody"]
fn a_storm_of_signals_alone() {
    let over = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&over);
    let storm = "for i in $(seq 5000); do kill -STOP $0; kill -CONT $0; done";
    let own = std::process::id().to_string();
    let mut storm = Command::new("sh")
        .args(["-c", storm, &own])
        .spawn()
        .unwrap();
    let storm = thread::spawn(move || {
        let status = storm.wait();
        ends.store(true, Ordering::Relaxed);
        status
    });
    real(move || async move {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        // The other end answers from a thread of its own: each answer is waited for in the selector.
        let outside = thread::spawn(move || {
            let mut outside = std::net::TcpStream::connect(address).unwrap();
            let mut byte = [0];
            while outside.read(&mut byte).unwrap() > 0 {
                outside.write_all(&byte).unwrap();
            }
        });
        let (stream, _) = listener.accept().await.unwrap();
        let ticks = spawn(async {
            loop {
                sleep(Duration::from_millis(1)).await;
            }
        });
        let mut rounds = 0_u32;
        // How much of the storm is left when a round begins is up to the machine. The last one is after it.
        let mut is_over = false;
        while !is_over {
            is_over = over.load(Ordering::Relaxed);
            stream.write_all(&[rounds as u8]).await.unwrap();
            let mut answer = [0];
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer[0], rounds as u8);
            rounds += 1;
        }
        assert!(!ticks.is_finished());
        drop(stream);
        outside.join().unwrap();
    });
    assert!(storm.join().unwrap().unwrap().success());
}

/// No program that this one starts is given any of its sockets, to keep them open.
#[test]
fn no_socket_is_inherited() {
    alone("linux::no_socket_is_inherited_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by no_socket_is_inherited"]
fn no_socket_is_inherited_alone() {
    let inherited = || {
        let list = Command::new("ls").args(["-l", "/proc/self/fd"]).output();
        let list = String::from_utf8(list.unwrap().stdout).unwrap();
        list.matches("socket:").count()
    };
    real(move || async move {
        let before = inherited();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let socket = net::TcpSocket::new_v4().unwrap();
        let unix = net::UnixListener::bind(&path).unwrap();
        let kept = (
            TcpStream::connect(address).await.unwrap(),
            listener.accept().await.unwrap(),
            socket.connect(address).await.unwrap(),
            net::UdpSocket::bind(anywhere()).unwrap(),
            net::UnixStream::connect(&path).await.unwrap(),
            unix.accept().await.unwrap(),
            net::UnixDatagram::unbound().unwrap(),
            net::UnixDatagram::pair().unwrap(),
        );
        assert_eq!(inherited(), before);
        drop(kept);
    });
}

/// The errors of the network that Linux may give in the place of a connection, by its manual: strace gives them.
#[test]
fn whatever_befell_the_one_before_the_next_one_is_accepted() {
    let errors = [
        "ENETDOWN",
        "EPROTO",
        "ENOPROTOOPT",
        "EHOSTDOWN",
        "ENONET",
        "EHOSTUNREACH",
        "ENETUNREACH",
    ];
    let test = "faults::linux::accepted_after_an_error_alone";
    for error in errors {
        let mut strace = Command::new("strace");
        let inject = format!("inject=accept4:error={error}:when=1");
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &inject]);
        strace.arg(std::env::current_exe().unwrap());
        strace.args(["--exact", test, "--ignored", "--nocapture"]);
        let finished = match run_limited(&mut strace, LIMIT) {
            Err(error) if is_missing(&error) => return eprintln!("skipped: no strace"),
            finished => finished.unwrap(),
        };
        let said = format!("{error}: {}{}", finished.stdout, finished.stderr);
        // It may be here, and have no leave to watch.
        if said.contains("running 1 test") {
            assert!(finished.status.success(), "{said}");
        }
    }
}

fn is_missing(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

#[test]
#[ignore = "run under strace by whatever_befell_the_one_before_the_next_one_is_accepted"]
fn accepted_after_an_error_alone() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let outside = std::net::TcpStream::connect(address).unwrap();
        let (_stream, from) = listener.accept().await.unwrap();
        assert_eq!(from, outside.local_addr().unwrap());
    });
}
