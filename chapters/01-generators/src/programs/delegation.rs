//! Delegation: the letters of "AB", then 1 and 2, then a generator that never ends.
//!
//! rows: P13
//! twin: same

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineExt, CoroutineState, FromIter};
use trace::say;

// ANCHOR: main
struct Subgen;

impl Coroutine for Subgen {
    type Yield = String;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<String, ()> {
        CoroutineState::Yielded("subgen".into())
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let letters = FromIter::new("AB".chars().map(String::from));
    let numbers = FromIter::new((1..3).map(|n| n.to_string()));
    let outer = letters.and_then(|()| numbers).and_then(|()| Subgen);

    for item in outer.into_items().take(7) {
        say!("{item}");
    }
    Ok(())
}
// ANCHOR_END: main
