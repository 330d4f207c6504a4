//! How far a crawl goes, and what is beyond.

use std::time::Duration;

/// How far a [`Frontier`](crate::Frontier) goes.
///
/// ```
/// use crawler::{Added, Bounds, Frontier};
///
/// let frontier = Frontier::new(Bounds { depth: 2, pages: 1, ..Bounds::default() });
/// let url = "http://taxi.example/".parse().unwrap();
/// assert_eq!(frontier.add(&url, 3), Added::TooDeep);
/// assert_eq!(frontier.add(&url, 2), Added::New);
/// assert_eq!(frontier.add(&url.join("/fares").unwrap(), 0), Added::Full);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// How many addresses it takes. What more is found is counted, and left out.
    pub pages: usize,
    /// How many links it follows from the start. That is counted on the way by which a page was found first: with several
    /// requests at once, this need not be the shortest one.
    pub depth: u32,
    /// How many requests a server gets at once.
    pub per_host: usize,
    /// How long a server is left alone after a request has begun, on the loop's clock.
    pub delay: Duration,
}

impl Default for Bounds {
    /// 10,000 addresses, at any depth; 8 requests a server at once, and no delay.
    fn default() -> Bounds {
        Bounds {
            pages: 10_000,
            depth: u32::MAX,
            per_host: 8,
            delay: Duration::ZERO,
        }
    }
}

/// What has become of an address; made by [`Frontier::add`](crate::Frontier::add).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It will be visited.
    New,
    /// It was added before, in this spelling or another.
    Known,
    /// It is further from the start than [`Bounds::depth`].
    TooDeep,
    /// There are [`Bounds::pages`] already.
    Full,
    /// It is no address of the web.
    Foreign,
}
