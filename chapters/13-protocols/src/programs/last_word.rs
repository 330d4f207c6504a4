//! A stream that is to be told its end, and may fail at it: how the connection ends then.
//!
//! twin: none, asyncio's transports are on sockets, whose end does not fail
//! clock: virtual

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_io::{AsyncRead, AsyncWrite};
use protocols::{Protocol, Transport, drive};
use timers::{Sleep, now, sleep};
use trace::say;

// ANCHOR: stream
/// Takes a second to be told its end, as TLS may, and then says so; or it fails at it.
struct Line {
    end: Pin<Box<Sleep>>,
    fails: bool,
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Pending
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.end.as_mut().poll(context));
        tell("the line is told the end");
        Poll::Ready(match self.fails {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        })
    }
}
// ANCHOR_END: stream

// ANCHOR: main
/// Ends the connection as it is made, by what it holds.
struct Caller(fn(&Transport));

impl Protocol for Caller {
    fn connection_made(&mut self, transport: Transport) {
        transport.write(b"good night");
        (self.0)(&transport);
    }

    fn data_received(&mut self, _: &[u8]) {}

    fn connection_lost(&mut self, error: Option<io::Error>) {
        let error = error.map(|error| error.kind());
        tell(&format!("connection_lost({error:?})"));
    }
}

async fn call() {
    let ends: [(_, fn(&Transport)); 2] = [
        ("close", Transport::close),
        // Closed later, the end is not told again.
        ("write_eof", |transport| {
            transport.write_eof();
            let transport = transport.clone();
            timers::call_later(Duration::from_secs(3), move || transport.close());
        }),
    ];
    for (name, end) in ends {
        for fails in [false, true] {
            let so = if fails { ", on one that fails" } else { "" };
            tell(&format!("{name}{so}"));
            let end_of = Box::pin(sleep(Duration::from_secs(1)));
            let _ = drive(Line { end: end_of, fails }, Caller(end)).await;
        }
    }
}

fn tell(what: &str) {
    say!("{} s  {what}", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), call())
        .map_err(|error| BadInput::new(error.to_string()))
}
