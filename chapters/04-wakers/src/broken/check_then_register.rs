//! A phone that looks first and leaves its number after that: a call in between finds no number.
//!
//! exit: 101

use std::io;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chapter::{Args, BadInput};
use trace::say;
use wakers::{Park, ThreadPark, block_on_with};

// ANCHOR: poll
#[derive(Default)]
struct Line {
    said: Mutex<Option<&'static str>>,
    waker: Mutex<Option<Waker>>,
}

struct HastyPhone<'a> {
    line: &'a Line,
    /// What other threads do between the look and the number.
    in_between: fn(&Line),
}

impl Future for HastyPhone<'_> {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        if let Some(what) = *self.line.said.lock().unwrap() {
            return Poll::Ready(what);
        }
        say!("driver: nobody has called");
        (self.in_between)(self.line);
        say!("driver: leaves his number");
        *self.line.waker.lock().unwrap() = Some(context.waker().clone());
        trace::suspended(Location::caller(), "call");
        Poll::Pending
    }
}
// ANCHOR_END: poll

// ANCHOR: say
impl Line {
    fn say(&self, what: &'static str) {
        *self.said.lock().unwrap() = Some(what);
        let waker = self.waker.lock().unwrap().take();
        say!("passenger: calls, wakes somebody: {}", waker.is_some());
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
// ANCHOR_END: say

/// A bed of which the driver gets up when nobody has called for so long.
struct Bed<'a>(ThreadPark, &'a Line);

impl Park for Bed<'_> {
    fn park(&mut self, _: Option<Duration>) -> io::Result<bool> {
        if self.0.park(Some(Duration::from_millis(100)))? {
            return Ok(true);
        }
        let said = self.1.said.lock().unwrap().unwrap_or("nothing");
        say!("driver: sleeps on, and on the line is: {said}");
        Err(io::Error::other("nobody has called for 100 ms"))
    }

    fn unparker(&self) -> Waker {
        self.0.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        true
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let line = Line::default();
    let phone = HastyPhone {
        line: &line,
        in_between: |line| line.say("Main Street"),
    };
    block_on_with(&mut Bed(ThreadPark::new(), &line), phone);
    Ok(())
}
