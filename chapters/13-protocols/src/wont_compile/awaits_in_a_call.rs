//! A protocol's methods are called by the loop, and are done when they return: none can wait.

use protocols::Protocol;
use std::time::Duration;
use timers::sleep;

struct Slow;

impl Protocol for Slow {
    fn data_received(&mut self, _: &[u8]) {
        sleep(Duration::from_secs(1)).await;
    }
}
