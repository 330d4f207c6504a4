//! A way to wait
//!
//! Soon a loop will wait for a call *or* a moment, and later for a call, a moment or a socket. So the way to wait
//! becomes a trait. Copy it:
//!
//!     pub trait Park {
//!         /// Sleeps until it is unparked, or until `timeout` has passed; `None` is without limit, and zero only looks.
//!         /// It may be as long as `Duration::MAX`. Whether it was unparked.
//!         fn park(&mut self, timeout: Option<Duration>) -> bool;
//!
//!         /// A waker that unparks it, from any thread. If nobody is in bed, the next park returns at once.
//!         fn unparker(&self) -> Waker;
//!     }
//!
//! Then write the first implementation: the bed of the thread that makes it.
//!
//!     pub struct ThreadPark { /* … */ }
//!
//!     impl ThreadPark {
//!         pub fn new() -> ThreadPark
//!     }
//!
//!     impl Park for ThreadPark { /* … */ }
//!
//! hint: What stood behind the waker of `block_on` can stay as it is: a flag and a thread. `park` takes the flag down,
//! and answers whether it was up.
//!
//! hint: With a timeout, work out first when it ends, and then sleep for what is left of it: `thread::park_timeout`.
//! That may return too early and for no reason, so only your flag and the clock decide.
//!
//! hint: A moment that no clock can name is as good as never, hence `checked_add`:
//!
//!     let deadline = timeout.and_then(|it| Instant::now().checked_add(it));
//!     while !self.token.flag.take() {
//!         let Some(deadline) = deadline else {
//!             thread::park();
//!             continue;
//!         };
//!         let left = deadline.saturating_duration_since(Instant::now());
//!         // none left: false; else park_timeout
//!     }
//!     true
//!
//! done: An event loop is a queue of ready tasks and a way to wait, and this is the way to wait. In chapter 5 the
//! timers become another `Park` around this one, and in chapter 7 the sockets do.

use ladder::Sleeper;
use mine::wakers::{Park, ThreadPark};
use std::thread;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(4);

fn main() {
    let mut park = ThreadPark::new();
    let unparker = park.unparker();

    ladder::tries("park(Some(0 s)), and nobody has called");
    ladder::hangs("it sleeps, and with a timeout of zero it should only look");
    ladder::check!(
        !park.park(Some(Duration::ZERO)),
        "it says that it was unparked, and nobody has called"
    );

    ladder::tries("an unpark, then park(Some(0 s))");
    ladder::hangs("it sleeps, and with a timeout of zero it should only look");
    unparker.wake_by_ref();
    ladder::check!(
        park.park(Some(Duration::ZERO)),
        "somebody has called, and it says no: a look takes the token, too"
    );
    ladder::check!(
        !park.park(Some(Duration::ZERO)),
        "the token was taken, and is still there: one call ends one park"
    );

    ladder::tries("an unpark, then park(None)");
    ladder::hangs(
        "somebody called before it lay down, and it sleeps: the call must leave a token",
    );
    unparker.wake_by_ref();
    ladder::check!(park.park(None), "somebody has called, and it says no");

    ladder::tries("two unparks, then two parks");
    ladder::hangs("it does not return");
    unparker.wake_by_ref();
    unparker.clone().wake();
    let (first, second) = (park.park(None), park.park(Some(Duration::ZERO)));
    ladder::check!(
        first && !second,
        "two calls leave one token: it only means \"look again\""
    );

    ladder::tries("park(Some(20 ms)), and nobody calls");
    ladder::hangs("the time has passed, and it sleeps on");
    let (start, limit) = (Instant::now(), Duration::from_millis(20));
    let unparked = park.park(Some(limit));
    ladder::check!(
        !unparked,
        "it says that it was unparked, and nobody has called"
    );
    ladder::check!(
        start.elapsed() >= limit,
        "it returns too early: when it gets up before the time is up, it must lie down again"
    );

    ladder::tries("park(Some(20 ms)), after an unpark of the thread by others");
    ladder::hangs("the time has passed, and it sleeps on");
    let start = Instant::now();
    thread::current().unpark();
    let unparked = park.park(Some(limit));
    let slept = start.elapsed();
    ladder::check!(
        !unparked,
        "the thread was unparked, but not by your unparker: your flag decides"
    );
    ladder::check!(
        slept >= limit,
        "it returns too early: std's token was not for you, and the time is not up"
    );

    ladder::tries("an unpark, whose std token others take, then park(None)");
    ladder::hangs(
        "the call came, and std's token was taken by others: look at your flag before you park",
    );
    unparker.wake_by_ref();
    thread::current().unpark();
    thread::park();
    ladder::check!(park.park(None), "somebody has called, and it says no");

    for timeout in [None, Some(Duration::MAX), Some(Duration::from_secs(3600))] {
        ladder::tries(format_args!(
            "park({timeout:?}), and a call while it sleeps"
        ));
        ladder::hangs("somebody has called, and it sleeps on");
        let (here, unparker) = (Sleeper::here(), unparker.clone());
        let caller = thread::spawn(move || {
            ladder::check!(
                here.falls_asleep(SOON),
                "it never sleeps: it looks again and again, and keeps a core busy"
            );
            unparker.wake();
        });
        ladder::check!(park.park(timeout), "somebody has called, and it says no");
        ladder::check!(caller.join().is_ok(), "the unparker has panicked");
    }
}
