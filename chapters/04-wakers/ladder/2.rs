//! A telephone
//!
//! This is a future whose moment only somebody else knows. `phone` makes the two ends of a line. The `Phone` is the
//! future: once something has been said, it is ready, with what was said. The `Caller` says it, once, perhaps on
//! another thread. When the phone is polled and there is nothing to hear, it leaves the waker that it was sent. When
//! the caller speaks, it calls the waker that was left *last*. Nothing else gets the phone polled again.
//!
//!     pub struct Caller<T> { /* … */ }
//!     pub struct Phone<T> { /* … */ }
//!
//!     pub fn phone<T>() -> (Caller<T>, Phone<T>)
//!
//!     impl<T> Caller<T> {
//!         pub fn say(self, what: T)
//!     }
//!
//!     impl<T> Future for Phone<T> {
//!         type Output = T;
//!         // …
//!     }
//!
//! Two things easily go wrong. If you look first and leave the waker after that, a call may come in between. And a
//! waker is somebody else's code, which may poll your phone at once: let go of every lock before you call it.
//!
//! hint: Both ends share a struct with two fields: what was said, if anything was, and the waker, if one was left.
//!
//! hint: An `Arc<Mutex<Line<T>>>`. In `poll`, look and leave the waker under the same lock. A new waker replaces the
//! old one: next time, somebody else may be polling.
//!
//! hint: The other end. The inner block lets go of the lock before the call:
//!
//!     pub fn say(self, what: T) {
//!         let waker = {
//!             let mut line = self.line.lock().unwrap();
//!             line.said = Some(what);
//!             line.waker.take()
//!         };
//!         if let Some(waker) = waker {
//!             waker.wake();
//!         }
//!     }
//!
//! done: A future that says `Pending` has given its newest waker to whoever will know: that is the whole contract.
//! Every timer, socket and channel keeps to it. Next, a driver that sleeps until that call.

use ladder::Bell;
use mine::wakers::{Caller, Phone, phone};
use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

thread_local! {
    static POLLED_BY_WAKE: RefCell<Option<Pin<Box<Phone<u32>>>>> = const { RefCell::new(None) };
    static HEARD: RefCell<Option<Poll<u32>>> = const { RefCell::new(None) };
}

/// Polls the phone above as soon as it is called.
struct AtOnce;

impl Wake for AtOnce {
    fn wake(self: Arc<AtOnce>) {
        POLLED_BY_WAKE.with_borrow_mut(|phone| {
            if let Some(phone) = phone {
                let mut context = Context::from_waker(Waker::noop());
                let heard = phone.as_mut().poll(&mut context);
                HEARD.set(Some(heard));
            }
        });
    }
}

fn said_before_the_first_poll() {
    ladder::tries("a word, and then the first poll");
    ladder::hangs("it does not return");
    let (caller, phone) = phone();
    caller.say(7);
    let answer = ladder::poll(pin!(phone), &Bell::new());
    ladder::check!(
        answer == Poll::Ready(7),
        "something was said before anybody listened, and it says {answer:?}"
    );
}

fn said_while_it_waits() {
    ladder::tries("a poll, and then a word");
    ladder::hangs("it does not return");
    let bell = Bell::new();
    let (caller, phone) = phone();
    let mut phone = pin!(phone);
    let first = ladder::poll(phone.as_mut(), &bell);
    ladder::check!(first.is_pending(), "it is ready, and nothing was said");
    let rings = bell.rings();
    ladder::check!(
        rings == 0,
        "it wakes although nothing was said: it would be polled again and again"
    );
    caller.say(7);
    let rings = bell.rings();
    ladder::check!(rings > 0, "polled once, never woken: who has the waker?");
    ladder::check!(
        rings == 1,
        "one word is one call, and it called {}",
        ladder::times(rings)
    );
    ladder::tries("a poll, a word, and the second poll");
    let second = ladder::poll(phone.as_mut(), &bell);
    ladder::check!(
        second == Poll::Ready(7),
        "it was woken, and then says {second:?}: where is the word?"
    );
}

fn polled_by_another() {
    ladder::tries("polls with two wakers, and then a word");
    ladder::hangs("it does not return");
    let (old, new) = (Bell::new(), Bell::new());
    let (caller, phone) = phone::<u32>();
    let mut phone = pin!(phone);
    let _ = ladder::poll(phone.as_mut(), &old);
    let _ = ladder::poll(phone.as_mut(), &new);
    caller.say(7);
    ladder::check!(
        new.rings() > 0,
        "it calls the waker of the first poll, and has been polled with another one since: the newest counts"
    );
    ladder::check!(
        old.rings() == 0,
        "it calls the old waker, too: nobody waits there any more"
    );

    ladder::tries("100 polls with one waker");
    let (_caller, phone) = self::phone::<u32>();
    let mut phone = pin!(phone);
    for _ in 0..100 {
        let _ = ladder::poll(phone.as_mut(), &new);
    }
    let kept = new.wakers();
    ladder::check!(
        kept <= 1,
        "it keeps {kept} copies of one waker: a new one replaces the old"
    );
}

fn polled_by_the_wake() {
    ladder::tries("a waker that polls the phone as soon as it is called");
    ladder::hangs(
        "the caller holds the lock while it wakes, and the waker, which polls, waits for that lock for ever",
    );
    let (caller, phone) = phone();
    let mut phone = Box::pin(phone);
    let waker = Waker::from(Arc::new(AtOnce));
    let _ = phone.as_mut().poll(&mut Context::from_waker(&waker));
    POLLED_BY_WAKE.set(Some(phone));
    caller.say(7);
    let heard = HEARD.take();
    ladder::check!(
        heard != Some(Poll::Pending),
        "it is woken before the word is there: whoever looks at once finds nothing, and is not woken again"
    );
    ladder::check!(
        heard == Some(Poll::Ready(7)),
        "it should hear 7, and heard {heard:?}"
    );
}

/// The call comes at any moment of the poll.
fn said_by_another_thread(caller: Caller<u32>, phone: Phone<u32>) {
    let bell = Bell::new();
    let mut phone = pin!(phone);
    let mut there = Some(thread::spawn(move || caller.say(7)));
    loop {
        if ladder::poll(phone.as_mut(), &bell).is_ready() {
            break;
        }
        if bell.rings() == 0 {
            // When that thread has ended, nobody is left who could call.
            let ended = there.take().map(|it| it.join().is_ok());
            ladder::check!(
                bell.rings() > 0 && ended == Some(true),
                "the call is lost: it came after the look and before the waker was left. Look and leave it under one lock"
            );
        }
    }
    let ended = there.is_none_or(|it| it.join().is_ok());
    ladder::check!(ended, "the caller's thread has panicked");
}

fn main() {
    said_before_the_first_poll();
    said_while_it_waits();
    polled_by_another();
    polled_by_the_wake();
    ladder::tries("2,000 words from another thread, at any moment");
    ladder::hangs("it does not return");
    for _ in 0..2000 {
        let (caller, phone) = phone();
        said_by_another_thread(caller, phone);
    }
}
