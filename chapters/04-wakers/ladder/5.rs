//! Driving on any bed
//!
//! Last comes `block_on` on any `Park`. There are two flags now. The bed's says: somebody called this thread. The
//! future's says: somebody wants *it* polled. A park may end for a timer or a socket that has nothing to do with this
//! future; then it is not polled. And when a future wakes itself, it is polled again without sleep, but in between the
//! bed is asked once, with a timeout of zero. Otherwise a future that never rests would keep all timers and sockets
//! waiting.
//!
//!     pub fn block_on_with<P: Park, F: Future>(park: &mut P, future: F) -> F::Output
//!
//! needs: 3.2
//!
//! hint: The future's waker raises its own flag, and then wakes the unparker of the park. Where `block_on` had a
//! `Thread`, there is a `Waker` now.
//!
//! hint: Each time round the loop: if the flag was up, poll. Then park: without a limit, or for zero seconds if the
//! flag is up again. At the beginning it is up, since the first poll needs no call.
//!
//! hint: To see whether the flag is up must not take it down. The loop is
//!
//!     loop {
//!         if root.flag.take() {
//!             // poll, and return if it is ready
//!         }
//!         let timeout = root.flag.is_up().then_some(Duration::ZERO);
//!         park.park(timeout);
//!     }
//!
//! done: That loop stays as it is: every later chapter puts another bed under it. If you like, `block_on` can now be
//! `block_on_with` on a `ThreadPark`. Next come beds that know the time.

use ladder::{Bell, Sleeper};
use mine::polling::lift_off;
use mine::wakers::{Park, ThreadPark, block_on_with, phone};
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

type Event = Box<dyn FnOnce()>;

/// A bed that notes how it is asked, and in which something happens at each park.
struct Scripted {
    asked: Vec<Option<Duration>>,
    events: Vec<Event>,
    bell: Arc<Bell>,
}

impl Scripted {
    fn new(events: Vec<Event>) -> Scripted {
        let bell = Bell::new();
        let asked = Vec::new();
        Scripted {
            asked,
            events,
            bell,
        }
    }
}

impl Park for Scripted {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        self.asked.push(timeout);
        if !self.events.is_empty() {
            self.events.remove(0)();
        } else if timeout != Some(Duration::ZERO) {
            ladder::fail(
                "it sleeps for ever: there was a call, or nobody is left who could make one",
            );
        }
        true
    }

    fn unparker(&self) -> Waker {
        self.bell.waker()
    }
}

fn calls_itself() {
    ladder::tries("lift_off(3), which calls itself three times");
    ladder::hangs("it does not return");
    let mut park = Scripted::new(Vec::new());
    let output = block_on_with(&mut park, lift_off(3));
    ladder::check!(
        output == "lift-off",
        "its output is lift-off, and it returns {output}"
    );
    let asked = park.asked.len();
    ladder::check!(
        asked >= 3,
        "between four polls the bed was asked {}: whoever calls itself keeps all timers and sockets waiting",
        ladder::times(asked)
    );
    ladder::check!(
        park.asked.iter().all(|it| *it == Some(Duration::ZERO)),
        "it parks with {:?} although the future has called: it should only look, with a timeout of zero",
        park.asked
    );
}

fn not_for_it() {
    ladder::tries("two parks that end for somebody else, then a word");
    ladder::hangs("it does not return");
    let (caller, phone) = phone();
    let polls = Rc::new(Cell::new(0));
    let at_the_call = Rc::new(Cell::new(0));
    let events: Vec<Event> = vec![
        Box::new(|| {}),
        Box::new(|| {}),
        Box::new({
            let (polls, at_the_call) = (Rc::clone(&polls), Rc::clone(&at_the_call));
            move || {
                at_the_call.set(polls.get());
                caller.say(7);
            }
        }),
    ];
    let mut park = Scripted::new(events);
    let mut phone = Box::pin(phone);
    let counted = Rc::clone(&polls);
    let output = block_on_with(
        &mut park,
        poll_fn(move |context| {
            counted.set(counted.get() + 1);
            phone.as_mut().poll(context)
        }),
    );
    ladder::check!(output == 7, "what was said is 7, and it returns {output}");
    ladder::check!(
        polls.get() != 0 && at_the_call.get() == 1,
        "before the call it polled {}: a park that ends is no call, look at the future's flag",
        ladder::times(at_the_call.get())
    );
    ladder::check!(
        polls.get() == 2,
        "one word is two polls, and it polled {}",
        ladder::times(polls.get())
    );
    ladder::check!(
        park.asked == [None, None, None],
        "nobody has called, so it parks without limit, and it did so with {:?}",
        park.asked
    );
    ladder::check!(
        park.bell.rings() > 0,
        "the call has raised the future's flag, and the bed was not unparked: it would sleep on"
    );
}

fn called_in_the_poll() {
    ladder::tries("a call during the poll");
    ladder::hangs("it does not return");
    let mut park = Scripted::new(Vec::new());
    let mut polls = 0;
    block_on_with(
        &mut park,
        poll_fn(|context| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }),
    );
    ladder::check!(
        park.asked == [Some(Duration::ZERO)],
        "it parks with {:?}, and should park once, for zero seconds",
        park.asked
    );
}

fn main() {
    ladder::tries("a future that is ready at once");
    ladder::hangs("it is ready, and block_on_with does not return");
    let mut park = Scripted::new(Vec::new());
    let output = block_on_with(&mut park, async { 7 });
    ladder::check!(output == 7, "its output is 7, and it returns {output}");
    ladder::check!(
        park.asked.is_empty(),
        "it parks before it has polled: the first poll needs no call"
    );
    calls_itself();
    called_in_the_poll();
    not_for_it();

    ladder::tries("a word from another thread, on a ThreadPark");
    ladder::hangs("the word was said, and the thread sleeps on");
    let (caller, phone) = phone();
    let here = Sleeper::here();
    let there = thread::spawn(move || {
        here.falls_asleep(Duration::from_secs(4));
        caller.say(7);
    });
    let said = RefCell::new(0);
    block_on_with(&mut ThreadPark::new(), async {
        *said.borrow_mut() = phone.await;
    });
    ladder::check!(there.join().is_ok(), "the caller has panicked");
    ladder::check!(said.take() == 7, "it should hear 7");
}
