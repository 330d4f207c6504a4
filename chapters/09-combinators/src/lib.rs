//! Gather, wait, as_completed, race, shield, timeouts, task groups.
#![forbid(unsafe_code)]
