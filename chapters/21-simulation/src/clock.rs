//! A host's clock, which may run wrong.

use std::time::Duration;

use taxi::Time;

/// What a host's clock shows, from some moment on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HostClock {
    /// The moment, by the simulation's clock.
    since: Time,
    /// What it showed then.
    shown: Time,
    /// How many millionths of a second it gains in a second.
    ppm: i32,
}

const MILLION: i128 = 1_000_000;

impl HostClock {
    /// What it shows.
    pub(crate) fn read(&self, now: Time) -> Time {
        let passed = i128::from(now.as_nanos() - self.since.as_nanos());
        let gained = passed * (MILLION + i128::from(self.ppm)) / MILLION;
        let gained = u64::try_from(gained).unwrap_or(u64::MAX);
        self.shown.saturating_add(Duration::from_nanos(gained))
    }

    /// How long it really takes until it shows so much more.
    pub(crate) fn really(&self, wait: Duration) -> Duration {
        if self.ppm == 0 {
            return wait;
        }
        let nanos = i128::try_from(wait.as_nanos()).unwrap_or(i128::MAX / MILLION);
        let rate = MILLION + i128::from(self.ppm);
        let nanos = nanos.saturating_mul(MILLION).div_euclid(rate) + 1;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// It runs like this from now on; what it shows does not jump.
    pub(crate) fn drift(&mut self, now: Time, ppm: i32) {
        self.shown = self.read(now);
        self.since = now;
        self.ppm = ppm.max(-999_999);
    }
}
