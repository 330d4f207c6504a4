//! A transport belongs to its loop, and so to its loop's thread.

use protocols::{Protocol, Transport};
use std::thread;

struct Works;

impl Protocol for Works {
    fn connection_made(&mut self, transport: Transport) {
        thread::spawn(move || transport.write(b"done"));
    }

    fn data_received(&mut self, _: &[u8]) {}
}
