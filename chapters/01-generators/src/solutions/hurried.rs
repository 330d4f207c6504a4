//! Chapter 1, exercise 2: taxi B is resumed twice whenever A is resumed once.

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineExt, FromIter};
use trace::say;

fn taxi() -> impl Coroutine<Yield = &'static str, Return = ()> {
    FromIter::new(["leaves the garage", "picks up a passenger", "is home"])
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut a = taxi().into_items();
    let mut b = taxi().into_items();
    for _ in 0..3 {
        for what in a.by_ref().take(1) {
            say!("taxi A {what}");
        }
        for what in b.by_ref().take(2) {
            say!("taxi B {what}");
        }
    }
    Ok(())
}
// ANCHOR_END: main
