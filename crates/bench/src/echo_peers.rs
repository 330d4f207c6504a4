//! The TCP echo on the other runtimes: each with its own listener, its own stream, and a task for each connection.

use std::io;

use smol::io::{AsyncReadExt, AsyncWriteExt};

use crate::echo::{BUFFER, anywhere, callers, theirs};
use crate::peers::{LocalExecutor, Peer, Smol, TokioThreads, tokio_threads};
use crate::python;
use crate::row::Side;

/// The sides of this file, with so many connections.
pub fn sides<const CONNECTIONS: u64>() -> Vec<Side> {
    let mut sides = vec![Side {
        // A request to a server of many threads takes no longer than to one of a single thread.
        part: 1,
        ..Side::of::<TokioThreads>(on_tokio::<CONNECTIONS>)
    }];
    sides.extend([
        Side {
            part: 1,
            ..Side::of::<Smol>(on_smol::<CONNECTIONS, Smol>)
        },
        Side::of::<LocalExecutor>(on_smol::<CONNECTIONS, LocalExecutor>),
    ]);
    sides.extend(completion::sides::<CONNECTIONS>());
    let name = match CONNECTIONS {
        1 => "echo-1",
        64 => "echo-64",
        _ => "echo-1000",
    };
    sides.extend(python::servers(name, 4));
    sides
}

fn on_tokio<const CONNECTIONS: u64>(requests: u64) -> u64 {
    theirs::<CONNECTIONS>(tokio_threads(), requests)
}

fn on_smol<const CONNECTIONS: u64, P: Peer>(requests: u64) -> u64 {
    P::run(async move {
        let listener = smol::net::TcpListener::bind(anywhere()).await;
        let listener = listener.expect("a listener");
        let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (stream, _) = listener.accept().await.expect("a caller");
            tasks.push(P::spawn(echo_smol(stream)));
        }
        let mut bytes = 0;
        for task in tasks {
            bytes += task.await.expect("no error");
        }
        served(bytes)
    })
}

async fn echo_smol(mut stream: smol::net::TcpStream) -> io::Result<u64> {
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

/// Those that are given a buffer, and give it back when it is full or empty.
#[cfg(target_os = "linux")]
mod completion {
    use std::io;

    use super::{BUFFER, anywhere, callers};
    use crate::peers::{Compio, Monoio, Peer};
    use crate::row::Side;

    pub fn sides<const CONNECTIONS: u64>() -> Vec<Side> {
        vec![
            Side::of::<Monoio>(on_monoio::<CONNECTIONS>),
            Side::of::<Compio>(on_compio::<CONNECTIONS>),
        ]
    }

    fn on_monoio<const CONNECTIONS: u64>(requests: u64) -> u64 {
        Monoio::run(async move {
            let listener = monoio::net::TcpListener::bind(anywhere());
            let listener = listener.expect("a listener");
            let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
            let mut tasks = Vec::new();
            for _ in 0..CONNECTIONS {
                let (stream, _) = listener.accept().await.expect("a caller");
                tasks.push(monoio::spawn(echo_monoio(stream)));
            }
            let mut bytes = 0;
            for task in tasks {
                bytes += task.await.expect("no error");
            }
            served(bytes)
        })
    }

    async fn echo_monoio(mut stream: monoio::net::TcpStream) -> io::Result<u64> {
        use monoio::io::{AsyncReadRent, AsyncWriteRentExt};
        let (mut buffer, mut bytes) = (Vec::with_capacity(BUFFER), 0);
        loop {
            let (length, filled) = stream.read(buffer).await;
            let length = length?;
            if length == 0 {
                return Ok(bytes);
            }
            let (written, emptied) = stream.write_all(filled).await;
            written?;
            buffer = emptied;
            buffer.clear();
            bytes += length as u64;
        }
    }

    fn on_compio<const CONNECTIONS: u64>(requests: u64) -> u64 {
        Compio::run(async move {
            let listener = compio::net::TcpListener::bind(anywhere()).await;
            let listener = listener.expect("a listener");
            let served = callers::<CONNECTIONS>(listener.local_addr(), requests);
            let mut tasks = Vec::new();
            for _ in 0..CONNECTIONS {
                let (stream, _) = listener.accept().await.expect("a caller");
                tasks.push(compio::runtime::spawn(echo_compio(stream)));
            }
            let mut bytes = 0;
            for task in tasks {
                bytes += task.await.expect("no panic").expect("no error");
            }
            served(bytes)
        })
    }

    async fn echo_compio(mut stream: compio::net::TcpStream) -> io::Result<u64> {
        use compio::buf::BufResult;
        use compio::io::{AsyncRead, AsyncWriteExt};
        let (mut buffer, mut bytes) = (Vec::with_capacity(BUFFER), 0);
        loop {
            let BufResult(length, filled) = stream.read(buffer).await;
            let length = length?;
            if length == 0 {
                return Ok(bytes);
            }
            let BufResult(written, emptied) = stream.write_all(filled).await;
            written?;
            buffer = emptied;
            buffer.clear();
            bytes += length as u64;
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod completion {
    use crate::peers::{Compio, Monoio};
    use crate::row::Side;

    pub fn sides<const CONNECTIONS: u64>() -> Vec<Side> {
        let none = |_| unreachable!("it is absent");
        vec![Side::of::<Monoio>(none), Side::of::<Compio>(none)]
    }
}
