//! Delegation before `and_then`: one enum a pair of coroutines, the same `match` each time.

use chapter::{Args, BadInput};
use generators::CoroutineState::{self, Complete, Yielded};
use generators::{Coroutine, FromIter};
use trace::say;

type Letters = FromIter<std::str::Chars<'static>>;
type Digits = FromIter<std::ops::RangeInclusive<char>>;

// ANCHOR: outer
enum Outer {
    Letters(Letters),
    Digits(Digits),
    Done,
}

impl Coroutine for Outer {
    type Yield = char;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<char, ()> {
        loop {
            match self {
                Outer::Letters(inner) => match inner.resume(()) {
                    Yielded(item) => return Yielded(item),
                    Complete(()) => *self = Outer::Digits(FromIter::new('1'..='2')),
                },
                Outer::Digits(inner) => match inner.resume(()) {
                    Yielded(item) => return Yielded(item),
                    Complete(()) => *self = Outer::Done,
                },
                Outer::Done => return Complete(()),
            }
        }
    }
}
// ANCHOR_END: outer

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut outer = Outer::Letters(FromIter::new("AB".chars()));
    while let Yielded(item) = outer.resume(()) {
        say!("{item}");
    }
    Ok(())
}
