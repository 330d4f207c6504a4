//! A phone that looks first and leaves its number after that: a call in between finds no number.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use chapter::{Args, BadInput};
use trace::say;

#[derive(Default)]
struct Line {
    said: Mutex<Option<&'static str>>,
    waker: Mutex<Option<Waker>>,
}

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

struct HastyPhone<'a> {
    line: &'a Line,
    /// What other threads do between the look and the number.
    in_between: fn(&Line),
}

// ANCHOR: poll
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
        Poll::Pending
    }
}
// ANCHOR_END: poll

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Flag>) {
        self.0.store(true, Ordering::Release);
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let flag = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&flag));
    let line = Line::default();
    let mut phone = HastyPhone {
        line: &line,
        in_between: |line| line.say("Main Street"),
    };
    let heard = Pin::new(&mut phone).poll(&mut Context::from_waker(&waker));
    say!(
        "driver: {heard:?}, and woken: {}",
        flag.0.load(Ordering::Acquire)
    );
    let said = line.said.lock().unwrap().unwrap_or("nothing");
    say!("driver: sleeps for ever, and on the line is: {said}");
    Ok(())
}
