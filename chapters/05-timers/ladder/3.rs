//! The newest waker, and nothing left behind
//!
//! A sleep may be moved into another task between two polls: then the newest waker counts, and the old one is not to be
//! called. And a sleep may be dropped before its time: then the clock must not jump to its deadline. Mend `Sleep`, and
//! add:
//!
//!     impl Drop for Sleep {
//!         fn drop(&mut self)
//!     }
//!
//! hint: To take a timer back, or to give it another waker, a sleep has to know which one is its own.
//!
//! hint: Keep what `set` returned, and the waker beside it. When it is polled before its time by somebody else
//! (`will_wake` knows), cancel the old timer and set a new one, for the same deadline.
//!
//! hint: With `entry: Option<Entry>`, and in it `deadline`, `id` and `waker`, four cases remain:
//!
//!     let deadline = match &self.entry {
//!         None => now.saturating_add(self.wait),
//!         Some(entry) if now >= entry.deadline => return Poll::Ready(()),
//!         Some(entry) if entry.waker.will_wake(waker) => return Poll::Pending,
//!         Some(entry) => {
//!             self.timers.cancel(entry.id);
//!             entry.deadline
//!         }
//!     };
//!
//! done: This is the contract of every leaf future: the newest waker counts, and whoever is dropped leaves nothing
//! behind. Your sleep can be put into a timeout now, and moved between tasks. Next: who polls it?

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::timers::Timers;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Moves the clock by a timer of its own.
fn pass(timers: &Timers, seconds: u64) {
    let bell = Bell::new();
    timers.set(timers.now() + secs(seconds), bell.waker());
    while bell.rings() == 0 {
        timers.jump();
    }
}

fn newest_waker() {
    ladder::tries("a sleep of 5 s, polled by one task, and after 2 s by another");
    let timers = Timers::new();
    let (first, second) = (Bell::new(), Bell::new());
    let mut sleep = pin!(timers.sleep(secs(5)));
    let _pending = ladder::poll(sleep.as_mut(), &first);
    pass(&timers, 2);
    let polled = ladder::poll(sleep.as_mut(), &second);
    ladder::check!(polled == Poll::Pending, "it is over at 2 s");
    while timers.jump() && second.rings() == 0 {}
    ladder::check!(
        second.rings() > 0,
        "the task that polled last is never woken: it waits for ever, and the other one is called for nothing"
    );
    let now = timers.now();
    ladder::check!(
        now != secs(7),
        "it is woken at 7 s: the second poll began the sleep anew, and the deadline is 5 s"
    );
    ladder::check!(
        now == secs(5),
        "it should be woken at 5 s, and is at {now:?}"
    );
    ladder::check!(
        first.rings() == 0,
        "the task that polled first is woken, too: it does not wait any more"
    );
    let polled = ladder::poll(sleep.as_mut(), &second);
    ladder::check!(
        polled == Poll::Ready(()),
        "its deadline has come, and it still says Pending"
    );

    ladder::tries("a sleep that is polled twice by one task");
    let bell = Bell::new();
    let mut sleep = pin!(timers.sleep(secs(5)));
    let _pending = ladder::poll(sleep.as_mut(), &bell);
    let _pending = ladder::poll(sleep.as_mut(), &bell);
    while timers.jump() {}
    ladder::check!(
        bell.rings() == 1,
        "it should be woken once, and was {} times",
        bell.rings()
    );
}

fn nothing_left() {
    ladder::tries("a sleep that is dropped before its time");
    let timers = Timers::new();
    let bell = Bell::new();
    {
        let mut sleep = pin!(timers.sleep(secs(60)));
        let _pending = ladder::poll(sleep.as_mut(), &bell);
    }
    let jumped = timers.jump();
    ladder::check!(
        !jumped,
        "the clock jumps to {:?}, for a sleep that is gone",
        timers.now()
    );
    ladder::check!(
        bell.wakers() == 0,
        "its waker is kept, so the task that it belongs to cannot be freed"
    );

    ladder::tries("a sleep that is dropped without a poll, while another one waits");
    let mut other = pin!(timers.sleep(secs(3)));
    let _pending = ladder::poll(other.as_mut(), &bell);
    drop(timers.sleep(secs(1)));
    ladder::check!(timers.jump(), "the timer of the other one is gone");

    ladder::tries("a sleep that is dropped after its end, while another one waits");
    {
        let mut over = pin!(timers.sleep(secs(1)));
        let _pending = ladder::poll(over.as_mut(), &bell);
        pass(&timers, 1);
        let _ready = ladder::poll(over.as_mut(), &bell);
        let mut other = pin!(timers.sleep(secs(3)));
        let _pending = ladder::poll(other.as_mut(), &bell);
        drop(over);
        ladder::check!(timers.jump(), "the timer of the other one is gone");
    }
}

fn main() {
    newest_waker();
    nothing_left();
}
