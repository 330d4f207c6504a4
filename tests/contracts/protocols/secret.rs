//! TLS: the same calls over a stream that nobody else can read.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use event_loop::{Clock, Time};
use net::{TcpListener, TcpStream};
use protocols::tls::pki_types::CertificateDer;
use protocols::tls::rustls::{self, version};
use protocols::tls::{TlsAcceptor, TlsConnector};
use protocols::{Protocol, Transport, drive, tls};
use task_cell::spawn;

use crate::{Log, Scripted, anywhere, turns};

const LIMIT: Duration = Duration::from_secs(60);

/// More than the operating system's buffers hold.
const TOTAL: usize = 8 << 20;

/// A certificate for `name`, signed by itself, and a server's end of TLS with it.
fn certified(name: &str) -> (CertificateDer<'static>, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed([name.to_string()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = tls::key(made.signing_key.serialize_der());
    let acceptor = tls::acceptor(vec![certificate.clone()], key).unwrap();
    (certificate, acceptor)
}

fn pair() -> (TlsConnector, TlsAcceptor) {
    let (certificate, acceptor) = certified("localhost");
    (tls::connector([certificate]).unwrap(), acceptor)
}

async fn tcp_pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let caller = TcpStream::connect(listener.local_addr().unwrap());
    let caller = caller.await.unwrap();
    (caller, listener.accept().await.unwrap().0)
}

type Ends = (
    io::Result<tls::client::TlsStream<TcpStream>>,
    io::Result<tls::server::TlsStream<TcpStream>>,
);

/// Both ends of a handshake.
async fn shaken(connector: &TlsConnector, acceptor: &TlsAcceptor, name: &str) -> Ends {
    let (caller, called) = tcp_pair().await;
    let accept = spawn(tls::accept(acceptor, called, LIMIT));
    let client = tls::connect(connector, name, caller, LIMIT).await;
    if client.is_err() {
        // What was to be said of it is on its way.
        turns().await;
    }
    (client, accept.await.unwrap())
}

#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    net::run(Clock::virtual_time(), future).unwrap()
}

/// Says what it hears, and closes after the end.
#[derive(Default)]
struct Echo(Option<Transport>);

impl Protocol for Echo {
    fn connection_made(&mut self, transport: Transport) {
        self.0 = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.0.as_ref().unwrap().write(data);
    }
}

/// Sends so much, as far as it may, then its end; and counts what comes back.
struct Sender {
    transport: Option<Transport>,
    left: usize,
    may: bool,
    pauses: usize,
    heard: usize,
    lost: Option<io::Error>,
}

impl Sender {
    fn go_on(&mut self) {
        let transport = self.transport.as_ref().unwrap();
        while self.may && self.left > 0 {
            let length = self.left.min(10_000);
            let from = TOTAL - self.left;
            let bytes: Vec<u8> = (from..from + length).map(|it| it as u8).collect();
            self.left -= length;
            transport.write(&bytes);
            // It is told when this method ends.
            self.may = transport.write_buffer_size() <= 20_000;
        }
        if self.left == 0 {
            transport.write_eof();
        }
    }
}

impl Protocol for Sender {
    fn connection_made(&mut self, transport: Transport) {
        transport.set_write_buffer_limits(20_000, 5_000);
        self.transport = Some(transport);
        self.go_on();
    }

    fn data_received(&mut self, data: &[u8]) {
        let from = self.heard;
        let expected = (from..from + data.len()).map(|it| it as u8);
        assert!(data.iter().copied().eq(expected), "at {from}");
        self.heard += data.len();
    }

    fn pause_writing(&mut self) {
        self.pauses += 1;
    }

    fn resume_writing(&mut self) {
        self.may = true;
        self.go_on();
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        self.lost = error;
    }
}

#[test]
fn all_of_it_goes_and_comes_back_and_half_a_close_leaves_the_other_half() {
    for version in [&version::TLS12, &version::TLS13] {
        let (connector, acceptor) = with_version(version);
        let sender = run(async {
            let (client, server) = shaken(&connector, &acceptor, "localhost").await;
            let _server = spawn(drive(server.unwrap(), Echo::default()));
            let sender = Sender {
                transport: None,
                left: TOTAL,
                may: true,
                pauses: 0,
                heard: 0,
                lost: None,
            };
            drive(client.unwrap(), sender).await
        });
        assert_eq!((sender.left, sender.heard), (0, TOTAL));
        assert!(sender.pauses > 0, "the marks count");
        assert!(sender.lost.is_none(), "{:?}", sender.lost);
    }
}

/// Both ends of TLS of one version.
fn with_version(
    version: &'static rustls::SupportedProtocolVersion,
) -> (TlsConnector, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let key = tls::key(made.signing_key.serialize_der());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (Arc::new(client).into(), Arc::new(server).into())
}

#[test]
fn a_close_is_an_end_and_a_cut_is_an_error() {
    for cut in [false, true] {
        let log = Log::default();
        run(async {
            let (connector, acceptor) = pair();
            let (client, server) = shaken(&connector, &acceptor, "localhost").await;
            let protocol = Scripted::new(&Log::default()).on("made", move |transport| {
                transport.write(b"taxi");
                if !cut {
                    transport.close();
                }
            });
            let server = spawn(drive(server.unwrap(), protocol));
            let protocol = Scripted::new(&log).on("data", move |_: &Transport| {
                // The line is cut: TCP ends, and nobody has said that it is over.
                if cut {
                    server.abort();
                }
            });
            drive(client.unwrap(), protocol).await;
        });
        let calls = log.take();
        let last = calls.last().unwrap();
        if cut {
            assert_eq!(calls.len(), 3, "{calls:?}");
            assert!(
                last.starts_with("lost: ") && last.contains("close_notify"),
                "{last}"
            );
        } else {
            assert_eq!(calls, ["made", "data taxi", "eof", "lost"]);
        }
    }
}

/// It says that it is over. The other side says nothing, and keeps its line.
#[test]
fn a_close_waits_for_no_answer() {
    let log = Log::default();
    run(async {
        let (connector, acceptor) = pair();
        let (client, server) = shaken(&connector, &acceptor, "localhost").await;
        let _silent = client.unwrap();
        let protocol = Scripted::new(&log).on("made", Transport::close);
        drive(server.unwrap(), protocol).await;
        assert_eq!(timers::now(), Time::from_secs(0));
    });
    assert_eq!(log.take(), ["made", "lost"]);
}

#[test]
fn whoever_has_no_certificate_of_that_name_is_refused() {
    run(async {
        let (_, acceptor) = certified("localhost");
        let connector = tls::connector([]).unwrap();
        let (client, server) = shaken(&connector, &acceptor, "localhost").await;
        let error = client.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert_eq!(error.to_string(), "invalid peer certificate: UnknownIssuer");
        let inner = error.get_ref().unwrap().downcast_ref::<rustls::Error>();
        assert!(matches!(inner, Some(rustls::Error::InvalidCertificate(_))));
        let error = server.unwrap_err().to_string();
        assert!(error.starts_with("received fatal alert: "), "{error}");

        let (connector, acceptor) = pair();
        let (client, _) = shaken(&connector, &acceptor, "example.org").await;
        let error = client.unwrap_err().to_string();
        assert!(error.contains("not valid for name"), "{error}");
        let (client, _) = shaken(&connector, &acceptor, "no name").await;
        assert_eq!(client.unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn whoever_does_not_speak_tls_is_told_apart() {
    run(async {
        let (connector, acceptor) = pair();
        let (caller, called) = tcp_pair().await;
        caller.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let error = tls::accept(&acceptor, called, LIMIT).await.unwrap_err();
        let said = error.to_string();
        assert!(
            said.starts_with("the other side does not speak TLS: "),
            "{said}"
        );

        let (caller, called) = tcp_pair().await;
        called.write_all(b"SSH-2.0-taxi\r\n").await.unwrap();
        let connect = tls::connect(&connector, "localhost", caller, LIMIT);
        let said = connect.await.unwrap_err().to_string();
        assert!(
            said.starts_with("the other side does not speak TLS: "),
            "{said}"
        );

        let (caller, called) = tcp_pair().await;
        drop(caller);
        let error = tls::accept(&acceptor, called, LIMIT).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    });
}

#[test]
fn whoever_says_nothing_is_given_a_limit() {
    run(async {
        let (connector, acceptor) = pair();
        let (_caller, called) = tcp_pair().await;
        let error = tls::accept(&acceptor, called, LIMIT).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "the TLS handshake took longer than 60s");
        assert_eq!(timers::now(), Time::from_secs(60));
        let (caller, _called) = tcp_pair().await;
        let task = spawn(tls::connect(&connector, "localhost", caller, LIMIT));
        turns().await;
        let waits = task_cell::tasks().pop().unwrap().suspended.unwrap();
        assert_eq!(waits.why, "TLS handshake");
        assert!(waits.location.file().ends_with("secret.rs"));
        assert_eq!(task.await.unwrap().unwrap_err().kind(), ErrorKind::TimedOut);
    });
}

/// What asyncio reports as "SSL error in data received".
#[test]
fn what_is_no_tls_after_the_handshake_ends_the_connection() {
    let log = Log::default();
    run(async {
        let (connector, acceptor) = pair();
        let (client, server) = shaken(&connector, &acceptor, "localhost").await;
        let (client, session) = client.unwrap().into_inner();
        drop(session);
        client
            .write_all(b"plain text, all of a sudden")
            .await
            .unwrap();
        drive(server.unwrap(), Scripted::new(&log)).await;
    });
    let calls = log.take();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(
        calls[1].starts_with("lost: received corrupt message"),
        "{calls:?}"
    );
}

/// What the session keeps is part of what is to be sent.
#[test]
fn close_flushes_what_the_session_has() {
    run(async {
        let (connector, acceptor) = pair();
        let (client, server) = shaken(&connector, &acceptor, "localhost").await;
        let protocol = Scripted::new(&Log::default()).on("made", |transport| {
            transport.write(&vec![b'x'; 8 << 20]);
            transport.close();
        });
        let server = spawn(drive(server.unwrap(), protocol));
        struct Counts(usize);
        impl Protocol for Counts {
            fn data_received(&mut self, data: &[u8]) {
                self.0 += data.len();
            }
        }
        let counts = drive(client.unwrap(), Counts(0)).await;
        assert_eq!(counts.0, 8 << 20);
        server.await.unwrap();
    });
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let make = || rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let (one, other) = (make(), make());
    let key = tls::key(other.signing_key.serialize_der());
    assert!(tls::acceptor(vec![one.cert.der().clone()], key).is_err());
    assert!(tls::connector([CertificateDer::from(vec![1, 2, 3])]).is_err());
}
