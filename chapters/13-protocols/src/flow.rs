//! How much may be written before it is sent.

use std::cell::Cell;
use std::panic::Location;

/// asyncio's marks: 64 KiB, and a quarter of it.
const HIGH: usize = 64 * 1024;
const LOW: usize = HIGH / 4;

// ANCHOR: flow
/// The two marks, and what was said last. There are two, so that a buffer about as full as
/// one mark does not make its writer stop and go with every byte.
pub(crate) struct Flow {
    high: Cell<usize>,
    low: Cell<usize>,
    paused: Cell<bool>,
}

/// What the writer is to be told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Pause,
    Resume,
}
// ANCHOR_END: flow

impl Default for Flow {
    fn default() -> Flow {
        Flow {
            high: Cell::new(HIGH),
            low: Cell::new(LOW),
            paused: Cell::new(false),
        }
    }
}

impl Flow {
    /// # Panics
    ///
    /// If `low` is above `high`: a writer would be told to stop and to go on at once.
    #[track_caller]
    pub(crate) fn set_limits(&self, high: usize, low: usize) {
        assert!(
            low <= high,
            "the low-water mark ({low}) is above the high-water mark ({high}) at {}: give the high one first",
            Location::caller()
        );
        self.high.set(high);
        self.low.set(low);
    }

    // ANCHOR: turn
    /// What is to be told when `size` bytes are buffered: each turn once, and in turns.
    pub(crate) fn turn(&self, size: usize) -> Option<Turn> {
        // hole: marks — pause above the high mark, resume at the low one, and say each once
        // tried by: flow-control, at-the-marks
        // also: protocols
        let turn = match self.paused.get() {
            false if size > self.high.get() => Turn::Pause,
            true if size <= self.low.get() => Turn::Resume,
            _ => return None,
        };
        self.paused.set(turn == Turn::Pause);
        Some(turn)
        // end hole
    }
    // ANCHOR_END: turn
}
