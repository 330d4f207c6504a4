//! The first one
//!
//! Sometimes one is enough: the fastest of three servers, or the answer before the limit. `race_all` gives the value of
//! the first that ends, with its place in the list; the others are dropped.
//!
//!     pub async fn race_all<F: Future>(futures: Vec<F>) -> (usize, F::Output)
//!
//! Whoever was woken first is polled first; before anybody was woken, they are polled in the order of the list. Once one
//! has ended, nobody else is polled any more. That matters: a future that is polled to its end has given its value, and
//! here nobody would take it. If the list holds `&mut` futures, a loser can be awaited later, and has lost nothing.
//!
//! This needs what `join_all` needs: put that into a struct, say `Children`, with a method that gives the next one that
//! ends.
//!
//! needs: 4.5 5.4 6.1
//!
//! hint: In `join_all`'s poll, when a child had ended, its value was put down and the loop went on. What if the loop
//! ends there, with the child's place and its value?
//!
//! hint: Move the parent, the queue and the children into a `struct Children<F>`. Its `poll` is the loop that you have,
//! and returns `Poll<(usize, F::Output)>`. Whoever has not had a turn stays in the queue for the next poll.
//!
//! hint: With
//!
//!     async fn next(&mut self) -> (usize, F::Output) {
//!         poll_fn(|context| self.poll(context)).await
//!     }
//!
//! `race_all` is `Children::new(futures).next().await`, and `join_all` is:
//!
//!     for _ in 0..values.len() {
//!         let (place, value) = children.next().await;
//!         values[place] = Some(value);
//!     }
//!
//! done: `select!` is this, for futures of different types. Losing is being dropped: whatever a loser had done half-way
//! is gone, and that is what the page means by cancellation safety. Next: children that are tasks, and go on.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::combinators::race_all;
use mine::timers::{TimerPark, Timers};
use mine::wakers::{Phone, ThreadPark, block_on, block_on_with, phone};

fn fastest() {
    ladder::tries("a race of three sleeps, of 3, 1 and 2 seconds");
    ladder::hangs("it never ends, and all three have slept");
    let timers = Timers::new();
    let mut park = TimerPark::new(&timers, ThreadPark::new());
    let sleeps = [3, 1, 2].map(|it| timers.sleep(Duration::from_secs(it)));
    let (place, ()) = block_on_with(&mut park, race_all(Vec::from(sleeps)));
    let now = timers.now().as_secs();
    ladder::check!(
        now == 1,
        "it should end after 1 s, with the fastest, and ends after {now} s"
    );
    ladder::check!(
        place == 1,
        "number 1 of the list should win, and {place} does"
    );
}

/// Ends at its first poll with `value`; counts it.
fn at_once(polls: &Rc<Cell<usize>>, value: i32) -> impl Future<Output = i32> + use<> {
    let polls = polls.clone();
    poll_fn(move |_| {
        polls.set(polls.get() + 1);
        Poll::Ready(value)
    })
}

fn nobody_after_the_first() {
    ladder::tries("a race of three futures that are ready");
    let polls = Rc::new(Cell::new(0));
    let all = [7, 2, 5].map(|it| at_once(&polls, it));
    let mut race = pin!(race_all(Vec::from(all)));
    let polled = ladder::poll(race.as_mut(), &Bell::new());
    ladder::check!(
        polled.is_ready(),
        "it says Pending, and all three have ended"
    );
    ladder::check!(
        polled == Poll::Ready((0, 7)),
        "the first of the list should win, with (0, 7), and it says {polled:?}"
    );
    let polls = polls.get();
    ladder::check!(
        polls == 1,
        "the first has won, and {polls} were polled: they have given their values, and nobody takes them"
    );
}

fn losers_keep_their_values() {
    ladder::tries("a race of two phones that were both called, and then the loser");
    let (callers, phones): (Vec<_>, Vec<Phone<i32>>) = (0..2).map(|_| phone()).unzip();
    let mut phones: Vec<_> = phones.into_iter().map(Box::pin).collect();
    let borrowed = phones.iter_mut().map(Pin::as_mut);
    let mut race = Box::pin(race_all(borrowed.collect()));
    let bell = Bell::new();
    let _pending = ladder::poll(race.as_mut(), &bell);
    let mut callers = callers.into_iter();
    let (zero, one) = (callers.next(), callers.next());
    one.expect("a caller").say(1);
    zero.expect("a caller").say(0);
    let polled = ladder::poll(race.as_mut(), &bell);
    ladder::check!(polled.is_ready(), "both have called, and it says Pending");
    ladder::check!(
        polled == Poll::Ready((1, 1)),
        "phone 1 was called first, and should win with (1, 1): it says {polled:?}"
    );
    drop(race);
    ladder::hangs(
        "it never ends: the loser's word was taken out of it in the race, and nobody has it",
    );
    let zero = phones.swap_remove(0);
    let heard = block_on(zero);
    ladder::check!(heard == 0, "the loser should say 0, and says {heard}");
}

fn only_who_is_woken() {
    ladder::tries("a race of a thousand, of which one is woken");
    let polls = Rc::new(Cell::new(0));
    let (callers, phones): (Vec<_>, Vec<Phone<i32>>) = (0..1000).map(|_| phone()).unzip();
    let counted = phones.into_iter().map(|phone| {
        let (polls, mut phone) = (polls.clone(), Box::pin(phone));
        poll_fn(move |context| {
            polls.set(polls.get() + 1);
            phone.as_mut().poll(context)
        })
    });
    let mut race = pin!(race_all(counted.collect()));
    let bell = Bell::new();
    let _pending = ladder::poll(race.as_mut(), &bell);
    let first = polls.get();
    ladder::check!(
        first == 1000,
        "the first poll should poll all 1000, and polls {first}"
    );
    callers.into_iter().nth(700).expect("a caller").say(5);
    ladder::check!(
        bell.rings() > 0,
        "a phone was called, and whoever awaits the race is not woken"
    );
    let polled = ladder::poll(race.as_mut(), &bell);
    ladder::check!(
        polled == Poll::Ready((700, 5)),
        "it should say (700, 5), and says {polled:?}"
    );
    let one = polls.get() - 1000;
    ladder::check!(
        one == 1,
        "one was woken, and {one} are polled: use the wakers of join_all"
    );
}

/// Notes its own end.
struct Held(Rc<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

fn losers_are_gone() {
    ladder::tries("a race that is over, and what its loser held");
    let gone = Rc::new(Cell::new(false));
    let held = Held(gone.clone());
    let (caller, winner) = phone();
    let (_silent, loser) = phone();
    let racing = |phone: Phone<i32>, held: Option<Held>| async move {
        let value = phone.await;
        drop(held);
        value
    };
    let mut race = pin!(race_all(vec![
        racing(winner, None),
        racing(loser, Some(held)),
    ]));
    let bell = Bell::new();
    let _pending = ladder::poll(race.as_mut(), &bell);
    caller.say(1);
    let _over = ladder::poll(race.as_mut(), &bell);
    ladder::check!(
        gone.get(),
        "the race has given its value, and the loser still holds what it held: drop the losers first"
    );
}

fn main() {
    fastest();
    nobody_after_the_first();
    losers_keep_their_values();
    only_who_is_woken();
    losers_are_gone();
}
