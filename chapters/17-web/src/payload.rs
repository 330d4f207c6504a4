//! What is sent: all at once, or piece by piece.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use hyper::body::{Body, Bytes, Frame, SizeHint};

/// The body of an answer, or of a client's request.
///
/// ```
/// use web::Payload;
///
/// assert!(format!("{:?}", Payload::from("taxi")).contains("taxi"));
/// assert_eq!(Payload::empty().length(), Some(0));
/// let body = http_body_util::Full::new(web::Bytes::from("taxi"));
/// assert_eq!(Payload::body(body).length(), Some(4));
/// ```
pub struct Payload(Kind);

enum Kind {
    Whole(Option<Bytes>),
    Pieces(Pin<Box<dyn Stream<Item = io::Result<Bytes>>>>),
    Other(Pin<Box<dyn Body<Data = Bytes, Error = Wrong>>>),
}

type Wrong = Box<dyn StdError + Send + Sync>;

impl Payload {
    /// Nothing.
    pub fn empty() -> Payload {
        Payload(Kind::Whole(None))
    }

    /// Piece by piece, as the other side takes them: the stream is polled for the next one when there is room for it.
    /// How long it is, nobody knows before its end. An error cuts the connection, so that the other side can tell it
    /// from an end.
    ///
    /// ```
    /// use web::{Bytes, Payload};
    ///
    /// let pieces = ["ta", "xi"].map(|it| Ok(Bytes::from(it)));
    /// let payload = Payload::pieces(taxi::stream::iter(pieces));
    /// # let _ = payload;
    /// ```
    pub fn pieces(stream: impl Stream<Item = io::Result<Bytes>> + 'static) -> Payload {
        Payload(Kind::Pieces(Box::pin(stream)))
    }

    /// Any body that hyper can send.
    pub fn body<B>(body: B) -> Payload
    where
        B: Body<Data = Bytes, Error: Into<Wrong>> + 'static,
    {
        let body = http_body_util::BodyExt::map_err(body, Into::into);
        Payload(Kind::Other(Box::pin(body)))
    }

    /// How many bytes it has, if that is known.
    pub fn length(&self) -> Option<u64> {
        self.size_hint().exact()
    }
}

impl<T: Into<Bytes>> From<T> for Payload {
    fn from(bytes: T) -> Payload {
        let bytes = bytes.into();
        Payload(Kind::Whole((!bytes.is_empty()).then_some(bytes)))
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Wrong;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Wrong>>> {
        match &mut self.0 {
            Kind::Whole(bytes) => Poll::Ready(bytes.take().map(|it| Ok(Frame::data(it)))),
            Kind::Pieces(stream) => stream
                .as_mut()
                .poll_next(context)
                .map(|it| it.map(|it| it.map(Frame::data).map_err(Into::into))),
            Kind::Other(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(bytes) => bytes.is_none(),
            Kind::Pieces(_) => false,
            Kind::Other(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(None) => SizeHint::with_exact(0),
            Kind::Whole(Some(bytes)) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Pieces(_) => SizeHint::default(),
            Kind::Other(body) => body.size_hint(),
        }
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Whole(bytes) => f.debug_tuple("Whole").field(bytes).finish(),
            Kind::Pieces(_) => f.write_str("Pieces"),
            Kind::Other(_) => f.write_str("Other"),
        }
    }
}
