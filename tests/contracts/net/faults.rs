//! What the operating system, the network and the other side may do to a server, and what it must survive.
//!
//! Each test is bounded, and none waits for time to pass. Those that count descriptors, or that use them up, have a
//! process of their own.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::process::Command;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use net::{TcpListener, TcpStream};
use socket2::SockRef;

#[path = "faults_accept.rs"]
mod accept;
#[path = "faults_buffered.rs"]
mod buffered;
#[path = "faults_drops.rs"]
mod drops;
#[cfg(unix)]
#[path = "faults_fd.rs"]
mod fd;
#[cfg(target_os = "linux")]
#[path = "faults_linux.rs"]
mod linux;
#[path = "faults_many.rs"]
mod many;
#[path = "faults_peer.rs"]
mod peer;
#[path = "faults_reports.rs"]
mod reports;
#[path = "faults_udp.rs"]
mod udp;
#[cfg(unix)]
#[path = "faults_unix.rs"]
mod unix;

/// How long anything may take. No right code comes near it.
const LIMIT: Duration = Duration::from_secs(60);

/// An address of this machine whose port the operating system chooses.
fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `test` on a thread of its own, and fails if that does not end.
fn limited<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || drop(sender.send(test())));
    match receiver.recv_timeout(LIMIT) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("still running after {LIMIT:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().unwrap_err())
        }
    }
}

/// Runs `make`'s future on `clock`, for a limited time.
fn on<F>(clock: Clock, make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || net::run(clock, make()).unwrap())
}

/// The same, on the wall clock.
fn real<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || net::run(Clock::real(), make()).unwrap())
}

/// Runs the ignored test `name` of these files in a process of its own, with an environment of its own.
fn alone(name: &str, environment: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = format!("faults::{name}");
    command.args([&*name, "--exact", "--ignored", "--nocapture"]);
    command.envs(environment.iter().copied());
    let finished = workbook_tests::process::run_limited(&mut command, LIMIT).unwrap();
    assert!(
        finished.status.success() && finished.stdout.contains("1 passed"),
        "{name}:\n{}\n{}",
        finished.stdout,
        finished.stderr
    );
}

/// How many descriptors this process has open.
#[cfg(target_os = "linux")]
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Both ends in the loop.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

/// A stream of the loop, and its other end outside.
async fn with_outside() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let outside = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    (stream, outside)
}

/// All that comes until the end.
async fn read_to_end(stream: &TcpStream) -> io::Result<Vec<u8>> {
    let (mut all, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(all),
            length => all.extend(&buffer[..length]),
        }
    }
}

/// Closes `outside` so that the other side gets a reset, not an end.
fn reset(outside: std::net::TcpStream) {
    let linger = SockRef::from(&outside).set_linger(Some(Duration::ZERO));
    linger.unwrap();
    drop(outside);
}

/// Bytes in which each place can be told from its neighbours.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 + i / 251) as u8).collect()
}

/// Polls `future` once, with a waker that nobody hears.
fn polled<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Lets the loop look at its sockets, by yielding until `done`: bounded by [`LIMIT`] from outside.
async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        polling::yield_now().await;
    }
}

/// Polls `future` until it is ready, and says how often that was.
async fn counted<F: Future>(future: F) -> (F::Output, usize) {
    let (mut future, mut polls) = (pin!(future), 0);
    let output = poll_fn(|context| {
        polls += 1;
        future.as_mut().poll(context)
    });
    (output.await, polls)
}

/// Awaits `future`, and calls `then` each time that it is pending.
async fn when_pending<F: Future>(future: F, mut then: impl FnMut()) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        if poll.is_pending() {
            then();
        }
        poll
    })
    .await
}
