//! A coroutine inside a coroutine
//!
//! Large coroutines are made of small ones. A `Chain` hands its turns to the first until that is over, then to the
//! second. What they yield passes through unchanged, and its result is the pair of their results. In Python:
//!
//!     def chain(first, second):
//!         a = yield from first
//!         b = yield from second
//!         return a, b
//!
//! The driver must not see the seam: the resume that finds the first one over starts the second, in the same turn.
//!
//!     pub struct Chain<A: Coroutine, B> { /* … */ }
//!
//!     impl<A: Coroutine, B: Coroutine<Yield = A::Yield>> Chain<A, B> {
//!         pub fn new(first: A, second: B) -> Chain<A, B>
//!     }
//!
//!     impl<A: Coroutine, B: Coroutine<Yield = A::Yield>> Coroutine for Chain<A, B> {
//!         type Yield = A::Yield;
//!         type Return = (A::Return, B::Return);
//!         // …
//!     }
//!
//! hint: What says whether the first one is over? Its result, if you keep that in an `Option`.
//!
//! hint: If there is no result yet, resume the first one. Pass on what it yields. When it is over, keep the result and
//! do not return: go on to the second.
//!
//! hint: The result must be moved out of `self` at the very end, and `self` is only borrowed. `Option::take` does that:
//!
//!     match self.second.resume(()) {
//!         CoroutineState::Yielded(value) => CoroutineState::Yielded(value),
//!         CoroutineState::Complete(b) => {
//!             let a = self.result.take().expect("the first one is over");
//!             CoroutineState::Complete((a, b))
//!         }
//!     }
//!
//! done: That is `yield from`, and it is what `.await` does: a resume goes down to the innermost coroutine, and only
//! that one really stops. What is missing is a driver for several at once.

use mine::generators::{Chain, Coroutine, CoroutineState};

/// Yields its letters; it minds being resumed after its end.
struct Letters {
    name: &'static str,
    letters: &'static [char],
    said: usize,
}

fn letters(name: &'static str, letters: &'static [char]) -> Letters {
    let said = 0;
    Letters {
        name,
        letters,
        said,
    }
}

impl Coroutine for Letters {
    type Yield = char;
    type Return = &'static str;

    fn resume(&mut self, _: ()) -> CoroutineState<char, &'static str> {
        self.said += 1;
        match self.letters.get(self.said - 1) {
            Some(letter) => CoroutineState::Yielded(*letter),
            None if self.said == self.letters.len() + 1 => {
                CoroutineState::Complete(self.name)
            }
            None => ladder::fail(format_args!(
                "the {} one is resumed again after its end",
                self.name
            )),
        }
    }
}

/// What a chain of these yields, and its result.
fn drive(mut chain: Chain<Letters, Letters>, most: usize) -> (String, String) {
    let mut yields = String::new();
    loop {
        match chain.resume(()) {
            CoroutineState::Yielded(letter) => yields.push(letter),
            CoroutineState::Complete((a, b)) => return (yields, format!("{a} and {b}")),
        }
        ladder::check!(
            yields.len() <= most,
            "it yields {yields}…, and does not end: there were {most} letters"
        );
    }
}

fn main() {
    ladder::tries("a chain of one that yields a, b and one that yields c, d");
    let chain = Chain::new(
        letters("first", &['a', 'b']),
        letters("second", &['c', 'd']),
    );
    let (yields, result) = drive(chain, 4);
    ladder::check!(
        yields != "abd",
        "the c is lost, at the seam: the second one was resumed once too often"
    );
    ladder::check!(
        yields != "cd",
        "a and b are lost: a resume of the chain is one resume of the first one, and stops where that stops"
    );
    ladder::check!(
        yields != "ab",
        "c and d are lost: a resume of the chain is one resume of the second one, and stops where that stops"
    );
    ladder::check!(
        yields == "abcd",
        "it should yield abcd, and yields {yields:?}"
    );
    ladder::check!(
        result == "first and second",
        "its result should be both results, and is {result}"
    );

    ladder::tries("a chain whose first one yields nothing");
    let chain = Chain::new(letters("first", &[]), letters("second", &['c']));
    let (yields, _) = drive(chain, 1);
    ladder::check!(yields == "c", "it should yield c, and yields {yields:?}");

    ladder::tries("a chain whose second one yields nothing");
    let chain = Chain::new(letters("first", &['a']), letters("second", &[]));
    let (yields, _) = drive(chain, 1);
    ladder::check!(yields == "a", "it should yield a, and yields {yields:?}");

    ladder::tries("a chain of two chains, resumed once");
    let inner = Chain::new(letters("first", &['a', 'b']), letters("second", &[]));
    let last = letters("last", &['c']);
    let mut outer = Chain::new(inner, last);
    let first = outer.resume(());
    ladder::check!(
        matches!(first, CoroutineState::Yielded('a')),
        "one resume is one stop: it should yield a"
    );
    ladder::tries("a chain of two chains, resumed to its end");
    let mut yields = String::new();
    while let CoroutineState::Yielded(letter) = outer.resume(()) {
        yields.push(letter);
    }
    ladder::check!(
        yields == "bc",
        "after a it should yield bc, and yields {yields:?}"
    );
}
