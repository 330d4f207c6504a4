//! hyper, as server and as client, over our sockets and by our clock.

use std::cell::Cell;
use std::convert::Infallible;
use std::error::Error as _;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::time::Duration;

use ::hyper::body::{Body, Bytes, Frame, Incoming};
use ::hyper::client::conn::{http1 as client1, http2 as client2};
use ::hyper::server::conn::{http1, http2};
use ::hyper::service::service_fn;
use ::hyper::{Error, Request, Response, StatusCode};
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use taxi::hyper::{Executor, Io, Timer};
use taxi::net::TcpStream;
use taxi::sync::{Barrier, CancellationToken, oneshot};
use taxi::time::{now, sleep, timeout};
use taxi::{Either, select, spawn};
use workbook_tests::limits::watchdog;

use crate::pair;

const SECOND: Duration = Duration::from_secs(1);

/// Answers with what it was sent.
async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Error> {
    let body = request.into_body().collect().await?;
    Ok(Response::new(Full::new(body.to_bytes())))
}

fn post(body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let request = Request::post("http://taxi/echo");
    request.body(Full::new(body.into())).unwrap()
}

async fn text(response: Response<Incoming>) -> Result<String, Error> {
    let body = response.into_body().collect().await?;
    Ok(String::from_utf8(body.to_bytes().into()).unwrap())
}

/// An HTTP/1 client on `stream`, whose connection is a task of its own.
async fn client<B>(stream: TcpStream) -> client1::SendRequest<B>
where
    B: Body<Data: Send, Error: std::error::Error + Send + Sync> + 'static,
{
    let (client, connection) = client1::handshake(Io::new(stream)).await.unwrap();
    drop(spawn(connection));
    client
}

#[test]
fn two_hundred_requests_use_one_connection() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let served = spawn(async move {
            let mut server = http1::Builder::new();
            let connection = server
                .timer(Timer)
                .serve_connection(Io::new(called), service_fn(echo));
            connection.await
        });
        let mut client = client(caller).await;
        for number in 0..200 {
            // From nothing to more than a socket holds at a time.
            let body = format!("{number},").repeat(number * 40);
            client.ready().await.unwrap();
            let response = client.send_request(post(body.clone())).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(text(response).await.unwrap(), body);
        }
        drop(client);
        served.await.unwrap().unwrap();
    });
}

#[test]
fn a_hundred_streams_share_one_connection_at_the_same_time() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let all_here = Rc::new(Barrier::new(100));
        // Each waits until all have come: one after the other, none would be answered.
        let answer = move |request: Request<Incoming>| {
            let all_here = Rc::clone(&all_here);
            async move {
                all_here.wait().await.unwrap();
                echo(request).await
            }
        };
        let served = spawn(async move {
            let server = http2::Builder::new(Executor);
            let connection = server.serve_connection(Io::new(called), service_fn(answer));
            connection.await
        });
        let handshake = client2::handshake(Executor, Io::new(caller));
        let (client, connection) = handshake.await.unwrap();
        drop(spawn(connection));
        let answers = taxi::gather((0..100).map(|number| {
            let mut client = client.clone();
            async move {
                let body = format!("{number},").repeat(1000);
                let response = client.send_request(post(body.clone())).await.unwrap();
                text(response).await.unwrap() == body
            }
        }));
        let right = answers.await.unwrap();
        assert_eq!(right, [true; 100]);
        drop(client);
        served.await.unwrap().unwrap();
    });
}

#[test]
fn a_header_that_does_not_end_is_cut_off_by_our_timer() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, called) = pair().await;
        let served = spawn(async move {
            let mut server = http1::Builder::new();
            server.timer(Timer).header_read_timeout(10 * SECOND);
            let connection = server.serve_connection(Io::new(called), service_fn(echo));
            (connection.await, now())
        });
        // A first request in time, and 5 s later the first byte of one that does not end.
        let text = "GET / HTTP/1.1\r\nhost: taxi\r\n\r\n";
        caller.write_all(text.as_bytes()).await.unwrap();
        let drip = spawn(async move {
            let mut answer = [0; 512];
            assert!(caller.read(&mut answer).await.unwrap() > 0);
            sleep(5 * SECOND).await;
            let mut written = 0;
            // Who only writes would hear of the end at a time that is the operating system's.
            while caller.write_all(b"G").await.is_ok() {
                written += 1;
                if timeout(SECOND, caller.read(&mut answer)).await.is_ok() {
                    break;
                }
            }
            written
        });
        let (end, when) = served.await.unwrap();
        assert!(end.unwrap_err().is_timeout());
        assert_eq!(when.as_secs(), 10);
        let written = drip.await.unwrap();
        assert!((5..=6).contains(&written), "{written}");
    });
}

#[test]
fn a_peer_that_answers_no_ping_is_given_up_by_our_timer() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let (caller, silent) = pair().await;
        let mut client = client2::Builder::new(Executor);
        client.timer(Timer).keep_alive_interval(10 * SECOND);
        client
            .keep_alive_timeout(5 * SECOND)
            .keep_alive_while_idle(true);
        let handshake = client.handshake::<_, Empty<Bytes>>(Io::new(caller));
        let (_sender, connection) = handshake.await.unwrap();
        let end = connection.await;
        assert!(end.unwrap_err().is_timeout());
        assert_eq!(now().as_secs(), 15);
        drop(silent);
    });
}

#[test]
fn a_body_that_is_cut_is_an_error_on_either_side() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        // The server's answer ends too early: its handler's body fails.
        let (caller, called) = pair().await;
        let answer = |_| async {
            let first = stream::iter([Ok(Frame::data(Bytes::from("half")))]);
            let rest = stream::once(async {
                sleep(SECOND).await;
                Err(io::Error::other("the driver has left"))
            });
            let body = StreamBody::new(first.chain(rest));
            Ok::<_, Infallible>(Response::new(body))
        };
        let served = spawn(async move {
            let connection = http1::Builder::new()
                .serve_connection(Io::new(called), service_fn(answer));
            connection.await
        });
        let mut client = client(caller).await;
        let response = client.send_request(post("")).await.unwrap();
        assert!(text(response).await.is_err());
        assert!(served.await.unwrap().unwrap_err().is_user());

        // And so does a request.
        let (caller, called) = pair().await;
        let (hail, heard) = oneshot::channel();
        let hail = Cell::new(Some(hail));
        let served = spawn(async move {
            let answer = async |request: Request<Incoming>| {
                let body = request.into_body().collect().await;
                let cut = body.unwrap_err();
                let cause = cut.source().and_then(|it| it.downcast_ref::<io::Error>());
                let why = cause.map(io::Error::kind);
                hail.take().unwrap().send(why).unwrap();
                Err::<Response<Empty<Bytes>>, Error>(cut)
            };
            let connection = http1::Builder::new()
                .serve_connection(Io::new(called), service_fn(answer));
            connection.await
        });
        let text = "POST / HTTP/1.1\r\nhost: taxi\r\ncontent-length: 100\r\n\r\nhalf";
        caller.write_all(text.as_bytes()).await.unwrap();
        drop(caller);
        assert_eq!(heard.await, Ok(Some(io::ErrorKind::UnexpectedEof)));
        assert!(served.await.unwrap().is_err());
    });
}

/// Serves until `shutdown`; then the request under way is answered, and no other taken.
async fn serve(called: TcpStream, shutdown: CancellationToken) -> Result<(), Error> {
    let slow = async |request| {
        sleep(10 * SECOND).await;
        echo(request).await
    };
    let mut server = http1::Builder::new();
    server.timer(Timer);
    let mut connection = pin!(server.serve_connection(Io::new(called), service_fn(slow)));
    match select(connection.as_mut(), shutdown.cancelled()).await {
        Either::Left(end) => end,
        Either::Right(()) => {
            Pin::as_mut(&mut connection).graceful_shutdown();
            connection.await
        }
    }
}

#[test]
fn a_graceful_shutdown_answers_what_is_under_way() {
    let _watchdog = watchdog();
    taxi::test::run(async {
        let shutdown = CancellationToken::new();
        let (busy_caller, busy) = pair().await;
        let (idle_caller, idle) = pair().await;
        let busy = spawn(serve(busy, shutdown.child()));
        let idle = spawn(serve(idle, shutdown.child()));
        let mut client = client(busy_caller).await;
        let answer = spawn(async move {
            let response = client.send_request(post("to the station")).await.unwrap();
            let closes = response.headers()["connection"] == "close";
            (closes, text(response).await.unwrap())
        });
        sleep(SECOND).await;
        shutdown.cancel();
        idle.await.unwrap().unwrap();
        // At once: nobody asked anything there.
        assert_eq!(now().as_secs(), 1);
        assert_eq!(idle_caller.read(&mut [0]).await.unwrap(), 0);
        let (closes, body) = answer.await.unwrap();
        assert_eq!((closes, body.as_str()), (true, "to the station"));
        assert_eq!(now().as_secs(), 10);
        busy.await.unwrap().unwrap();
    });
}
