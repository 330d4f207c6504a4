//! How long to wait before another attempt.

use std::time::Duration;

use fastrand::Rng;

/// Pauses that grow, and that chance makes unequal.
///
/// A server that cannot keep up is not helped by being asked again at once, nor by a thousand who all ask again after
/// exactly one second. So each pause is twice the one before, up to a limit, and a random part of it, at least half, is
/// waited. ("Equal jitter" in Marc Brooker's
/// [*Exponential Backoff And Jitter*](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), 2015.)
///
/// ```
/// use crawler::Backoff;
/// use std::time::Duration;
///
/// let mut rng = fastrand::Rng::with_seed(7);
/// let backoff = Backoff { first: Duration::from_secs(2), ..Backoff::default() };
/// let pause = backoff.pause(3, &mut rng).unwrap();
/// assert!(Duration::from_secs(4) <= pause && pause <= Duration::from_secs(8));
/// assert_eq!(backoff.pause(backoff.attempts, &mut rng), None);
/// ```
// ANCHOR: struct
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    /// The longest that the first pause may be.
    pub first: Duration,
    /// No pause is longer.
    pub most: Duration,
    /// How often a page is tried at most; 1: no page is tried again.
    pub attempts: u32,
}
// ANCHOR_END: struct

impl Default for Backoff {
    /// Four attempts, after 1 s, 2 s and 4 s at most.
    fn default() -> Backoff {
        Backoff {
            first: Duration::from_secs(1),
            most: Duration::from_secs(30),
            attempts: 4,
        }
    }
}

impl Backoff {
    // ANCHOR: pause
    /// The pause after that attempt, the first one being 1. `None`: it was the last.
    pub fn pause(&self, attempt: u32, rng: &mut Rng) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        // hole: pause — twice as long each time, `most` at most, and of that half and a random part
        // tried by: retries
        // also: crawler
        let factor = 1_u32
            .checked_shl(attempt.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(factor).min(self.most);
        let half = whole / 2;
        Some(half + half.mul_f64(rng.f64()))
        // end hole
    }
    // ANCHOR_END: pause
}
