//! What is written for tokio's traits, on our streams, and the other way round.

use std::io::IoSlice;

use taxi::net::{TcpListener, TcpStream};
use taxi::spawn;
use taxi::tokio_io::Compat;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional, duplex};
use workbook_tests::limits::watchdog;

use crate::pair;

const MEBIBYTE: usize = 1 << 20;

/// Sends back what comes, and ends when the other side does.
async fn echo(stream: TcpStream) {
    let mut bytes = vec![0; 4096];
    loop {
        let length = stream.read(&mut bytes).await.unwrap();
        if length == 0 {
            return;
        }
        stream.write_all(&bytes[..length]).await.unwrap();
    }
}

/// tokio's relay between two of our sockets: both ways at once, each with an end of its own.
#[test]
fn a_relay_of_tokios_carries_a_mebibyte_both_ways() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, front) = pair().await;
        let (back, server) = pair().await;
        let server = spawn(echo(server));
        let relay = spawn(async move {
            let (mut front, mut back) = (Compat::new(front), Compat::new(back));
            copy_bidirectional(&mut front, &mut back).await.unwrap()
        });
        let (mut read, mut write) = tokio::io::split(Compat::new(caller));
        let sent: Vec<u8> = (0..MEBIBYTE).map(|n| (n % 251) as u8).collect();
        let written = sent.clone();
        let writer = spawn(async move {
            write.write_all(&written).await.unwrap();
            write.shutdown().await.unwrap();
        });
        let mut received = Vec::new();
        read.read_to_end(&mut received).await.unwrap();
        assert!(received == sent);
        let bytes = MEBIBYTE as u64;
        assert_eq!(relay.await.unwrap(), (bytes, bytes));
        writer.await.unwrap();
        server.await.unwrap();
    });
}

#[test]
fn several_slices_are_one_write() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let mut caller = Compat::new(caller);
        assert!(tokio::io::AsyncWrite::is_write_vectored(&caller));
        let slices = [IoSlice::new(b"to the "), IoSlice::new(b"station")];
        assert_eq!(caller.write_vectored(&slices).await.unwrap(), 14);
        let mut bytes = [0; 32];
        assert_eq!(called.read(&mut bytes).await.unwrap(), 14);
        assert_eq!(&bytes[..14], b"to the station");
    });
}

/// Here the stream is tokio's, a pipe in memory, and the traits are those of `futures-io`.
#[test]
fn a_stream_of_tokios_is_one_of_ours() {
    use futures::io::{AsyncReadExt, AsyncWriteExt, copy};

    let _watchdog = watchdog();
    taxi::test::run(async {
        let (near, far) = duplex(64);
        let echo = spawn(async move {
            let (read, mut write) = Compat::new(far).split();
            copy(read, &mut write).await.unwrap();
            write.close().await.unwrap();
        });
        let (mut read, mut write) = Compat::new(near).split();
        let writer = spawn(async move {
            write.write_all(&[7; 10_000]).await.unwrap();
            write.flush().await.unwrap();
            write.close().await.unwrap();
        });
        let mut received = Vec::new();
        read.read_to_end(&mut received).await.unwrap();
        assert_eq!(received, [7; 10_000]);
        writer.await.unwrap();
        echo.await.unwrap();
    });
}

/// Both ways at once: what was wrapped twice is the stream again.
#[test]
fn what_it_wraps_can_be_had_back() {
    taxi::test::run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let mut twice = Compat::new(Compat::new(stream));
        futures::AsyncWriteExt::write_all(&mut twice, b"taxi")
            .await
            .unwrap();
        let (called, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 8];
        assert_eq!(called.read(&mut bytes).await.unwrap(), 4);
        let stream: TcpStream = twice.into_inner().into_inner();
        assert_eq!(stream.peer_addr().unwrap(), address);
    });
}
