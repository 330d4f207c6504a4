//! What is to be sent, and when.

use std::time::Duration;

// ANCHOR: plan
/// What is to be sent.
///
/// It ends with its last request or its duration, whichever is sooner; without both it goes
/// on until it is dropped.
///
/// ```
/// use load_test::Plan;
/// use std::time::Duration;
///
/// let mut plan = Plan::new(64);
/// plan.duration = Some(Duration::from_secs(10));
/// plan.every = Some(Duration::from_millis(1)); // a thousand requests a second
/// assert_eq!(plan.per_second(), Some(1000.0));
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many clients there are. Each sends one request at a time.
    pub clients: usize,
    /// How many requests are sent.
    pub requests: Option<u64>,
    /// For how long requests become due. All that did are sent, and waited for.
    pub duration: Option<Duration>,
    /// The time from one request to the next, whatever becomes of them: the *open loop*. If
    /// there is none, a client sends its next one when the last has ended: the *closed
    /// loop*.
    pub every: Option<Duration>,
    /// How long a request may take after it was sent.
    pub timeout: Duration,
    /// How many requests are sent before, and not counted.
    pub warm_up: u64,
}
// ANCHOR_END: plan

impl Plan {
    /// So many clients, in a closed loop, with a timeout of 30 s and no warm-up.
    pub fn new(clients: usize) -> Plan {
        Plan {
            clients,
            requests: None,
            duration: None,
            every: None,
            timeout: Duration::from_secs(30),
            warm_up: 0,
        }
    }

    /// How many requests are due a second, in an open loop.
    pub fn per_second(&self) -> Option<f64> {
        self.every.map(|every| 1.0 / every.as_secs_f64())
    }
}
