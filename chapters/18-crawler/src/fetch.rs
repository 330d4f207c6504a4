//! One request, within limits, and what came of it.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use hyper::Request;
use hyper::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, USER_AGENT};
use taxi::protocols::tls::TlsConnector;
use taxi::time::timeout;
use url::Url;
use web::Payload;
use web::client::{Client, Error, Kind, Response};

use crate::Problem;

/// What a request may take. Each limit is finite: whoever answers may be nobody's friend.
///
/// ```
/// use crawler::site::{Site, Then};
/// use crawler::{Fetcher, Limits, Problem};
///
/// taxi::test::run(async {
///     let site = Site::raw(|_| ("HTTP/1.1 200 OK\r\n\r\n".into(), Then::GoOn))?;
///     let fetcher = Fetcher::new(Limits { bytes: 1000, ..Limits::default() }, "taxi-crawler");
///     let failed = fetcher.fetch(&site.url("/"), true).await.unwrap_err();
///     assert_eq!(failed.problem, Problem::TooLong(1000));
///     std::io::Result::Ok(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For all of it, from the name to the last byte.
    pub time: Duration,
    /// How many bytes a page may have.
    pub bytes: usize,
}

impl Default for Limits {
    /// 10 s for a connection, 60 s for all, and 16 MiB.
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            time: Duration::from_secs(60),
            bytes: 16 * 1024 * 1024,
        }
    }
}

/// Fetches pages, and keeps connections for the next ones.
///
/// ```
/// use crawler::site::{Site, Then};
/// use crawler::{Answer, Fetcher, Limits, Problem};
///
/// taxi::test::run(async {
///     let site = Site::raw(|_| ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ntaxi".into(), Then::Close))?;
///     let fetcher = Fetcher::new(Limits::default(), "taxi-crawler");
///     let failed = fetcher.fetch(&site.url("/"), true).await.unwrap_err();
///     assert_eq!(failed.problem, Problem::CutOff);
///     std::io::Result::Ok(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: struct
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    limits: Limits,
    agent: String,
}
// ANCHOR_END: struct

// ANCHOR: answer
/// What a server has said, if it was not an error; made by [`Fetcher::fetch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Here it is.
    Page(Body),
    /// It is elsewhere. `None`: that is not said, or not in an address.
    Moved(Option<Url>),
}

/// A page as it came; made by [`Fetcher::fetch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether it is said to be HTML.
    pub is_html: bool,
}

/// There is no page; made by [`Fetcher::fetch`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Why.
    pub problem: Problem,
    /// The server would like to be asked again after this time, and not before.
    pub retry_after: Option<Duration>,
}
// ANCHOR_END: answer

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Failed {
        Failed {
            problem,
            retry_after: None,
        }
    }
}

impl Fetcher {
    /// Within `limits`, and under this name.
    pub fn new(limits: Limits, agent: &str) -> Fetcher {
        let client = Client::new()
            .connect_limit(limits.connect)
            // The limit for all of it comes first.
            .patience(limits.time.saturating_mul(2))
            .body_limit(limits.bytes as u64);
        Fetcher {
            client,
            limits,
            agent: agent.to_string(),
        }
    }

    /// Asks `https`, too, of servers that `connector` trusts.
    ///
    /// ```
    /// use crawler::site::Site;
    /// use crawler::{Answer, Fetcher, Limits};
    /// use taxi::protocols::tls::connector;
    ///
    /// taxi::test::run(async {
    ///     let (site, certificate) = Site::secret("a taxi")?;
    ///     let url = site.url("/").to_string().replace("http", "https").parse()?;
    ///     let fetcher = Fetcher::new(Limits::default(), "taxi-crawler");
    ///     assert!(fetcher.fetch(&url, true).await.is_err());
    ///     let fetcher = fetcher.tls(connector([certificate])?);
    ///     assert!(matches!(fetcher.fetch(&url, true).await, Ok(Answer::Page(_))));
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tls(mut self, connector: TlsConnector) -> Fetcher {
        self.client = self.client.tls(connector);
        self
    }

    // ANCHOR: fetch
    /// Asks for `url`. Unless `whole`, the body is not read: that it is there is enough.
    ///
    /// # Errors
    ///
    /// If the server does not answer, says no, or sends too much, or too slowly.
    pub async fn fetch(&self, url: &Url, whole: bool) -> Result<Answer, Failed> {
        let limit = self.limits.time;
        match timeout(limit, self.ask(url, whole)).await {
            Ok(answer) => answer,
            Err(_) => Err(Problem::TimedOut(limit).into()),
        }
    }
    // ANCHOR_END: fetch

    // ANCHOR: ask

    async fn ask(&self, url: &Url, whole: bool) -> Result<Answer, Failed> {
        let request = Request::get(url.as_str())
            .header(USER_AGENT, &self.agent)
            .body(Payload::empty())
            .map_err(|error| Problem::Other(error.to_string()))?;
        let answer = self.client.send(request).await;
        let answer = answer.map_err(|error| self.problem(&error))?;
        let status = answer.status().as_u16();
        if status >= 400 {
            return Err(Failed {
                problem: Problem::Status(status),
                retry_after: retry_after(&answer),
            });
        }
        if status >= 300 {
            let to = answer.header(LOCATION.as_str());
            return Ok(Answer::Moved(to.and_then(|to| url.join(to).ok())));
        }
        let is_html = is_html(&answer);
        let bytes = match whole {
            true => answer.bytes().await.map_err(|error| self.problem(&error))?,
            false => Vec::new(),
        };
        Ok(Answer::Page(Body { bytes, is_html }))
    }
    // ANCHOR_END: ask

    /// What `error` means for a crawler.
    fn problem(&self, error: &Error) -> Problem {
        let causes = || std::iter::successors(error.source(), |&it| it.source());
        let io = || causes().filter_map(|it| it.downcast_ref::<io::Error>());
        let is = |kind| io().any(|it| it.kind() == kind);
        let incomplete = causes()
            .filter_map(|it| it.downcast_ref::<hyper::Error>())
            .any(hyper::Error::is_incomplete_message);
        match error.kind() {
            Kind::Connect if is(io::ErrorKind::ConnectionRefused) => Problem::Refused,
            Kind::Timeout => Problem::TimedOut(self.limits.connect),
            Kind::TooLarge => Problem::TooLong(self.limits.bytes),
            Kind::Tls => {
                let why = io()
                    .last()
                    .map_or_else(|| error.to_string(), |it| it.to_string());
                Problem::Certificate(why)
            }
            _ if incomplete
                || is(io::ErrorKind::ConnectionReset)
                || is(io::ErrorKind::UnexpectedEof) =>
            {
                Problem::CutOff
            }
            _ => Problem::Other(error.to_string()),
        }
    }
}

/// The seconds of a `Retry-After`.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.header(RETRY_AFTER.as_str())?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn is_html(answer: &Response) -> bool {
    let header = answer.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    let name = header.split(';').next().unwrap_or_default().trim();
    ["text/html", "application/xhtml+xml"]
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it))
}
