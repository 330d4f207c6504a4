//! A separator of two bytes is found wherever its pieces end, and the limit is of the bytes before it.
//!
//! twin: none, asyncio's reader finds the same

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_io::AsyncRead;
use net::{ReadError, StreamReader};
use trace::say;

// ANCHOR: pieces
/// What is still to come, in pieces of so many bytes.
struct Pieces<'a>(&'a [u8], usize);

impl AsyncRead for Pieces<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let length = self.1.min(self.0.len()).min(buffer.len());
        let (piece, rest) = self.0.split_at(length);
        buffer[..length].copy_from_slice(piece);
        self.0 = rest;
        Poll::Ready(Ok(length))
    }
}
// ANCHOR_END: pieces

// ANCHOR: main
async fn read(text: &str, piece: usize) -> String {
    let mut reader = StreamReader::with_limit(Pieces(text.as_bytes(), piece), 8);
    match reader.read_until(b"--").await {
        Ok(found) => String::from_utf8_lossy(&found).into_owned(),
        Err(ReadError::LimitOverrun { .. }) => "over the limit of 8".into(),
        Err(error) => error.to_string(),
    }
}

async fn read_all() {
    for text in ["a-taxi--rank--", "8 before--", "9 before:--", "not ended-"] {
        for piece in [1, 2, 3, 100] {
            say!("{text:?}, {piece} at a time: {}", read(text, piece).await);
        }
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    net::run(Clock::virtual_time(), read_all())
        .map_err(|error| BadInput::new(error.to_string()))
}
