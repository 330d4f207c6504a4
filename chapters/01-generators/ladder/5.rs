//! Everybody has a turn
//!
//! Now drive several at once. `by_turns` resumes each coroutine once, in order, then each of them again, and so on. One
//! that is over drops out and is not resumed again; the others keep their order. When none is left, it returns all that
//! was yielded, in the order in which it came.
//!
//!     pub fn by_turns<C: Coroutine>(coroutines: Vec<C>) -> Vec<C::Yield>
//!
//! hint: It goes in rounds: in each, every coroutine that is left has one turn. When does the last round end?
//!
//! hint: To remove one from a `Vec` while you walk through it moves the others. Keep a list of those that go on, and
//! make it the list of the next round.
//!
//! hint: A queue is shorter still. Take the first one; if it yields, it goes to the back:
//!
//!     let mut queue = VecDeque::from(coroutines);
//!     while let Some(mut coroutine) = queue.pop_front() {
//!         // …
//!     }
//!
//! done: That is an event loop, the smallest there is: a queue of those that can go on, and a loop that resumes them.
//! It asks every one of them in turn, even those with nothing to do. Chapter 2 asks the one that is due.

use mine::generators::{Coroutine, CoroutineState, by_turns};
use std::cell::Cell;

/// A taxi that yields its stops by name. It minds being resumed after its end.
struct Taxi {
    name: char,
    stops: u32,
    at: u32,
}

thread_local! {
    static RESUMES: Cell<u32> = const { Cell::new(0) };
}

impl Coroutine for Taxi {
    type Yield = String;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<String, ()> {
        RESUMES.set(RESUMES.get() + 1);
        self.at += 1;
        let Taxi { name, stops, at } = *self;
        ladder::check!(
            at <= stops + 1,
            "taxi {name} is resumed although it is home: one that is over drops out"
        );
        match at <= stops {
            true => CoroutineState::Yielded(format!("{name}{at}")),
            false => CoroutineState::Complete(()),
        }
    }
}

fn taxis(stops: &[(char, u32)]) -> Vec<Taxi> {
    let taxis = stops
        .iter()
        .map(|&(name, stops)| Taxi { name, stops, at: 0 });
    taxis.collect()
}

fn main() {
    ladder::tries("two taxis, of two stops each");
    ladder::hangs("both are home, and it does not return: what ends the last round?");
    let stops = by_turns(taxis(&[('A', 2), ('B', 2)])).join(" ");
    ladder::check!(
        stops != "A1 A2 B1 B2",
        "B has its first turn when A is home: one resume is one turn"
    );
    ladder::check!(
        stops != "A1 B1",
        "each has one turn, and A2 and B2 are missing: one that yields has another turn"
    );
    ladder::check!(
        stops == "A1 B1 A2 B2",
        "they should stop at A1 B1 A2 B2, and do so at {stops}"
    );

    ladder::tries("nobody");
    ladder::hangs("there is nobody to resume, and it does not return");
    let stops = by_turns(taxis(&[]));
    ladder::check!(stops.is_empty(), "nobody can yield something");

    ladder::tries("taxis A, B, C and D, of which A has no stop and the others two");
    ladder::hangs("all are home, and it does not return");
    let stops = by_turns(taxis(&[('A', 0), ('B', 2), ('C', 2), ('D', 2)])).join(" ");
    ladder::check!(
        !stops.starts_with("C1"),
        "B misses its turn in the round in which A drops out: it has moved to A's place"
    );
    ladder::check!(
        !stops.starts_with("D1") && !stops.starts_with("B1 D1"),
        "D overtakes those that were before it: when one drops out, the others keep their order"
    );
    ladder::check!(
        stops == "B1 C1 D1 B2 C2 D2",
        "they should stop at B1 C1 D1 B2 C2 D2, and do so at {stops}"
    );

    ladder::tries("taxis of one, three and two stops");
    ladder::hangs("all are home, and it does not return");
    RESUMES.set(0);
    let stops = by_turns(taxis(&[('A', 1), ('B', 3), ('C', 2)])).join(" ");
    ladder::check!(
        stops == "A1 B1 C1 B2 C2 B3",
        "they should stop at A1 B1 C1 B2 C2 B3, and do so at {stops}"
    );
    let resumes = RESUMES.get();
    ladder::check!(
        resumes == 9,
        "six stops and three ends are nine resumes, and there were {resumes}"
    );
}
