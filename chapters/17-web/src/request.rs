//! What is asked.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode, Uri, Version};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use taxi::net::located;

use crate::{Body, Error};

// ANCHOR: request
/// A request: its header, and a body that may still be on its way.
///
/// ```
/// use std::collections::HashMap;
/// use web::{App, Error, Request};
///
/// async fn order(mut request: Request) -> Result<String, Error> {
///     let number: u32 = request.param("number")?;
///     let agent = request.header("user-agent").unwrap_or("somebody").to_string();
///     let form: HashMap<String, String> = request.form().await?;
///     Ok(format!("{agent} orders {number} to {:?}", form.get("to")))
/// }
///
/// async fn note(mut request: Request) -> Result<String, Error> {
///     request.body().set_limit(100);
///     request.text().await
/// }
/// # let _ = App::new().post("/order/{number}", order).post("/note", note);
/// ```
pub struct Request {
    head: Parts,
    body: Body,
    peer: SocketAddr,
    /// What the route's names in braces stand for, decoded.
    pub(crate) params: Vec<(String, String)>,
    /// What is below a [mount](crate::App::mount), as it was sent.
    pub(crate) rest: String,
}
// ANCHOR_END: request

impl Request {
    pub(crate) fn new(head: Parts, body: Body, peer: SocketAddr) -> Request {
        Request {
            head,
            body,
            peer,
            params: Vec::new(),
            rest: String::new(),
        }
    }

    /// The method, such as `GET`.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// What is asked for: usually a path and a query.
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// The version of HTTP.
    pub(crate) fn version(&self) -> Version {
        self.head.version
    }

    /// The path, as it was sent.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// What stands below the prefix of a [mount](crate::App::mount), as it was sent: what it means is the handler's to
    /// find out.
    pub fn rest(&self) -> &str {
        &self.rest
    }

    /// The lines of the header.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// One of them, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// Who asks.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// What the header says, in one piece.
    pub(crate) fn line(&self) -> String {
        let Parts {
            method,
            uri,
            version,
            ..
        } = &self.head;
        format!("{method} {uri} {version:?}")
    }

    // ANCHOR: param
    /// What the name in braces of the route stands for, as a `T`.
    ///
    /// # Errors
    ///
    /// 422 if it is no `T`, with its name and what was given.
    ///
    /// # Panics
    ///
    /// If the route has no such name.
    #[track_caller]
    pub fn param<T: FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<T, Error> {
        let given = self.params.iter().find(|(it, _)| it == name);
        let Some((_, given)) = given else {
            panic!("the route of {} has no {{{name}}}", self.path());
        };
        // hole: param — parse what was given; the error is 422, and names the parameter
        // tried by: hello
        // also: web
        given
            .parse()
            .map_err(|why| Error::unfit(name, Some(given), why))
        // end hole
    }
    // ANCHOR_END: param

    /// The query, what stands after the `?`, as a `T`.
    ///
    /// ```
    /// use web::{Error, Request, Response};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Page {
    ///     #[serde(default)]
    ///     skip: usize,
    ///     take: Option<usize>,
    /// }
    ///
    /// async fn list(request: Request) -> Result<Response, Error> {
    ///     let page: Page = request.query()?;
    ///     Ok(Response::text(format!("{} {:?}", page.skip, page.take)))
    /// }
    /// # let _ = list;
    /// ```
    ///
    /// # Errors
    ///
    /// 422 if it is no `T`, with the name of the field.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_form(self.head.uri.query().unwrap_or("").as_bytes())
    }

    /// The body, to be read piece by piece.
    pub fn body(&mut self) -> &mut Body {
        &mut self.body
    }

    // ANCHOR: form
    /// The body, an HTML form, as a `T`. Waits until all of it has come.
    ///
    /// # Errors
    ///
    /// 415 if it is no form, 422 if it is no `T`; and as [`Body::chunk`].
    #[track_caller]
    pub fn form<T: DeserializeOwned>(
        &mut self,
    ) -> impl Future<Output = Result<T, Error>> {
        located("form", async {
            self.expect("application/x-www-form-urlencoded")?;
            from_form(&self.body.collect().await?)
        })
    }
    // ANCHOR_END: form

    /// The body, in JSON, as a `T`. Waits until all of it has come.
    ///
    /// ```
    /// use web::{Error, Request, Response};
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Ride {
    ///     to: String,
    ///     seats: u8,
    /// }
    ///
    /// async fn order(mut request: Request) -> Result<Response, Error> {
    ///     let ride: Ride = request.json().await?;
    ///     Ok(Response::json(&ride))
    /// }
    /// # let _ = order;
    /// ```
    ///
    /// # Errors
    ///
    /// 415 if its type is another, 400 if it is no JSON, 422 if it is no `T`; and as [`Body::chunk`].
    #[track_caller]
    pub fn json<T: DeserializeOwned>(
        &mut self,
    ) -> impl Future<Output = Result<T, Error>> {
        located("JSON", async {
            self.expect("application/json")?;
            let bytes = self.body.collect().await?;
            let reader = &mut serde_json::Deserializer::from_slice(&bytes);
            let read =
                serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
                    let (path, why) = (error.path().to_string(), error.into_inner());
                    match why.is_data() {
                        true => Error::unfit(&path, None, why),
                        false => {
                            Error::new(StatusCode::BAD_REQUEST, format!("JSON: {why}"))
                        }
                    }
                })?;
            reader.end().map_err(|why| {
                Error::new(StatusCode::BAD_REQUEST, format!("JSON: {why}"))
            })?;
            Ok(read)
        })
    }

    /// The body, as text. Waits until all of it has come.
    ///
    /// # Errors
    ///
    /// 400 if it is no UTF-8; and as [`Body::chunk`].
    #[track_caller]
    pub fn text(&mut self) -> impl Future<Output = Result<String, Error>> {
        located("text", async {
            let bytes = self.body.collect().await?;
            String::from_utf8(bytes)
                .map_err(|why| Error::new(StatusCode::BAD_REQUEST, why.to_string()))
        })
    }

    /// The body must be of this type.
    fn expect(&self, wanted: &str) -> Result<(), Error> {
        let header = self.header(CONTENT_TYPE.as_str()).unwrap_or("");
        let given = header.split(';').next().unwrap_or("").trim();
        match given.eq_ignore_ascii_case(wanted) {
            true => Ok(()),
            false => Err(Error::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("content-type '{given}': expected {wanted}"),
            )),
        }
    }

    /// What of a path stands for a name in braces.
    pub(crate) fn decoded(given: &str) -> Result<String, Error> {
        let decoded = percent_decode_str(given).decode_utf8();
        let decoded = decoded
            .map_err(|why| Error::new(StatusCode::BAD_REQUEST, format!("path: {why}")))?;
        Ok(decoded.into_owned())
    }
}

fn from_form<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(bytes));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        let given = form_urlencoded::parse(bytes).find(|(it, _)| *it == name);
        let given = given.map(|(_, given)| given);
        Error::unfit(&name, given.as_deref(), error.inner())
    })
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("line", &self.line())
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}
