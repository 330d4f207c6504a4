//! All of them, at once
//!
//! A task can await one future. To wait for many at once, poll them all: `join_all` is one future made of a list. It
//! gives their values, in the order of the list, when the last one has ended.
//!
//!     pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output>
//!
//! They wait at the same time: three sleeps of 3, 1 and 2 seconds last 3 seconds. A future that has ended must not be
//! polled again. And an empty list is ready at once.
//!
//! No task is spawned here: all of them are polled in place, inside whatever awaits the whole.
//!
//! needs: 4.5 5.4
//!
//! hint: In an `async fn`, `std::future::poll_fn` gives you the `Context`. What has to be kept from one poll to the
//! next, for each future?
//!
//! hint: Two lists, as long as the first: the futures that have not ended, `Vec<Option<Pin<Box<F>>>>`, and the values,
//! `Vec<Option<F::Output>>`. A poll goes through both; `None` in the first means that it has ended.
//!
//! hint: The walk, inside `poll_fn(|context| { … }).await`:
//!
//!     for (child, value) in children.iter_mut().zip(&mut values) {
//!         let Some(future) = child else { continue };
//!         if let Poll::Ready(it) = future.as_mut().poll(context) {
//!             *value = Some(it);
//!             *child = None;
//!         }
//!     }
//!     match children.iter().all(Option::is_none) {
//!         true => Poll::Ready(()),
//!         false => Poll::Pending,
//!     }
//!
//! done: Concurrency without a single task: one future, made of many. But whichever child is woken, all that are left
//! are polled. For a thousand futures that end one after another, that is half a million polls. Next: poll only those
//! that were woken.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::combinators::join_all;
use mine::timers::{TimerPark, Timers};
use mine::wakers::{ThreadPark, block_on_with, phone};

fn at_its_first_poll() {
    ladder::tries("join_all of an empty list");
    let mut none = pin!(join_all(Vec::<std::future::Ready<i32>>::new()));
    let polled = ladder::poll(none.as_mut(), &Bell::new());
    ladder::check!(
        polled == Poll::Ready(vec![]),
        "it says {polled:?}, and nobody is left to wait for"
    );

    ladder::tries("join_all of three futures that are ready");
    let ready = vec![7, 2, 5].into_iter().map(std::future::ready);
    let mut ready = pin!(join_all(ready.collect()));
    let polled = ladder::poll(ready.as_mut(), &Bell::new());
    ladder::check!(
        polled.is_ready(),
        "it says Pending, and all three have ended: nobody will wake it"
    );
    ladder::check!(
        polled == Poll::Ready(vec![7, 2, 5]),
        "it should give [7, 2, 5], and says {polled:?}"
    );
}

fn at_once() {
    ladder::tries("join_all of three sleeps of 3, 1 and 2 seconds");
    ladder::hangs(
        "it never ends: all three have slept, and somebody is still waited for",
    );
    let timers = Timers::new();
    let mut park = TimerPark::new(&timers, ThreadPark::new());
    let sleeps = [3, 1, 2].map(|it| timers.sleep(Duration::from_secs(it)));
    block_on_with(&mut park, join_all(Vec::from(sleeps)));
    let now = timers.now().as_secs();
    ladder::check!(
        now != 6,
        "it takes 6 s: they sleep one after another. Poll all of them before you wait for any"
    );
    ladder::check!(
        now == 3,
        "it should take 3 s, as long as the longest, and takes {now}"
    );
}

fn called() {
    ladder::tries("join_all of three phones, called as 2, 0, 1");
    let (callers, phones): (Vec<_>, Vec<_>) = (0..3).map(|_| phone()).unzip();
    let mut callers: Vec<_> = callers.into_iter().map(Some).collect();
    let mut all = pin!(join_all(phones));
    let bell = Bell::new();
    let before = ladder::poll(all.as_mut(), &bell);
    ladder::check!(
        before.is_pending(),
        "it says {before:?}, and nobody has called"
    );
    for (calls, place) in (1..).zip([2, 0, 1]) {
        let caller = callers[place].take().expect("each calls once");
        let before = bell.rings();
        caller.say(place);
        ladder::check!(
            bell.rings() > before,
            "phone {place} was called, and whoever awaits them is not woken: has each of them been polled?"
        );
        let polled = ladder::poll(all.as_mut(), &bell);
        if calls < 3 {
            ladder::check!(
                polled.is_pending(),
                "it says {polled:?} after {calls} of three calls: it is to wait for the last one"
            );
            continue;
        }
        ladder::check!(
            polled.is_ready(),
            "all three have called, and it says Pending"
        );
        ladder::check!(
            polled != Poll::Ready(vec![2, 0, 1]),
            "it gives [2, 0, 1], the order of the calls: the values are to stand in the order of the list"
        );
        ladder::check!(
            polled == Poll::Ready(vec![0, 1, 2]),
            "it should give [0, 1, 2], and says {polled:?}"
        );
    }
}

fn not_again() {
    ladder::tries(
        "join_all of a future that ends at its first poll, and of one that does not",
    );
    let (caller, phone) = phone();
    let ended = Rc::new(Cell::new(0));
    let polls = ended.clone();
    let quick = async move {
        poll_fn(|_| {
            polls.set(polls.get() + 1);
            Poll::Ready(1)
        })
        .await
    };
    // Of one type, as a list wants it.
    let quick = Box::pin(quick) as std::pin::Pin<Box<dyn Future<Output = i32>>>;
    let mut both = pin!(join_all(vec![quick, Box::pin(phone)]));
    let bell = Bell::new();
    let _pending = ladder::poll(both.as_mut(), &bell);
    caller.say(2);
    let mut polled = Poll::Pending;
    let panicked = ladder::panics(|| polled = ladder::poll(both.as_mut(), &bell));
    ladder::check!(
        panicked.is_none() && ended.get() == 1,
        "the first one has ended, and is polled again: a future that is over must be left alone"
    );
    ladder::check!(
        polled == Poll::Ready(vec![1, 2]),
        "it should give [1, 2], and says {polled:?}"
    );
}

fn main() {
    at_its_first_poll();
    at_once();
    called();
    not_again();
}
