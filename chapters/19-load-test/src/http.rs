//! What the clients send to a web server.
//!
//! A browser's HTTP library keeps a pool of connections and takes whichever is free. A load tester must not: how many
//! connections there are is what it is to decide, and to measure. So each client has one, by hyper, as `ab` and `wrk` do it.

use std::cell::{Cell, RefCell};
use std::error::Error as _;
use std::fmt;
use std::io;
use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONNECTION, HOST};
use hyper::{Method, Request, Uri};
use taxi::hyper::Io;
use taxi::net::TcpStream;
use taxi::spawn;

use crate::{Answer, Failure};

type Sender = SendRequest<Full<Bytes>>;

// ANCHOR: http
/// A request that is sent again and again.
///
/// ```
/// use load_test::Http;
///
/// taxi::test::run(async {
///     let app = web::App::new().post("/", async |_| "thank you");
///     let server = web::Server::bind(([127, 0, 0, 1], 0).into())?.serve(app)?;
///     let url = format!("http://{}/", server.local_addr());
///     let target = Http::new(&url).unwrap().upload("a taxi").keep_alive(false);
///     let target = target.look_up().await?;
///     let answer = target.send(0).await.unwrap();
///     assert_eq!((answer.status, answer.sent, answer.received), (200, 6, 9));
///     assert_eq!(target.connections(), 1);
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Http {
    uri: Uri,
    host: String,
    method: Method,
    body: Bytes,
    keep_alive: bool,
    addresses: Vec<SocketAddr>,
    /// The connection of each client, while it is not in use.
    idle: RefCell<Vec<Option<Sender>>>,
    connections: Cell<u64>,
}
// ANCHOR_END: http

/// An address that is none.
///
/// ```
/// let why = load_test::Http::new("https://example.org/").unwrap_err();
/// assert_eq!(why.to_string(), "'https://example.org/': only http:// can be tested");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTarget(String);

impl fmt::Display for BadTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadTarget {}

impl Http {
    /// A GET of `url`.
    ///
    /// # Errors
    ///
    /// If that is no address with a host, or not one of plain HTTP.
    pub fn new(url: &str) -> Result<Http, BadTarget> {
        let none = || {
            BadTarget(format!(
                "'{url}' is no address such as http://127.0.0.1:8080/"
            ))
        };
        let uri: Uri = url.parse().map_err(|_| none())?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err(BadTarget(format!("'{url}': only http:// can be tested")));
            }
            _ => return Err(none()),
        }
        let authority = uri.authority().ok_or_else(none)?;
        let host = authority.host();
        let host = match authority.port_u16() {
            Some(port) => format!("{host}:{port}"),
            None if authority.as_str() == host => format!("{host}:80"),
            None => return Err(none()),
        };
        Ok(Http {
            uri,
            host,
            method: Method::GET,
            body: Bytes::new(),
            keep_alive: true,
            addresses: Vec::new(),
            idle: RefCell::default(),
            connections: Cell::new(0),
        })
    }

    /// POSTs `body` instead.
    pub fn upload(mut self, body: impl Into<Bytes>) -> Http {
        self.method = Method::POST;
        self.body = body.into();
        self
    }

    /// Whether a client keeps its connection for the next request. If nothing is said, it
    /// does.
    pub fn keep_alive(mut self, keep: bool) -> Http {
        self.keep_alive = keep;
        self
    }

    /// Looks up the host, once for all clients.
    ///
    /// # Errors
    ///
    /// If nobody knows it.
    pub async fn look_up(mut self) -> io::Result<Http> {
        self.addresses = match self.host.parse() {
            Ok(address) => vec![address],
            Err(_) => taxi::threads::lookup(&self.host).await?,
        };
        Ok(self)
    }

    /// Who is asked: its host, and the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where that is, once it has been looked up.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// How many connections were made.
    pub fn connections(&self) -> u64 {
        self.connections.get()
    }

    // ANCHOR: send
    /// Sends one request for `client`, and reads the whole answer.
    ///
    /// # Errors
    ///
    /// If there is none. The next request of this client then has a connection of its own,
    /// and so it has if this is dropped: an answer that comes late must not be taken for
    /// that of the next request.
    pub async fn send(&self, client: usize) -> Result<Answer, Failure> {
        let mut sender = match self.take(client) {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        sender.ready().await.map_err(failure)?;
        let response = sender.send_request(self.request()).await.map_err(failure)?;
        let status = response.status().as_u16();
        let mut received = 0;
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(failure)?;
            received += frame.data_ref().map_or(0, Bytes::len) as u64;
        }
        if self.keep_alive {
            self.keep(client, sender);
        }
        Ok(Answer {
            status,
            sent: self.body.len() as u64,
            received,
        })
    }
    // ANCHOR_END: send

    /// The connection that the client has kept, if the server has kept it, too.
    fn take(&self, client: usize) -> Option<Sender> {
        let kept = self.idle.borrow_mut().get_mut(client)?.take();
        kept.filter(|sender| !sender.is_closed())
    }

    fn keep(&self, client: usize, sender: Sender) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() <= client {
            idle.resize_with(client + 1, || None);
        }
        idle[client] = Some(sender);
    }

    async fn connect(&self) -> Result<Sender, Failure> {
        let stream = TcpStream::connect_any(&self.addresses).await?;
        // A request is one small piece: it need not wait for a second one.
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(Io::new(stream)).await.map_err(failure)?;
        self.connections.set(self.connections.get() + 1);
        // It ends with its sender.
        drop(spawn(connection));
        Ok(sender)
    }

    fn request(&self) -> Request<Full<Bytes>> {
        let path = self.uri.path_and_query().map_or("/", |it| it.as_str());
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = path.parse().unwrap_or_default();
        let authority = self.uri.authority().map_or("", |it| it.as_str());
        if let Ok(host) = authority.parse() {
            request.headers_mut().insert(HOST, host);
        }
        if !self.keep_alive {
            let close = hyper::header::HeaderValue::from_static("close");
            request.headers_mut().insert(CONNECTION, close);
        }
        request
    }
}

/// What went wrong with a connection, in our words.
fn failure(error: hyper::Error) -> Failure {
    let cause = error.source().and_then(|it| it.downcast_ref::<io::Error>());
    match cause {
        Some(cause) => Failure::from(io::Error::from(cause.kind())),
        None if error.is_incomplete_message() || error.is_canceled() => Failure::Closed,
        None if error.is_closed() => Failure::Closed,
        None if error.is_parse() => Failure::Other("no HTTP".into()),
        None => Failure::Other(error.to_string()),
    }
}
