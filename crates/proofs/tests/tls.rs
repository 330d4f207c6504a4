//! futures-rustls over our sockets: a mebibyte there and back.

use std::io;
use std::time::Duration;

use futures::io::{AsyncReadExt, AsyncWriteExt};
use taxi::net::TcpStream;
use taxi::protocols::tls::{self, TlsAcceptor, TlsConnector};
use taxi::spawn;
use workbook_tests::limits::watchdog;

use crate::pair;

const LIMIT: Duration = Duration::from_secs(60);

/// One who trusts nobody but the other.
fn secrets() -> (TlsConnector, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let (certificate, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
    let acceptor = tls::acceptor(vec![certificate.clone()], tls::key(key)).unwrap();
    (tls::connector([certificate]).unwrap(), acceptor)
}

/// The two ends of a connection that nobody else can read.
pub(crate) async fn secret_pair() -> (
    tls::client::TlsStream<TcpStream>,
    tls::server::TlsStream<TcpStream>,
) {
    let (connector, acceptor) = secrets();
    let (caller, called) = pair().await;
    let accepted = spawn(async move { tls::accept(&acceptor, called, LIMIT).await });
    let caller = tls::connect(&connector, "localhost", caller, LIMIT).await;
    (caller.unwrap(), accepted.await.unwrap().unwrap())
}

#[test]
fn a_mebibyte_comes_back() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = secret_pair().await;
        let echo = spawn(async move {
            let (read, mut write) = called.split();
            futures::io::copy(read, &mut write).await?;
            write.close().await
        });
        let sent: Vec<u8> = (0..1 << 20).map(|n: u32| (n % 251) as u8).collect();
        let (mut read, mut write) = caller.split();
        // More than the sockets hold: whoever wrote all of it first would never read.
        let written = sent.clone();
        let writer = spawn(async move {
            write.write_all(&written).await?;
            // Says that this is the end, so that the other side can tell it from a cut.
            write.close().await
        });
        let mut received = Vec::new();
        read.read_to_end(&mut received).await.unwrap();
        assert!(received == sent);
        writer.await.unwrap().unwrap();
        echo.await.unwrap().unwrap();
    });
}

#[test]
fn a_stream_that_is_cut_is_an_error() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (mut caller, mut called) = secret_pair().await;
        called.write_all(b"half").await.unwrap();
        called.flush().await.unwrap();
        // Without a close: the socket's end is all that is heard.
        drop(called);
        let mut received = Vec::new();
        let error = caller.read_to_end(&mut received).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(received, b"half");
    });
}
