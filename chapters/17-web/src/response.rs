//! What is answered.

use std::io;

use futures_core::Stream;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use serde::Serialize;

use crate::{Error, Event, Payload};

// ANCHOR: response
/// An answer.
///
/// ```
/// use web::{Bytes, Event, HeaderValue, Response, StatusCode, header};
///
/// let response = Response::text("no taxi\n")
///     .with_status(StatusCode::SERVICE_UNAVAILABLE)
///     .with_header(header::RETRY_AFTER, HeaderValue::from(60));
/// assert_eq!(response.status(), 503);
/// assert_eq!(response.headers()["retry-after"], "60");
///
/// let page = Response::html("<p>a taxi");
/// assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
/// assert_eq!(Response::json(&[1, 2]).payload().length(), Some(5));
/// assert_eq!(Response::redirect("/rides").status(), StatusCode::SEE_OTHER);
/// let mut empty = Response::empty(StatusCode::NO_CONTENT);
/// empty.headers_mut().insert(header::SERVER, HeaderValue::from_static("taxi"));
/// let picture = Response::new("image/png", vec![0; 3]);
/// assert_eq!(picture.with_payload("none").payload().length(), Some(4));
/// let pieces = ["ta", "xi"].map(|it| Ok(Bytes::from(it)));
/// let stream = Response::stream("text/plain", taxi::stream::iter(pieces));
/// assert_eq!(stream.payload().length(), None);
/// let events = taxi::stream::iter([Event::new("one"), Event::new("two")]);
/// assert_eq!(Response::events(events).headers()["cache-control"], "no-store");
/// ```
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    payload: Payload,
}
// ANCHOR_END: response

impl Response {
    /// With a body of this type.
    pub fn new(content_type: &'static str, payload: impl Into<Payload>) -> Response {
        let mut response = Response::empty(StatusCode::OK);
        let content_type = HeaderValue::from_static(content_type);
        response.headers.insert(CONTENT_TYPE, content_type);
        response.payload = payload.into();
        response
    }

    /// Without a body.
    pub fn empty(status: StatusCode) -> Response {
        Response {
            status,
            headers: HeaderMap::new(),
            payload: Payload::empty(),
        }
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Response {
        Response::new("text/plain; charset=utf-8", text.into())
    }

    /// A page.
    pub fn html(text: impl Into<String>) -> Response {
        Response::new("text/html; charset=utf-8", text.into())
    }

    /// A value, in JSON.
    ///
    /// # Panics
    ///
    /// If JSON has no such value: a map whose keys are no text.
    #[track_caller]
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Response {
        let text = serde_json::to_string(value);
        let text = text.expect("JSON has no such value");
        Response::new("application/json", text)
    }

    /// Piece by piece: see [`Payload::pieces`].
    pub fn stream(
        content_type: &'static str,
        stream: impl Stream<Item = io::Result<Bytes>> + 'static,
    ) -> Response {
        Response::new(content_type, Payload::pieces(stream))
    }

    /// Server-sent events: what `EventSource` in a browser listens to.
    pub fn events(stream: impl Stream<Item = Event> + 'static) -> Response {
        let stream = taxi::stream::StreamExt::map(stream, |it| Ok(it.into_bytes()));
        Response::stream("text/event-stream", stream)
            .with_header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }

    /// To be asked for, by `GET`, elsewhere: 303.
    ///
    /// # Panics
    ///
    /// If `to` has characters that no header may have: encode it.
    #[track_caller]
    pub fn redirect(to: &str) -> Response {
        let to = HeaderValue::from_str(to).expect("the address is percent-encoded");
        Response::empty(StatusCode::SEE_OTHER).with_header(LOCATION, to)
    }

    /// With this status.
    pub fn with_status(mut self, status: StatusCode) -> Response {
        self.status = status;
        self
    }

    /// With this line in the header, instead of one of the same name.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Response {
        self.headers.insert(name, value);
        self
    }

    /// With another body.
    pub fn with_payload(mut self, payload: impl Into<Payload>) -> Response {
        self.payload = payload.into();
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The lines of its header, but for those that hyper adds.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same, to be changed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    pub(crate) fn map_payload(
        mut self,
        change: impl FnOnce(Payload) -> Payload,
    ) -> Response {
        self.payload = change(self.payload);
        self
    }

    /// What is sent.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    pub(crate) fn into_hyper(self) -> hyper::Response<Payload> {
        let mut response = hyper::Response::new(self.payload);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

// ANCHOR: into-response
/// What a handler may return.
///
/// ```
/// use web::{App, Error, Request};
///
/// let app = App::new()
///     .get("/", async |_: Request| "a taxi\n")
///     .get("/no", async |_: Request| Err::<String, _>(Error::not_found()));
/// # let _ = app;
/// ```
pub trait IntoResponse {
    /// The answer.
    ///
    /// # Errors
    ///
    /// If there is none.
    fn into_response(self) -> Result<Response, Error>;
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response, Error> {
        Ok(self)
    }
}

impl<T: IntoResponse, E: Into<Error>> IntoResponse for Result<T, E> {
    fn into_response(self) -> Result<Response, Error> {
        self.map_err(Into::into)?.into_response()
    }
}
// ANCHOR_END: into-response

impl IntoResponse for String {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::text(self))
    }
}

impl IntoResponse for &str {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::text(self))
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::empty(self))
    }
}
