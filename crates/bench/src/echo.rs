//! A TCP echo: chapter 8's tasks on the sockets of chapters 7 and 12, tokio's, and mio with nothing on it.
//!
//! Those who [call](crate::callers) are a process of their own, so that what is counted is the server's alone.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use event_loop::Clock;
use mio::{Events, Interest, Poll, Token};
use readiness::Reactor;
use timers::Timers;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;

use crate::callers::{LENGTH, Words, start};
use crate::echo_peers;
use crate::row::{Side, Work};
use crate::timing::tokio;

/// More than a request has.
pub(crate) const BUFFER: usize = 1024;

/// The rows of this file: with so many connections at a time.
pub fn works() -> Vec<Work> {
    vec![
        work::<64>("echo", ours::<64>, vec![]),
        work::<1000>("echo-1000", ours::<1000>, vec![]),
        work::<1>("net-echo-1", net_ours::<1>, echo_peers::sides::<1>()),
        work::<64>("net-echo", net_ours::<64>, echo_peers::sides::<64>()),
        work::<1000>(
            "net-echo-1000",
            net_ours::<1000>,
            echo_peers::sides::<1000>(),
        ),
    ]
}

fn work<const CONNECTIONS: u64>(
    name: &'static str,
    ours: fn(u64) -> u64,
    others: Vec<Side>,
) -> Work {
    let mut sides = vec![
        Side::new("ours", ours),
        Side::new("tokio", |requests| theirs::<CONNECTIONS>(tokio(), requests)),
    ];
    sides.extend(others);
    sides.push(Side::new("mio alone", bare::<CONNECTIONS>));
    Work {
        counted: 4_000,
        is_helped: true,
        events: |requests| requests.next_multiple_of(CONNECTIONS),
        ..Work::new(name, 64_000, sides)
    }
}

pub(crate) fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Starts those who call at `address`. What comes back says how many requests there were in so many bytes, once the
/// callers are content.
pub(crate) fn callers<const CONNECTIONS: u64>(
    address: io::Result<SocketAddr>,
    requests: u64,
) -> impl FnOnce(u64) -> u64 {
    let wait = start(
        Words::Echo,
        address.expect("an address"),
        CONNECTIONS,
        requests,
    );
    move |bytes| {
        wait();
        bytes / LENGTH
    }
}

fn ours<const CONNECTIONS: u64>(requests: u64) -> u64 {
    let layers = Timers::new(Reactor::new().expect("a reactor"), Clock::real());
    task_cell::Executor::new(layers).run_until_complete(async {
        let listener = readiness::TcpListener::bind(anywhere()).expect("a listener");
        let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            tasks.push(task_cell::spawn(echo(stream)));
        }
        let mut bytes = 0;
        for task in tasks {
            let echoed = task.await.expect("no panic");
            bytes += echoed.expect("no error");
        }
        served(bytes)
    })
}

async fn echo(stream: readiness::TcpStream) -> io::Result<u64> {
    let (mut buffer, mut bytes) = ([0; BUFFER], 0);
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(bytes);
        }
        stream.write_all(&buffer[..length]).await?;
        bytes += length as u64;
    }
}

// ANCHOR: net-server
/// The same on chapter 12's sockets.
fn net_ours<const CONNECTIONS: u64>(requests: u64) -> u64 {
    let served = net::run(Clock::real(), async {
        let listener = net::TcpListener::bind(anywhere()).expect("a listener");
        let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            tasks.push(task_cell::spawn(echo_net(stream)));
        }
        let mut bytes = 0;
        for task in tasks {
            let echoed = task.await.expect("no panic");
            bytes += echoed.expect("no error");
        }
        served(bytes)
    });
    served.expect("a reactor")
}
// ANCHOR_END: net-server

// ANCHOR: net-connection
async fn echo_net(stream: net::TcpStream) -> io::Result<u64> {
    let (mut buffer, mut bytes) = ([0; BUFFER], 0);
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(bytes);
        }
        stream.write_all(&buffer[..length]).await?;
        bytes += length as u64;
    }
}
// ANCHOR_END: net-connection

// ANCHOR: tokio-server
pub(crate) fn theirs<const CONNECTIONS: u64>(runtime: Runtime, requests: u64) -> u64 {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(anywhere()).await;
        let listener = listener.expect("a listener");
        let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            tasks.push(tokio::spawn(echo_tokio(stream)));
        }
        let mut bytes = 0;
        for task in tasks {
            let echoed = task.await.expect("no panic");
            bytes += echoed.expect("no error");
        }
        served(bytes)
    })
}
// ANCHOR_END: tokio-server

// ANCHOR: tokio-connection
async fn echo_tokio(mut stream: tokio::net::TcpStream) -> io::Result<u64> {
    let (mut buffer, mut bytes) = ([0; BUFFER], 0);
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(bytes);
        }
        stream.write_all(&buffer[..length]).await?;
        bytes += length as u64;
    }
}
// ANCHOR_END: tokio-connection

/// No tasks, no timers, no wakers: the least that a server can do.
fn bare<const CONNECTIONS: u64>(requests: u64) -> u64 {
    let mut bytes = 0;
    let answered = serve_bare(
        CONNECTIONS,
        |address| start(Words::Echo, address, CONNECTIONS, requests),
        |asked| {
            bytes += asked.len() as u64;
            asked
        },
    );
    assert_eq!(bytes, answered * LENGTH, "a request comes in one piece");
    answered
}

/// Answers so many connections, until they are gone: how many requests there were. `start` starts those who call;
/// `answer` says what a request is answered with.
pub(crate) fn serve_bare<W: FnOnce()>(
    connections: u64,
    start: impl FnOnce(SocketAddr) -> W,
    mut answer: impl FnMut(&[u8]) -> &[u8],
) -> u64 {
    let mut poll = Poll::new().expect("a poll");
    let mut events = Events::with_capacity(1024);
    let mut listener = mio::net::TcpListener::bind(anywhere()).expect("a listener");
    let all = Token(usize::MAX);
    let registry = poll.registry().try_clone().expect("a registry");
    let registered = registry.register(&mut listener, all, Interest::READABLE);
    registered.expect("a listener can be registered");
    let served = start(listener.local_addr().expect("an address"));
    let (mut streams, mut open, mut answered) = (Vec::new(), connections, 0);
    while open > 0 {
        poll.poll(&mut events, None).expect("a wait");
        for event in &events {
            if event.token() == all {
                while let Ok((mut stream, _)) = listener.accept() {
                    let token = Token(streams.len());
                    let both = Interest::READABLE | Interest::WRITABLE;
                    let registered = registry.register(&mut stream, token, both);
                    registered.expect("a stream can be registered");
                    streams.push(Some(stream));
                }
                continue;
            }
            let place = &mut streams[event.token().0];
            // A connection may tell twice that it is over: once for either direction.
            let Some(stream) = place else { continue };
            match answer_once(stream, &mut answer) {
                Ok(true) => answered += 1,
                Ok(false) => {
                    *place = None;
                    open -= 1;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
    served();
    answered
}

/// Whether the connection is still open. A request comes in one piece, and there is always room for the answer:
/// otherwise the callers would wait for ever.
fn answer_once(
    stream: &mut mio::net::TcpStream,
    answer: &mut impl FnMut(&[u8]) -> &[u8],
) -> io::Result<bool> {
    let mut buffer = [0; BUFFER];
    let length = stream.read(&mut buffer)?;
    if length > 0 {
        stream.write_all(answer(&buffer[..length]))?;
    }
    Ok(length > 0)
}
