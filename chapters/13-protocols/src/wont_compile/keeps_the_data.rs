//! What data_received is given is the loop's buffer: it is lent for the call, and used again.

use protocols::Protocol;

#[derive(Default)]
struct Keeps<'a> {
    heard: Vec<&'a [u8]>,
}

impl Protocol for Keeps<'static> {
    fn data_received(&mut self, data: &[u8]) {
        self.heard.push(data);
    }
}
