//! What others have written for any runtime, on ours: hyper, rustls, tungstenite, and what speaks to PostgreSQL.
//!
//! None of it knows taxi. Each brings its own idea of when to read, write, wake and wait, and so finds what tests of our
//! own might not. A package of its own, so that no other has to build it.

mod hyper;
#[cfg(unix)]
mod postgres;
mod tls;
mod tokio_io;
mod tracing;
mod tree;
mod websocket;

use taxi::net::{TcpListener, TcpStream};
use workbook_tests::limits::watch_over_all;

/// Its name puts it first.
#[test]
fn _a_test_that_hangs_is_ended() {
    watch_over_all();
}

/// The two ends of a connection: who called, and who was called.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let caller = TcpStream::connect(address).await.unwrap();
    let (called, _) = listener.accept().await.unwrap();
    (caller, called)
}
