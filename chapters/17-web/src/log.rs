//! Who asked for what, and what came of it.

use std::fmt;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use crate::{Next, Payload, Request, Response};

type Sink = Rc<dyn Fn(&str)>;

// ANCHOR: log
/// A line for each answer, in the Common Log Format, when the last of it has been handed to
/// the connection. Of one whose client left before, the status is 499, as nginx has it.
///
/// The date is the wall clock's. On a virtual clock it counts from 1970.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use web::client::Client;
/// use web::{AccessLog, App, Request, Server};
///
/// let lines = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&lines);
/// taxi::test::run(async move {
///     let log = AccessLog::new(move |line| sink.borrow_mut().push(line.to_string()));
///     let app = App::new().get("/", async |_: Request| "a taxi").log(log);
///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
///     let url = format!("http://{}/", server.local_addr());
///     Client::new().get(&url).await?.text().await?;
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// let line = "127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] \"GET / HTTP/1.1\" 200 6";
/// assert_eq!(*lines.borrow(), [line]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AccessLog(Sink);

/// What a line will say; written when it is dropped, whyever that is.
struct Entry {
    sink: Sink,
    peer: SocketAddr,
    line: String,
    status: Option<u16>,
    bytes: u64,
}
// ANCHOR_END: log

/// A body that is counted.
struct Counted {
    payload: Payload,
    entry: Entry,
}

impl AccessLog {
    /// To `sink`, a line at a time.
    pub fn new(sink: impl Fn(&str) + 'static) -> AccessLog {
        AccessLog(Rc::new(sink))
    }

    // ANCHOR: answered
    pub(crate) async fn answered(&self, request: Request, next: Next) -> Response {
        let mut entry = Entry {
            sink: Rc::clone(&self.0),
            peer: request.peer(),
            line: request.line(),
            status: None,
            bytes: 0,
        };
        let response = next.run(request).await;
        entry.status = Some(response.status().as_u16());
        response.map_payload(|payload| Payload::body(Counted { payload, entry }))
    }
    // ANCHOR_END: answered
}

impl Drop for Entry {
    fn drop(&mut self) {
        let status = self.status.unwrap_or(499);
        let bytes = match self.bytes {
            0 => "-".to_string(),
            bytes => bytes.to_string(),
        };
        // What was asked may have any characters: they are not to look like another line.
        let asked = self.line.escape_debug();
        let line = format!(
            "{} - - [{}] \"{asked}\" {status} {bytes}",
            self.peer.ip(),
            date()
        );
        // It is foreign code, and a drop must not panic.
        let _ = catch_unwind(AssertUnwindSafe(|| (self.sink)(&line)));
    }
}

/// `06/Nov/1994:08:49:37 +0000`.
fn date() -> String {
    let time = match taxi::time::is_virtual() {
        true => {
            let passed = Duration::from_nanos(taxi::time::now().as_nanos());
            SystemTime::UNIX_EPOCH + passed
        }
        false => SystemTime::now(),
    };
    // `Sun, 06 Nov 1994 08:49:37 GMT`.
    let text = httpdate::fmt_http_date(time);
    let parts: Vec<&str> = text.split(' ').collect();
    format!("{}/{}/{}:{} +0000", parts[1], parts[2], parts[3], parts[4])
}

impl Body for Counted {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.payload).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.entry.bytes += frame.data_ref().map_or(0, |it| it.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.payload.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.payload.size_hint()
    }
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessLog")
    }
}
