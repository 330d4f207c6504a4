//! Events, locks, semaphores, queues, channels.
#![forbid(unsafe_code)]
