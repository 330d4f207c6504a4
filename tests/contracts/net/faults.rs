//! What the operating system, the network and the other side may do to a server, and what it must survive.
//!
//! Each test is bounded, and none waits for time to pass. Those that count descriptors, or that use them up, have a
//! process of their own.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use net::{TcpListener, TcpStream};
use socket2::SockRef;
use workbook_tests::process::descriptors;

use super::{anywhere, on, pattern, read_to_end, real, tcp as pair, with_outside};

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

/// Runs the ignored test `name` of these files in a process of its own, with an environment of its own.
fn alone(name: &str, environment: &[(&str, &str)]) {
    workbook_tests::process::alone(&format!("faults::{name}"), environment);
}

/// Closes `outside` so that the other side gets a reset, not an end.
fn reset(outside: std::net::TcpStream) {
    let linger = SockRef::from(&outside).set_linger(Some(Duration::ZERO));
    linger.unwrap();
    drop(outside);
}

/// Polls `future` once, with a waker that nobody hears.
fn polled<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Lets the loop look at its sockets, by yielding until `done`: [`on`] bounds it from outside.
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
