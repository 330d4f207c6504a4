//! What a link between two hosts is like.

use std::time::Duration;

/// What lies between two hosts, in one direction. A new one takes a millisecond and loses nothing.
///
/// ```
/// use simulation::Link;
/// use std::time::Duration;
///
/// let bad = Link::new(Duration::from_millis(40))
///     .jitter(Duration::from_millis(30))
///     .loss(0.05)
///     .duplication(0.01)
///     .reordering(0.02)
///     .bandwidth(125_000);
/// assert_eq!(bad.latency, Duration::from_millis(40));
/// ```
// ANCHOR: link
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// How long a packet takes, at least.
    pub latency: Duration,
    /// How much longer it may take.
    pub jitter: Duration,
    /// The share of packets that are lost, from 0 to 1.
    pub loss: f64,
    /// The share of datagrams that arrive twice.
    pub duplication: f64,
    /// The share of datagrams that are held back for ten times the latency and jitter,
    /// and so overtaken.
    pub reordering: f64,
    /// How many bytes fit in a second. `None`: any number.
    pub bandwidth: Option<u64>,
}
// ANCHOR_END: link

impl Default for Link {
    fn default() -> Link {
        Link::new(Duration::from_millis(1))
    }
}

impl Link {
    /// A link that takes so long and is otherwise perfect.
    pub fn new(latency: Duration) -> Link {
        Link {
            latency,
            jitter: Duration::ZERO,
            loss: 0.0,
            duplication: 0.0,
            reordering: 0.0,
            bandwidth: None,
        }
    }

    /// The same, with up to so much more latency.
    pub fn jitter(self, jitter: Duration) -> Link {
        Link { jitter, ..self }
    }

    /// The same, with this share of packets lost.
    #[track_caller]
    pub fn loss(self, loss: f64) -> Link {
        Link {
            loss: share(loss, "lost"),
            ..self
        }
    }

    /// The same, with this share of datagrams arriving twice.
    #[track_caller]
    pub fn duplication(self, duplication: f64) -> Link {
        Link {
            duplication: share(duplication, "duplicated"),
            ..self
        }
    }

    /// The same, with this share of datagrams overtaken by others.
    #[track_caller]
    pub fn reordering(self, reordering: f64) -> Link {
        Link {
            reordering: share(reordering, "overtaken"),
            ..self
        }
    }

    /// The same, with room for so many bytes a second.
    #[track_caller]
    pub fn bandwidth(self, bytes: u64) -> Link {
        assert!(bytes > 0, "a link has room for one byte a second at least");
        Link {
            bandwidth: Some(bytes),
            ..self
        }
    }
}

#[track_caller]
fn share(share: f64, what: &str) -> f64 {
    assert!(
        (0.0..=1.0).contains(&share),
        "the share of packets that are {what} is between 0 and 1, not {share}"
    );
    share
}
