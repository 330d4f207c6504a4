//! One after another
//!
//! A future gives one value. A stream gives one after another, and each of them may have to be waited for: it is an
//! iterator that can say `Pending`. Write the trait, a way to await the next item, and a first adapter:
//!
//!     pub trait Stream {
//!         type Item;
//!
//!         /// The next item, or `None` after the last.
//!         fn poll_next(
//!             self: Pin<&mut Self>,
//!             context: &mut Context<'_>,
//!         ) -> Poll<Option<Self::Item>>;
//!     }
//!
//!     pub async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item>
//!
//!     pub struct Take<S> { /* … */ }
//!
//!     impl<S: Stream + Unpin> Stream for Take<S> { /* … */ }
//!
//!     /// A stream of the first `count` items.
//!     pub fn take<S: Stream + Unpin>(stream: S, count: usize) -> Take<S>
//!
//! A stream is lazy: while nobody asks, it does nothing. So `take` asks for as many items as it gives, and for no more.
//! And a stream that has said `None` is not asked again.
//!
//! hint: `next` is a future whose poll is one `poll_next`. What three things can that say, and what does each mean for
//! the future?
//!
//! hint: `std::future::poll_fn` makes such a future; the outputs have the same type already. For `take`, count down what
//! is left, and decide before you ask.
//!
//! hint: The two bodies:
//!
//!     poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
//!
//!     if self.left == 0 {
//!         return Poll::Ready(None);
//!     }
//!     let polled = Pin::new(&mut self.stream).poll_next(context);
//!     match &polled {
//!         Poll::Ready(Some(_)) => self.left -= 1,
//!         Poll::Ready(None) => self.left = 0,
//!         Poll::Pending => {}
//!     }
//!     polled
//!
//! done: This is `futures::Stream`, and Python's `__anext__`. `while let Some(item) = next(&mut stream).await` is
//! `async for`. Next: a stream that is written like a function.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ladder::Bell;
use mine::streams::{Stream, next, take};

/// What the stream below does when it is asked.
type Answers = Vec<Poll<Option<i32>>>;

/// A stream that does what it is told, and counts how often it is asked.
struct Scripted {
    answers: Answers,
    asked: Rc<Cell<usize>>,
    waker: Rc<RefCell<Option<Waker>>>,
}

impl Stream for Scripted {
    type Item = i32;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<i32>> {
        let asked = self.asked.get();
        self.asked.set(asked + 1);
        ladder::check!(
            asked < 100,
            "it was asked a hundred times: when it says Pending, somebody will wake the task"
        );
        self.waker.replace(Some(context.waker().clone()));
        if self.answers.is_empty() {
            ladder::fail(
                "it has said None, and is asked again: a stream that is over is left alone",
            );
        }
        self.answers.remove(0)
    }
}

fn scripted(answers: Answers) -> Scripted {
    Scripted {
        answers,
        asked: Rc::default(),
        waker: Rc::default(),
    }
}

fn item(item: i32) -> Poll<Option<i32>> {
    Poll::Ready(Some(item))
}

const END: Poll<Option<i32>> = Poll::Ready(None);

fn the_next() {
    ladder::tries("next of a stream that has an item, and then no more");
    let mut stream = scripted(vec![item(7), END]);
    let first = ladder::poll(pin!(next(&mut stream)), &Bell::new());
    ladder::check!(
        first == item(7),
        "it should say Ready(Some(7)), and says {first:?}"
    );
    let asked = stream.asked.get();
    ladder::check!(
        asked == 1,
        "for one item the stream was asked {}: it is lazy, and what it gives too early is lost",
        ladder::times(asked)
    );
    let end = ladder::poll(pin!(next(&mut stream)), &Bell::new());
    ladder::check!(
        end == END,
        "the stream is over, and it says {end:?}: the end is None"
    );

    ladder::tries("next of a stream that has to be waited for");
    let mut stream = scripted(vec![Poll::Pending, item(7)]);
    let (asked, waker) = (stream.asked.clone(), stream.waker.clone());
    let bell = Bell::new();
    {
        let mut waits = pin!(next(&mut stream));
        let polled = ladder::poll(waits.as_mut(), &bell);
        ladder::check!(
            polled != END,
            "the stream says Pending, and next says that it is over"
        );
        ladder::check!(
            asked.get() == 1,
            "the stream says Pending, and is asked again at once, until there is an item: nobody else gets a turn"
        );
        ladder::check!(
            polled.is_pending(),
            "the stream says Pending, and next says {polled:?}"
        );
        let left = waker.take().expect("it was asked");
        left.wake();
        ladder::check!(
            bell.rings() == 1,
            "the stream wakes whoever has asked, and the one who awaits is not woken: whose waker did it get?"
        );
        let polled = ladder::poll(waits.as_mut(), &bell);
        ladder::check!(
            polled == item(7),
            "the item is there, and next says {polled:?}"
        );
    }
}

/// Asks `stream` until it says `None`, so often at most; what it gave.
fn all<S: Stream<Item = i32> + Unpin>(stream: &mut S) -> Vec<i32> {
    let mut items = Vec::new();
    for _ in 0..20 {
        let polled = ladder::poll(pin!(next(stream)), &Bell::new());
        match polled {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => return items,
            Poll::Pending => {}
        }
    }
    ladder::fail(format_args!(
        "it does not end: so far it has given {items:?}"
    ))
}

fn the_first_ones() {
    ladder::tries("the first two of a stream of four items");
    let stream = scripted([7, 2, 5, 9].map(item).into());
    let asked = stream.asked.clone();
    let mut two = take(stream, 2);
    ladder::check!(
        asked.get() == 0,
        "the stream is asked before anybody wants an item"
    );
    let items = all(&mut two);
    ladder::check!(
        items == [7, 2],
        "it should give [7, 2], and gives {items:?}"
    );
    ladder::check!(
        asked.get() == 2,
        "the stream was asked for {}, and two were wanted: the third is taken out, and lost",
        ladder::count(asked.get(), "item")
    );
    let asked_for_none = scripted(Vec::new());
    let items = all(&mut take(asked_for_none, 0));
    ladder::check!(items.is_empty(), "the first 0 items are {items:?}");

    ladder::tries("the first two of a stream that says Pending in between");
    let stream = scripted(vec![
        Poll::Pending,
        item(7),
        Poll::Pending,
        item(2),
        item(5),
    ]);
    let items = all(&mut take(stream, 2));
    ladder::check!(
        items == [7, 2],
        "it should give [7, 2], and gives {items:?}: Pending is no item"
    );

    ladder::tries("the first three of a stream of one item, asked twice for its end");
    let mut three = take(scripted(vec![item(7), END]), 3);
    let items = all(&mut three);
    ladder::check!(items == [7], "it should give [7], and gives {items:?}");
    let items = all(&mut three);
    ladder::check!(items.is_empty(), "after its end it gives {items:?}");
}

fn main() {
    the_next();
    the_first_ones();
}
