//! tungstenite: WebSockets over our sockets, and over TLS on them.

use async_tungstenite::tungstenite::{Error, Message, protocol::Role};
use async_tungstenite::{WebSocketStream, accept_async, client_async};
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use futures::{SinkExt, StreamExt};
use taxi::spawn;
use workbook_tests::limits::watchdog;

use crate::pair;
use crate::tls::secret_pair;

/// Sends back what comes, until the other side closes.
async fn echo<S: AsyncRead + AsyncWrite + Unpin>(called: S) -> Result<u32, Error> {
    let (mut socket, mut echoed) = (accept_async(called).await?, 0);
    while let Some(message) = socket.next().await {
        match message? {
            message if message.is_text() || message.is_binary() => {
                socket.send(message).await?;
                echoed += 1;
            }
            // A ping is answered with what comes next, a close as well.
            _ => socket.flush().await.or_else(closed)?,
        }
    }
    // Over TLS: says that this is the end.
    socket.get_mut().close().await?;
    Ok(echoed)
}

/// After a close, there is nothing to flush.
fn closed(error: Error) -> Result<(), Error> {
    match error {
        Error::ConnectionClosed => Ok(()),
        error => Err(error),
    }
}

/// Two hundred messages, each longer than the one before, and a polite end.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(caller: S) -> Result<(), Error> {
    let (mut socket, _) = client_async("ws://localhost/", caller).await?;
    for number in 0..200 {
        let message = match number % 2 {
            0 => Message::text("taxi! ".repeat(number * 20)),
            _ => Message::binary(vec![number as u8; number * 500]),
        };
        socket.send(message.clone()).await?;
        assert_eq!(socket.next().await.unwrap()?, message);
    }
    socket.send(Message::Ping("still there?".into())).await?;
    let pong = socket.next().await.unwrap()?;
    assert_eq!(pong, Message::Pong("still there?".into()));
    socket.close(None).await?;
    assert!(socket.next().await.unwrap()?.is_close());
    assert!(socket.next().await.is_none());
    Ok(())
}

#[test]
fn two_hundred_messages_come_back() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let echoed = spawn(echo(called));
        talk(caller).await.unwrap();
        assert_eq!(echoed.await.unwrap().unwrap(), 200);
    });
}

#[test]
fn they_do_so_through_tls() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = secret_pair().await;
        let echoed = spawn(echo(called));
        talk(caller).await.unwrap();
        assert_eq!(echoed.await.unwrap().unwrap(), 200);
    });
}

#[test]
fn a_connection_that_ends_without_a_close_is_an_error() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let mut socket =
            WebSocketStream::from_raw_socket(called, Role::Server, None).await;
        drop(caller);
        let end = socket.next().await.unwrap();
        assert!(matches!(end, Err(Error::Protocol(_))), "{end:?}");
    });
}
