//! A way to wait that jumps
//!
//! Who drives the clock? Whoever waits. Chapter 4's `block_on_with` stays as it is, and gets another `Park`, which stands
//! on a lower one:
//!
//!     /// Waits as `lower` does; and where that would be in vain, lets the clock jump.
//!     pub struct TimerPark<P> { /* … */ }
//!
//!     impl<P: Park> TimerPark<P> {
//!         pub fn new(timers: &Timers, lower: P) -> TimerPark<P>
//!     }
//!
//!     impl<P: Park> Park for TimerPark<P> { /* … */ }
//!
//! The clock may jump only if there is nothing else to do: not if somebody has called, and not if the one who parks only
//! looks, with a timeout of zero. And where no timer is set, it waits for a call as the lower one does. (A limit other than
//! zero need not be kept here.)
//!
//! needs: 4.5
//!
//! hint: The unparker is that of the lower one. And a park may ask the lower one more than once.
//!
//! hint: First, look below, without waiting. If somebody has called, that was all; and so it was if only a look was
//! wanted. Otherwise nobody is ready, and the clock may jump.
//!
//! hint: The whole of it:
//!
//!     let look = Some(Duration::ZERO);
//!     let called = self.lower.park(look);
//!     if called || timeout == look {
//!         return called;
//!     }
//!     self.timers.jump() || self.lower.park(timeout)
//!
//! done: An hour of sleep takes microseconds, and the thread goes to bed only when everything depends on somebody
//! outside. On the wall clock this layer would let the lower one wait until the next deadline, and the loop would not
//! know the difference: that is what the trait is for. Next: how not to wait for ever.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use mine::timers::{TimerPark, Timers};
use mine::wakers::{Park, ThreadPark, block_on_with};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn block_on<F: Future>(timers: &Timers, future: F) -> F::Output {
    block_on_with(&mut TimerPark::new(timers, ThreadPark::new()), future)
}

/// A way to wait that notes what it is asked, and gives the answers that it was told to.
struct Noted {
    answers: Vec<bool>,
    asked: Rc<RefCell<Vec<Option<Duration>>>>,
}

impl Park for Noted {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        self.asked.borrow_mut().push(timeout);
        self.answers.pop().unwrap_or(false)
    }

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }
}

fn one_park() {
    let look = Some(Duration::ZERO);
    ladder::tries("a park when somebody has called, with a timer at 5 s");
    let timers = Timers::new();
    timers.set(secs(5), Waker::noop().clone());
    let asked = Rc::new(RefCell::new(Vec::new()));
    let lower = |answers| Noted {
        answers,
        asked: asked.clone(),
    };
    let called = TimerPark::new(&timers, lower(vec![true])).park(None);
    let now = timers.now();
    ladder::check!(
        now == secs(0),
        "the clock jumped to {now:?}, and somebody had called: who is called goes first"
    );
    ladder::check!(called, "it says that nobody has called");
    ladder::check!(
        asked.take() == [look],
        "the lower one was asked to wait, and a timer is set: first, only look"
    );

    ladder::tries("a park with a timeout of zero, with a timer at 5 s");
    let called = TimerPark::new(&timers, lower(Vec::new())).park(look);
    let now = timers.now();
    ladder::check!(
        now == secs(0),
        "the clock jumped to {now:?}: whoever only looks has something else to do"
    );
    ladder::check!(!called, "it says that somebody has called");
    asked.take();

    ladder::tries("a park when nobody has called, with a timer at 5 s");
    let woken = TimerPark::new(&timers, lower(Vec::new())).park(None);
    let now = timers.now();
    ladder::check!(
        now == secs(5),
        "the clock should jump to 5 s, and stands at {now:?}: nobody is ready, and a timer is set"
    );
    ladder::check!(woken, "it says that nobody was woken, and a timer was due");
    ladder::check!(
        asked.take() == [look],
        "the lower one was asked to wait, and a timer is set: the thread would sleep for ever"
    );

    ladder::tries("a park when nobody has called, and no timer is set");
    let called = TimerPark::new(&timers, lower(vec![true, false])).park(None);
    ladder::check!(
        asked.take().contains(&None),
        "the lower one was not asked to wait: then the loop goes round and round"
    );
    ladder::check!(
        called,
        "somebody called the lower one, and it says that nobody did"
    );
}

/// Wakes itself and says `Pending`, so often.
async fn yields(times: usize) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Awaits `future`, and says how often it was polled.
async fn polls(future: impl Future<Output = ()>) -> usize {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        future.as_mut().poll(context).map(|()| polls)
    })
    .await
}

fn under_a_loop() {
    ladder::tries("block_on_with, and two sleeps, 3 s and 4 s");
    ladder::hangs("it never ends: is the thread in bed, though a timer is set?");
    let timers = Timers::new();
    block_on(&timers, async {
        timers.sleep(secs(3)).await;
        timers.sleep(secs(4)).await;
    });
    let now = timers.now();
    ladder::check!(now == secs(7), "they should end at 7 s, and end at {now:?}");

    ladder::tries(
        "block_on_with, and a future that wakes itself three times, with a timer at 50 s",
    );
    let timers = Timers::new();
    timers.set(secs(50), Waker::noop().clone());
    block_on(&timers, yields(3));
    let now = timers.now();
    ladder::check!(
        now == secs(0),
        "the clock jumped to {now:?}, though the future had woken itself"
    );

    ladder::tries(
        "block_on_with, and a sleep of 9 s, with timers of others at 1 s and at 2 s",
    );
    let timers = Timers::new();
    timers.set(secs(1), Waker::noop().clone());
    timers.set(secs(2), Waker::noop().clone());
    let polls = block_on(&timers, polls(timers.sleep(secs(9))));
    ladder::check!(polls == 2, "it was polled {polls} times, and 2 are enough");
}

fn from_outside() {
    ladder::tries(
        "block_on_with, and a future that another thread wakes, with no timer set",
    );
    ladder::hangs("the thread never wakes up: is the unparker that of the lower one?");
    let timers = Timers::new();
    let (send, receive) = mpsc::channel::<Waker>();
    let caller = thread::spawn(move || receive.recv().expect("a waker").wake());
    let mut asked = false;
    let call = poll_fn(|context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        send.send(context.waker().clone()).expect("a listener");
        Poll::Pending
    });
    block_on(&timers, call);
    caller.join().expect("the caller ends");
}

fn main() {
    one_park();
    under_a_loop();
    from_outside();
}
