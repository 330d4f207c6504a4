//! Delegation before `and_then`: one enum a pair of coroutines, the same `match` each time.

use chapter::{Args, BadInput};
use generators::CoroutineState::{self, Complete, Yielded};
use generators::{Coroutine, FromIter};
use trace::say;

type Letters = FromIter<std::str::Chars<'static>>;
type Digits = FromIter<std::ops::RangeInclusive<char>>;

// ANCHOR: outer
/// Where `outer` is: in the letters, in the digits, or over.
enum Outer {
    Letters(Letters),
    Digits(Digits),
    Over,
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
                    Complete(()) => {
                        *self = Outer::Over;
                        return Complete(());
                    }
                },
                Outer::Over => panic!("resumed after completion"),
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
