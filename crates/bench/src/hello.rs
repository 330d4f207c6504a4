//! An HTTP server by hyper: on our sockets, tasks and timers, on tokio's and on smol's.
//!
//! All as a program would have it: keep-alive, and a limit to how long a header may take.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::rt::{Read, Timer, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use smol_hyper::rt::{FuturesIo, SmolTimer};

use crate::callers::{HELLO, Words, start};
use crate::echo::serve_bare;
use crate::peers::{Peer, sides};
use crate::row::{Side, Work};
use crate::timing::tokio;

/// As many as the echo has.
const CONNECTIONS: u64 = 64;

/// The row of this file.
pub fn works() -> Vec<Work> {
    let mut sides = vec![Side::new("ours", ours), Side::new("tokio", theirs)];
    sides.extend(sides![on_smol: Smol, LocalExecutor]);
    sides.push(Side::new("mio, no HTTP", bare));
    vec![Work {
        counted: 2_000,
        is_helped: true,
        events: |requests| requests.next_multiple_of(CONNECTIONS),
        ..Work::new("hello", 32_000, sides)
    }]
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Answers on `stream` until whoever called has gone.
async fn serve(
    stream: impl Read + Write + Unpin,
    timer: impl Timer + Send + Sync + 'static,
    answered: Arc<AtomicU64>,
) {
    let hello = |_: Request<Incoming>| {
        answered.fetch_add(1, Ordering::Relaxed);
        let body = Full::new(Bytes::from_static(HELLO.as_bytes()));
        async { Ok::<_, Infallible>(Response::new(body)) }
    };
    let mut server = http1::Builder::new();
    let connection = server
        .timer(timer)
        .serve_connection(stream, service_fn(hello));
    connection.await.expect("no error");
}

/// On smol's sockets, by the crate smol-hyper.
fn on_smol<P: Peer>(requests: u64) -> u64 {
    let answered = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&answered);
    P::run(async move {
        let listener = smol::net::TcpListener::bind(anywhere()).await;
        let listener = listener.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let wait = start(Words::Http, address, CONNECTIONS, requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            let stream = FuturesIo::new(stream);
            let counted = Arc::clone(&counted);
            tasks.push(P::spawn(serve(stream, SmolTimer::new(), counted)));
        }
        for task in tasks {
            task.await;
        }
        wait();
    });
    answered.load(Ordering::Relaxed)
}

/// The least: an answer that is always the same.
fn bare(requests: u64) -> u64 {
    let answer: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntaxi!";
    serve_bare(
        CONNECTIONS,
        |address| start(Words::Http, address, CONNECTIONS, requests),
        |asked| {
            assert!(asked.ends_with(b"\r\n\r\n"), "a request comes in one piece");
            answer
        },
    )
}

fn ours(requests: u64) -> u64 {
    let answered = Arc::new(AtomicU64::new(0));
    let served = taxi::run(async {
        let listener = taxi::net::TcpListener::bind(anywhere()).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let wait = start(Words::Http, address, CONNECTIONS, requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            let stream = taxi::hyper::Io::new(stream);
            let answered = Arc::clone(&answered);
            tasks.push(taxi::spawn(serve(stream, taxi::hyper::Timer, answered)));
        }
        for task in tasks {
            task.await.expect("no panic");
        }
        wait();
    });
    served.expect("a reactor");
    answered.load(Ordering::Relaxed)
}

fn theirs(requests: u64) -> u64 {
    let answered = Arc::new(AtomicU64::new(0));
    tokio().block_on(async {
        let listener = tokio::net::TcpListener::bind(anywhere()).await;
        let listener = listener.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let wait = start(Words::Http, address, CONNECTIONS, requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            let stream = TokioIo::new(stream);
            let answered = Arc::clone(&answered);
            tasks.push(tokio::spawn(serve(stream, TokioTimer::new(), answered)));
        }
        for task in tasks {
            task.await.expect("no panic");
        }
        wait();
    });
    answered.load(Ordering::Relaxed)
}
