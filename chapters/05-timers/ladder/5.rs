//! Not for ever
//!
//! Two futures at once: one that gives a value, and a sleep that limits it.
//!
//!     impl Timers {
//!         pub fn timeout<F: Future>(&self, limit: Duration, future: F) -> Timeout<F>
//!     }
//!
//!     #[derive(Debug, PartialEq, Eq)]
//!     pub struct Elapsed;
//!
//!     pub struct Timeout<F> { /* … */ }
//!
//!     impl<F: Future> Future for Timeout<F> {
//!         type Output = Result<F::Output, Elapsed>;
//!         // …
//!     }
//!
//! A value that is ready at the very moment of the limit wins. And when the limit is reported, the future has been
//! dropped already: by the time anybody hears `Elapsed`, what it held is free.
//!
//! hint: Poll both, with the same context; whichever is ready decides. Which one first, if both are?
//!
//! hint: A future in an `Option` can be dropped before the `Timeout` is. To be polled it must be pinned:
//! `Pin<Box<F>>` can be moved about, and its contents stay where they are.
//!
//! hint: Two fields, `future: Option<Pin<Box<F>>>` and `sleep: Sleep`, and:
//!
//!     if let Some(future) = &mut self.future
//!         && let Poll::Ready(value) = future.as_mut().poll(context)
//!     {
//!         return Poll::Ready(Ok(value));
//!     }
//!     match Pin::new(&mut self.sleep).poll(context) {
//!         Poll::Pending => Poll::Pending,
//!         Poll::Ready(()) => {
//!             self.future = None;
//!             Poll::Ready(Err(Elapsed))
//!         }
//!     }
//!
//! done: `asyncio.timeout` in twenty lines, and nobody had to be cancelled: dropping is enough. Timers, sleeps and
//! limits are yours. One future drives them all; in chapter 6 there are many.

use std::cell::Cell;
use std::future::{pending, ready};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::timers::{Elapsed, TimerPark, Timers};
use mine::wakers::{ThreadPark, block_on_with};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn block_on<F: Future>(timers: &Timers, future: F) -> F::Output {
    block_on_with(&mut TimerPark::new(timers, ThreadPark::new()), future)
}

/// Notes its own end.
struct Held<'a>(&'a Cell<bool>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

fn in_time() {
    ladder::tries("timeout(5 s) of a future that takes 3 s");
    ladder::hangs(
        "it never ends: is the inner future polled with the context of the outer one?",
    );
    let timers = Timers::new();
    let work = async {
        timers.sleep(secs(3)).await;
        "home"
    };
    let result = block_on(&timers, timers.timeout(secs(5), work));
    ladder::check!(
        result == Ok("home"),
        "it should give Ok(\"home\"), and gives {result:?}"
    );
    ladder::check!(
        !timers.jump(),
        "the timer of the limit is left, and the clock jumps to {:?}",
        timers.now()
    );

    ladder::tries("timeout(0 s) of a future that is ready");
    let result = block_on(&timers, timers.timeout(secs(0), ready("here")));
    ladder::check!(
        result == Ok("here"),
        "it should give Ok(\"here\"), and gives {result:?}"
    );

    ladder::tries("timeout(3 s) of a future that takes 3 s");
    let work = async {
        timers.sleep(secs(3)).await;
        "just in time"
    };
    let result = block_on(&timers, timers.timeout(secs(3), work));
    ladder::check!(
        result == Ok("just in time"),
        "it gives {result:?}, and the value was ready at the same moment: look at the future first"
    );
}

fn too_late() {
    ladder::tries("timeout(2 s) of a future that never ends, polled once");
    let timers = Timers::new();
    let bell = Bell::new();
    let mut limited = pin!(timers.timeout(secs(2), pending::<()>()));
    let first = ladder::poll(limited.as_mut(), &bell);
    ladder::check!(first == Poll::Pending, "it is over at its first poll");
    ladder::check!(
        timers.jump() && bell.rings() == 1,
        "no timer was set: the sleep has to be polled, too, or it never begins"
    );
    let last = ladder::poll(limited.as_mut(), &bell);
    ladder::check!(
        last == Poll::Ready(Err(Elapsed)),
        "the limit is reached, and it says {last:?}"
    );

    ladder::tries("timeout(2 s) of a future that holds something for 9 s");
    let dropped = Cell::new(false);
    let timers = Timers::new();
    let held = Held(&dropped);
    let work = async {
        let _held = held;
        timers.sleep(secs(9)).await;
    };
    let mut limited = pin!(timers.timeout(secs(2), work));
    let _pending = ladder::poll(limited.as_mut(), &bell);
    timers.jump();
    let last = ladder::poll(limited.as_mut(), &bell);
    ladder::check!(
        last == Poll::Ready(Err(Elapsed)),
        "the limit is reached, and it says {last:?}"
    );
    ladder::check!(
        dropped.get(),
        "it reports Elapsed, and the future still holds what it had: drop it first"
    );
    ladder::check!(
        !timers.jump(),
        "the inner sleep has left its timer behind, and the clock jumps to {:?}",
        timers.now()
    );
}

fn main() {
    in_time();
    too_late();
}
