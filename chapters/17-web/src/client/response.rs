//! An answer, while its body comes.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::HeaderMap;
use serde::de::DeserializeOwned;
use taxi::net::located;
use taxi::time::timeout;

use super::connect::Place;
use super::{Error, Idle, Sender, Settings};

/// An answer: its header is there, and its body comes when it is asked for. Dropped before its end, it takes the
/// connection along; read to its end, it leaves that to the next who asks.
pub struct Response {
    head: hyper::http::response::Parts,
    body: Incoming,
    patience: Duration,
    limit: u64,
    seen: u64,
    back: Option<(Place, Rc<Idle>, Sender)>,
}

impl Response {
    pub(super) fn new(
        answer: hyper::Response<Incoming>,
        back: (Place, Rc<Idle>, Sender),
        settings: &Settings,
    ) -> Response {
        let (head, body) = answer.into_parts();
        let mut response = Response {
            head,
            body,
            patience: settings.patience,
            limit: settings.limit,
            seen: 0,
            back: Some(back),
        };
        if response.body.is_end_stream() {
            response.give_back();
        }
        response
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The lines of the header.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// One of them, if it is there and text.
    ///
    /// ```
    /// use web::client::Client;
    /// use web::{App, Request, Server};
    ///
    /// taxi::test::run(async {
    ///     let app = App::new().get("/", async |_: Request| "a taxi");
    ///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
    ///     let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    ///     let mut response = client.get(&url).await?;
    ///     assert_eq!(response.header("content-length"), Some("6"));
    ///     assert_eq!(response.chunk().await?.as_deref(), Some(&b"a taxi"[..]));
    ///     assert_eq!(response.chunk().await?, None);
    ///     assert_eq!(client.get(&url).await?.bytes().await?, b"a taxi");
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// How many bytes are still to come, if that is known.
    pub fn announced(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    // ANCHOR: chunk
    /// The next piece of the body, as it came; `None` at the end.
    ///
    /// ```
    /// use web::client::Client;
    /// use web::{App, Request, Server};
    ///
    /// taxi::test::run(async {
    ///     let app = App::new().get("/", async |_: Request| "a taxi");
    ///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
    ///     let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    ///     let mut response = client.get(&url).await?;
    ///     assert_eq!(response.header("content-length"), Some("6"));
    ///     assert_eq!(response.chunk().await?.as_deref(), Some(&b"a taxi"[..]));
    ///     assert_eq!(response.chunk().await?, None);
    ///     assert_eq!(client.get(&url).await?.bytes().await?, b"a taxi");
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it does not come in time, if the connection ends before the body does, or if that
    /// is longer than it may be.
    #[track_caller]
    pub fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> {
        located("response body", async {
            let announced = self.body.size_hint().lower();
            if self.seen.saturating_add(announced) > self.limit {
                return Err(Error::too_large(self.limit));
            }
            loop {
                let frame = timeout(self.patience, self.body.frame()).await;
                let Some(frame) = frame.map_err(|_| Error::slow("the body"))? else {
                    self.give_back();
                    return Ok(None);
                };
                if let Ok(bytes) = frame.map_err(Error::http)?.into_data() {
                    self.seen += bytes.len() as u64;
                    return match self.seen > self.limit {
                        true => Err(Error::too_large(self.limit)),
                        false => Ok(Some(bytes)),
                    };
                }
            }
        })
    }
    // ANCHOR_END: chunk

    /// All of the body.
    ///
    /// ```
    /// use web::client::Client;
    /// use web::{App, Request, Server};
    ///
    /// taxi::test::run(async {
    ///     let app = App::new().get("/", async |_: Request| "a taxi");
    ///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
    ///     let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    ///     let mut response = client.get(&url).await?;
    ///     assert_eq!(response.header("content-length"), Some("6"));
    ///     assert_eq!(response.chunk().await?.as_deref(), Some(&b"a taxi"[..]));
    ///     assert_eq!(response.chunk().await?, None);
    ///     assert_eq!(client.get(&url).await?.bytes().await?, b"a taxi");
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`chunk`](Response::chunk).
    #[track_caller]
    pub fn bytes(mut self) -> impl Future<Output = Result<Vec<u8>, Error>> {
        located("response body", async move {
            let mut all = Vec::new();
            while let Some(bytes) = self.chunk().await? {
                all.extend_from_slice(&bytes);
            }
            Ok(all)
        })
    }

    /// All of the body, as text.
    ///
    /// # Errors
    ///
    /// If it is no UTF-8, and as [`chunk`](Response::chunk).
    #[track_caller]
    pub fn text(self) -> impl Future<Output = Result<String, Error>> {
        let bytes = self.bytes();
        async { String::from_utf8(bytes.await?).map_err(Error::content) }
    }

    /// All of the body, as JSON.
    ///
    /// # Errors
    ///
    /// If it is none or no `T`, and as [`chunk`](Response::chunk).
    #[track_caller]
    pub fn json<T: DeserializeOwned>(self) -> impl Future<Output = Result<T, Error>> {
        let bytes = self.bytes();
        async { serde_json::from_slice(&bytes.await?).map_err(Error::content) }
    }

    /// Nothing more comes: the connection is free.
    fn give_back(&mut self) {
        if let Some((place, idle, sender)) = self.back.take() {
            idle.put(place, sender);
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.head.status.as_u16())
            .field("headers", &self.head.headers)
            .finish_non_exhaustive()
    }
}
