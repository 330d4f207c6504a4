//! The body of a request, while it comes.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body as _, Bytes, Incoming};
use taxi::net::located;
use taxi::time::timeout;

use crate::{Error, Limits};

// ANCHOR: body
/// The body of a request. When a handler begins, it may still be on its way: it is read
/// from the connection when the handler asks for it, and not before.
///
/// ```
/// use web::{Error, Request, Response};
///
/// async fn upload(mut request: Request) -> Result<Response, Error> {
///     let Some(first) = request.body().chunk().await? else {
///         return Ok(Response::text("nothing"));
///     };
///     let rest = request.body().collect().await?;
///     Ok(Response::text(format!("{} and {} bytes", first.len(), rest.len())))
/// }
/// # let _ = web::App::new().post("/", upload);
/// ```
#[derive(Debug)]
pub struct Body {
    incoming: Incoming,
    /// How many bytes it may have.
    limit: u64,
    seen: u64,
    /// How long the next piece may take.
    patience: Duration,
}
// ANCHOR_END: body

impl Body {
    pub(crate) fn new(incoming: Incoming, limits: &Limits) -> Body {
        Body {
            incoming,
            limit: limits.body_bytes,
            seen: 0,
            patience: limits.body,
        }
    }

    /// Allows another number of bytes than the server's [`Limits`] do.
    ///
    /// ```
    /// use web::{Error, Request, Response};
    ///
    /// async fn upload(mut request: Request) -> Result<Response, Error> {
    ///     let body = request.body();
    ///     body.set_limit(1 << 30);
    ///     let mut bytes = 0;
    ///     while let Some(piece) = body.chunk().await? {
    ///         bytes += piece.len();
    ///     }
    ///     Ok(Response::text(format!("{bytes} bytes\n")))
    /// }
    /// # let _ = upload;
    /// ```
    pub fn set_limit(&mut self, bytes: u64) {
        self.limit = bytes;
    }

    /// How many bytes are still to come, if the header says so.
    pub fn announced(&self) -> Option<u64> {
        self.incoming.size_hint().exact()
    }

    /// How many bytes have come.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// The next piece, as it came; `None` at the end.
    ///
    /// # Errors
    ///
    /// 413 if it is longer than it may be, at once if the header says so; 408 if the next
    /// piece takes too long; 400 if the connection ends before.
    #[track_caller]
    // ANCHOR: chunk
    pub fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> {
        located("request body", async {
            let announced = self.incoming.size_hint().lower();
            if self.seen.saturating_add(announced) > self.limit {
                return Err(self.too_large());
            }
            loop {
                let frame = timeout(self.patience, self.incoming.frame()).await;
                let Ok(frame) = frame else {
                    let why = "the body took too long";
                    return Err(Error::new(StatusCode::REQUEST_TIMEOUT, why));
                };
                let Some(frame) = frame else {
                    return Ok(None);
                };
                let frame = frame
                    .map_err(|it| Error::new(StatusCode::BAD_REQUEST, it.to_string()))?;
                // What is no data is a trailer: nobody wants it.
                if let Ok(bytes) = frame.into_data() {
                    // hole: too-large — count the bytes; give them out, unless they are too many by now
                    // tried by: upload
                    // also: web
                    self.seen += bytes.len() as u64;
                    return match self.seen > self.limit {
                        true => Err(self.too_large()),
                        false => Ok(Some(bytes)),
                    };
                    // end hole
                }
            }
        })
    }
    // ANCHOR_END: chunk

    /// All of it.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Body::chunk).
    #[track_caller]
    pub fn collect(&mut self) -> impl Future<Output = Result<Vec<u8>, Error>> {
        located("request body", async {
            let mut all = Vec::new();
            while let Some(bytes) = self.chunk().await? {
                all.extend_from_slice(&bytes);
            }
            Ok(all)
        })
    }

    fn too_large(&self) -> Error {
        let why = format!("the body may have {} bytes at most", self.limit);
        Error::new(StatusCode::PAYLOAD_TOO_LARGE, why)
    }
}
