//! Who waits
//!
//! A lock, a semaphore, a queue: behind each stands a list of those who wait, in the order of their coming. Write this
//! list once.
//!
//!     pub struct Waiters { /* … */ }
//!
//!     impl Waiters {
//!         pub fn new() -> Waiters
//!
//!         /// Puts `waker` at the end of the list; the number of its place.
//!         pub fn register(&self, waker: &Waker) -> u64
//!
//!         /// Another waker for that place; false if it is not in the list any more.
//!         pub fn renew(&self, number: u64, waker: &Waker) -> bool
//!
//!         /// Takes the place off the list; false if it is not there any more.
//!         pub fn cancel(&self, number: u64) -> bool
//!
//!         /// Takes the first one off the list, and wakes it; false if nobody waits.
//!         pub fn wake_one(&self) -> bool
//!
//!         /// Takes all off the list, and wakes them in order.
//!         pub fn wake_all(&self)
//!
//!         pub fn len(&self) -> usize
//!     }
//!
//! Whoever is called is off the list: that is how a waiter learns that it was called. It may register again while it is
//! woken; then it waits for the next call.
//!
//! hint: Places come and go in any order, and a number must never mean somebody else. So count the numbers up, and never
//! give one twice. Which collection gives you the lowest number first?
//!
//! hint: `list: RefCell<BTreeMap<u64, Waker>>` and `next: Cell<u64>`. `pop_first` gives the first. To wake somebody is to
//! call a stranger: it may come back to this list. What must not be borrowed then?
//!
//! hint: A `let` of its own ends the borrow before the call:
//!
//!     let first = self.list.borrow_mut().pop_first();
//!     first.map(|(_, waker)| waker.wake()).is_some()
//!
//! and for all of them, with an empty list left behind:
//!
//!     let all = self.list.take();
//!     all.into_values().for_each(Waker::wake);
//!
//! done: This list is the heart of chapter 10: what follows are rules for whom to call, and when. Ours, `Waiters` of
//! chapter 4, is the same. Next, the first rule: call everybody.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Wake, Waker};

use ladder::Bell;
use mine::sync::Waiters;

fn first_come() {
    ladder::tries("an empty list");
    let waiters = Waiters::new();
    ladder::check!(
        waiters.len() == 0 && !waiters.wake_one(),
        "somebody is in it"
    );

    ladder::tries("three who wait, and three calls");
    let bells = [Bell::new(), Bell::new(), Bell::new()];
    let numbers = bells.each_ref().map(|it| waiters.register(&it.waker()));
    ladder::check!(
        numbers[0] != numbers[1] && numbers[1] != numbers[2],
        "two of them have the same number: {numbers:?}"
    );
    ladder::check!(
        waiters.len() == 3,
        "three are registered, and the list says {}",
        waiters.len()
    );
    let rings = || bells.each_ref().map(|it| it.rings());
    let woken = waiters.wake_one();
    ladder::check!(woken, "it says that nobody waits, and three do");
    ladder::check!(rings() != [1, 1, 1], "one call has woken all three");
    ladder::check!(
        rings() != [0, 0, 1],
        "the last one is woken first: who came first would wait for ever, if others keep coming"
    );
    ladder::check!(
        rings() == [1, 0, 0],
        "the first is to be woken, once, and they were woken {:?} times",
        rings()
    );
    ladder::check!(
        waiters.len() == 2,
        "one was called, and {} are in the list: whoever is called is off it",
        waiters.len()
    );
    waiters.wake_one();
    waiters.wake_one();
    ladder::check!(
        rings() == [1, 1, 1],
        "after three calls they were woken {:?} times",
        rings()
    );
    ladder::check!(
        !waiters.wake_one(),
        "it says that somebody was woken, and nobody waits"
    );
}

fn cancelled() {
    ladder::tries("three who wait, of whom the second goes away");
    let waiters = Waiters::new();
    let bells = [Bell::new(), Bell::new(), Bell::new()];
    let numbers = bells.each_ref().map(|it| waiters.register(&it.waker()));
    let was_there = waiters.cancel(numbers[1]);
    ladder::check!(was_there, "it says that it was not there");
    ladder::check!(
        bells[1].wakers() == 0,
        "it has gone, and the list still keeps its waker"
    );
    ladder::check!(
        bells[1].rings() == 0,
        "it is woken: to go away is not to be called"
    );
    waiters.wake_one();
    waiters.wake_one();
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(
        rings == [1, 0, 1],
        "two calls should wake the first and the third, and they woke {rings:?}"
    );

    ladder::tries("one who goes away after it was called");
    let was_there = waiters.cancel(numbers[0]);
    ladder::check!(
        !was_there,
        "it says that it was still waiting, and it had been called: it could not know that the call is its to pass on"
    );

    ladder::tries(
        "somebody who comes after another has gone, and a number that is out of use",
    );
    let bell = Bell::new();
    waiters.register(&bell.waker());
    let was_there = numbers.map(|it| waiters.cancel(it));
    ladder::check!(
        was_there == [false; 3] && waiters.len() == 1,
        "the newcomer goes by an old number: whoever has that one could send it away"
    );
}

fn renewed() {
    ladder::tries("two who wait, of whom the first comes with another waker");
    let waiters = Waiters::new();
    let [old, new, second] = [Bell::new(), Bell::new(), Bell::new()];
    let number = waiters.register(&old.waker());
    waiters.register(&second.waker());
    let stands = waiters.renew(number, &new.waker());
    ladder::check!(stands, "it says that its place is not in the list any more");
    ladder::check!(
        waiters.len() == 2,
        "two wait, and the list says {}: it had a place already",
        waiters.len()
    );
    waiters.wake_one();
    ladder::check!(
        second.rings() == 0,
        "the second is woken: with a new waker the first has lost its place"
    );
    ladder::check!(
        (old.rings(), new.rings()) == (0, 1),
        "the newest waker counts, and it was woken {}, the old one {}",
        ladder::times(new.rings()),
        ladder::times(old.rings())
    );

    ladder::tries("one who was called, and comes with another waker");
    let stands = waiters.renew(number, &new.waker());
    ladder::check!(
        !stands,
        "it says that it still waits, and it was called: it would never go on"
    );
    ladder::check!(
        waiters.len() == 1,
        "it is put into the list again, though it was called"
    );
}

thread_local! {
    /// To which the waker below comes back.
    static WAITERS: RefCell<Option<Rc<Waiters>>> = const { RefCell::new(None) };
    static TIMES: Cell<usize> = const { Cell::new(0) };
}

/// Registers again as soon as it is woken.
struct Returns;

impl Wake for Returns {
    fn wake(self: Arc<Returns>) {
        TIMES.set(TIMES.get() + 1);
        ladder::check!(
            TIMES.get() < 10,
            "it never ends: whoever registers again while it is woken is to wait for the next call"
        );
        let waiters = WAITERS.with_borrow(Clone::clone).expect("a list");
        waiters.register(&Waker::from(self));
    }
}

/// What a call does whose waiters come back at once.
fn called(how: &str, call: impl FnOnce(&Waiters)) {
    ladder::tries(format_args!(
        "{how}, and one who registers again as soon as it is woken"
    ));
    let waiters = Rc::new(Waiters::new());
    WAITERS.set(Some(waiters.clone()));
    TIMES.set(0);
    waiters.register(&Waker::from(Arc::new(Returns)));
    if let Some(message) = ladder::panics(|| call(&waiters)) {
        ladder::check!(
            !message.contains("borrow"),
            "the list is still borrowed while somebody is woken, and they come back to it"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    ladder::check!(
        TIMES.get() == 1 && waiters.len() == 1,
        "it should be woken once, and stand in the list again: it was woken {}, and {} stand there",
        ladder::times(TIMES.get()),
        waiters.len()
    );
}

fn all_of_them() {
    ladder::tries("three who wait, and a call of all");
    let waiters = Waiters::new();
    let bells = [Bell::new(), Bell::new(), Bell::new()];
    for bell in &bells {
        waiters.register(&bell.waker());
    }
    waiters.wake_all();
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(
        rings == [1, 1, 1],
        "each is to be woken once, and they were woken {rings:?} times"
    );
    ladder::check!(
        waiters.len() == 0,
        "all were called, and {} are still in the list",
        waiters.len()
    );
}

fn main() {
    first_come();
    cancelled();
    renewed();
    all_of_them();
    called("a call of one", |waiters| drop(waiters.wake_one()));
    called("a call of all", Waiters::wake_all);
}
