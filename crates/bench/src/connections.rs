//! How much memory a connection takes that is open and idle, ours and tokio's: the process's own, not the kernel's. Only
//! the binary `allocations` can tell: its allocator counts.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_loop::Clock;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::callers::{LENGTH, Words, start};
use crate::row::{Side, Work};
use crate::timing::tokio;

/// The callers need as many descriptors, and so do we.
const CONNECTIONS: u64 = 10_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let sides = vec![Side::memory("ours", ours), Side::memory("tokio", theirs)];
    vec![Work {
        counted: 0,
        is_helped: true,
        ..Work::new("idle-connection", CONNECTIONS, sides)
    }]
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn each(stats: Stats, count: u64) -> u64 {
    (stats.bytes_allocated - stats.bytes_deallocated) as u64 / count
}

/// Each has been answered once when it is counted; the second request comes when all have called.
const REQUESTS_EACH: u64 = 2;

fn ours(count: u64) -> u64 {
    let counted = net::run(Clock::real(), async {
        let listener = net::TcpListener::bind(anywhere()).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let wait = start(Words::Echo, address, count, REQUESTS_EACH * count);
        let (answered, mut tasks) = (Arc::new(AtomicU64::new(0)), Vec::new());
        tasks.reserve_exact(count as usize);
        let region = Region::new(&INSTRUMENTED_SYSTEM);
        for _ in 0..count {
            let (stream, _) = listener.accept().await.expect("a caller");
            tasks.push(task_cell::spawn(echo(stream, Arc::clone(&answered))));
        }
        while answered.load(Ordering::Relaxed) < count {
            polling::yield_now().await;
        }
        let stats = region.change();
        for task in tasks {
            task.await.expect("no panic").expect("no error");
        }
        wait();
        each(stats, count)
    });
    counted.expect("a reactor")
}

async fn echo(stream: net::TcpStream, answered: Arc<AtomicU64>) -> io::Result<()> {
    let mut buffer = [0; LENGTH as usize];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..length]).await?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

fn theirs(count: u64) -> u64 {
    tokio().block_on(async {
        let listener = tokio::net::TcpListener::bind(anywhere()).await;
        let listener = listener.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let wait = start(Words::Echo, address, count, REQUESTS_EACH * count);
        let (answered, mut tasks) = (Arc::new(AtomicU64::new(0)), Vec::new());
        tasks.reserve_exact(count as usize);
        let region = Region::new(&INSTRUMENTED_SYSTEM);
        for _ in 0..count {
            let (stream, _) = listener.accept().await.expect("a caller");
            let answered = Arc::clone(&answered);
            tasks.push(tokio::spawn(echo_tokio(stream, answered)));
        }
        while answered.load(Ordering::Relaxed) < count {
            tokio::task::yield_now().await;
        }
        let stats = region.change();
        for task in tasks {
            task.await.expect("no panic").expect("no error");
        }
        wait();
        each(stats, count)
    })
}

async fn echo_tokio(
    mut stream: tokio::net::TcpStream,
    answered: Arc<AtomicU64>,
) -> io::Result<()> {
    let mut buffer = [0; LENGTH as usize];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..length]).await?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
}
