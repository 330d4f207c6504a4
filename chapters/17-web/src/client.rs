//! A client: one that asks, and keeps connections for the next time.
//!
//! ```
//! use web::client::Client;
//! use web::{App, Request, Server};
//!
//! taxi::test::run(async {
//!     let app = App::new().post("/", async |mut it: Request| it.text().await);
//!     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
//!     let client = Client::new();
//!     let url = format!("http://{}/", server.local_addr());
//!     let response = client.post(&url, "text/plain", "a taxi").await?;
//!     assert_eq!(response.text().await?, "a taxi");
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod connect;
mod error;
mod response;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use hyper::client::conn::http1::SendRequest;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Uri};
use serde::Serialize;
use taxi::net::located;
use taxi::time::timeout;

use crate::Payload;
use crate::tls::TlsConnector;

use connect::{Place, connect};
pub use error::{Error, Kind};
pub use response::Response;

/// How many idle connections are kept for a server.
const KEPT: usize = 64;

// ANCHOR: client
/// Asks servers by HTTP/1.1. Cheap to clone; clones share their connections.
///
/// A redirect is an answer like any other: it is not followed.
#[derive(Clone)]
pub struct Client {
    settings: Rc<Settings>,
    idle: Rc<Idle>,
}

#[derive(Clone)]
struct Settings {
    /// For a connection.
    connect: Duration,
    /// For the header of the answer, and for each piece of its body.
    patience: Duration,
    /// How large an answer may be.
    limit: u64,
    tls: Option<TlsConnector>,
}
// ANCHOR_END: client

/// Connections that nobody uses, by where they lead.
#[derive(Default)]
struct Idle(RefCell<HashMap<Place, Vec<Sender>>>);

/// A connection, as one who asks sees it.
type Sender = SendRequest<Payload>;

impl Default for Client {
    fn default() -> Client {
        Client::new()
    }
}

impl Client {
    /// With 10 s for a connection, 30 s for an answer to begin and for each of its pieces, and 64 MiB for its body.
    pub fn new() -> Client {
        let settings = Settings {
            connect: Duration::from_secs(10),
            patience: Duration::from_secs(30),
            limit: 64 * 1024 * 1024,
            tls: None,
        };
        Client {
            settings: Rc::new(settings),
            idle: Rc::default(),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Client {
        change(Rc::make_mut(&mut self.settings));
        self
    }

    /// How long a connection may take.
    pub fn connect_limit(self, limit: Duration) -> Client {
        self.with(|it| it.connect = limit)
    }

    /// How long an answer may take to begin, and each piece of its body to come.
    pub fn patience(self, limit: Duration) -> Client {
        self.with(|it| it.patience = limit)
    }

    /// How large the body of an answer may be, in bytes.
    pub fn body_limit(self, bytes: u64) -> Client {
        self.with(|it| it.limit = bytes)
    }

    /// Asks `https`, too, of servers that `connector` trusts.
    pub fn tls(self, connector: TlsConnector) -> Client {
        self.with(|it| it.tls = Some(connector))
    }

    /// `GET`.
    ///
    /// # Errors
    ///
    /// As [`send`](Client::send). An answer with an error status is none.
    #[track_caller]
    pub fn get(
        &self,
        url: &str,
    ) -> impl Future<Output = Result<Response, Error>> + use<> {
        let request = request(Method::GET, url, Payload::empty(), None);
        let client = self.clone();
        located("HTTP answer", async move { client.ask(request?).await })
    }

    /// `POST`, with a body of this type.
    ///
    /// # Errors
    ///
    /// As [`send`](Client::send).
    #[track_caller]
    pub fn post<B: Into<Payload>>(
        &self,
        url: &str,
        content_type: &'static str,
        body: B,
    ) -> impl Future<Output = Result<Response, Error>> + use<B> {
        let content_type = HeaderValue::from_static(content_type);
        let request = request(Method::POST, url, body.into(), Some(content_type));
        let client = self.clone();
        located("HTTP answer", async move { client.ask(request?).await })
    }

    /// `POST` of an HTML form.
    ///
    /// # Errors
    ///
    /// As [`send`](Client::send).
    #[track_caller]
    pub fn post_form(
        &self,
        url: &str,
        fields: &[(&str, &str)],
    ) -> impl Future<Output = Result<Response, Error>> + use<> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(fields).finish();
        self.post(url, "application/x-www-form-urlencoded", form)
    }

    /// `POST` of a value, in JSON.
    ///
    /// # Errors
    ///
    /// As [`send`](Client::send).
    ///
    /// # Panics
    ///
    /// If JSON has no such value: a map whose keys are no text.
    #[track_caller]
    pub fn post_json<T: Serialize + ?Sized>(
        &self,
        url: &str,
        value: &T,
    ) -> impl Future<Output = Result<Response, Error>> + use<T> {
        let text = serde_json::to_string(value).expect("JSON has no such value");
        self.post(url, "application/json", text)
    }

    /// Any request. Its address must be whole; `Host` is added if it is missing.
    ///
    /// ```
    /// use web::client::{Client, Kind};
    ///
    /// taxi::test::run(async {
    ///     let request = hyper::Request::get("/no/host").body("".into()).unwrap();
    ///     let error = Client::new().send(request).await.unwrap_err();
    ///     assert_eq!(error.kind(), Kind::Url);
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such server, or it does not answer as it should, or not in time.
    #[track_caller]
    pub fn send(
        &self,
        request: Request<Payload>,
    ) -> impl Future<Output = Result<Response, Error>> + use<> {
        let client = self.clone();
        located("HTTP answer", async move { client.ask(request).await })
    }

    // ANCHOR: ask
    async fn ask(&self, mut request: Request<Payload>) -> Result<Response, Error> {
        let place = Place::of(request.uri())?;
        let host = place.host_header();
        request.headers_mut().entry(HOST).or_insert(host);
        // A server is asked for a path; only a proxy would want more.
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map_or(Uri::from_static("/"), Uri::from);
        let limit = self.settings.patience;
        loop {
            let (mut sender, is_new) = match self.idle.take(&place) {
                Some(sender) => (sender, false),
                None => (connect(&place, &self.settings).await?, true),
            };
            let sent = async {
                match sender.ready().await {
                    Ok(()) => sender
                        .try_send_request(request)
                        .await
                        .map_err(|mut it| (it.take_message(), it.into_error())),
                    Err(error) => Err((Some(request), error)),
                }
            };
            match timeout(limit, sent)
                .await
                .map_err(|_| Error::slow("an answer"))?
            {
                Ok(answer) => {
                    let back = (place, Rc::clone(&self.idle), sender);
                    return Ok(Response::new(answer, back, &self.settings));
                }
                // The server has closed it meanwhile, and nothing was sent.
                Err((Some(unsent), _)) if !is_new => request = unsent,
                Err((_, error)) => return Err(Error::http(error)),
            }
        }
    }
    // ANCHOR_END: ask
}

fn request(
    method: Method,
    url: &str,
    body: Payload,
    content_type: Option<HeaderValue>,
) -> Result<Request<Payload>, Error> {
    // What stands after a `#` is nobody's business but the reader's.
    let url = url.split('#').next().unwrap_or(url);
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url.parse().map_err(|why| Error::url(url, why))?;
    if let Some(content_type) = content_type {
        request.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    Ok(request)
}

impl Idle {
    /// The one that was used last. Whether the server has kept it, too, is seen when it is used.
    fn take(&self, place: &Place) -> Option<Sender> {
        self.0.borrow_mut().get_mut(place)?.pop()
    }

    fn put(&self, place: Place, sender: Sender) {
        let mut idle = self.0.borrow_mut();
        let kept = idle.entry(place).or_default();
        if kept.len() < KEPT {
            kept.push(sender);
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}
