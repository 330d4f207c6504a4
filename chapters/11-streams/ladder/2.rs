//! Written as a function
//!
//! A stream by hand is a state machine, as a coroutine was in chapter 1. The compiler makes such machines of `async`
//! functions, and `await` is where they stop. So let the body of a stream be a future, and give it something to await
//! whenever it has an item:
//!
//!     let mut numbers = stream(async |mut yields| {
//!         yields.send(1).await;
//!         yields.send(2).await;
//!     });
//!
//! This is what to write:
//!
//!     pub struct Yields<T>(/* … */);
//!
//!     impl<T> Yields<T> {
//!         /// Gives `item` to whoever asks, and waits until it was taken.
//!         pub async fn send(&mut self, item: T)
//!     }
//!
//!     pub struct Generator<T> { /* … */ }
//!
//!     impl<T> Stream for Generator<T> { /* … */ }
//!
//!     pub fn stream<T: 'static>(
//!         body: impl AsyncFnOnce(Yields<T>) + 'static,
//!     ) -> Generator<T>
//!
//! The body runs while somebody asks for an item, and never ahead: not before the first is asked for, and not past a
//! `send` whose item nobody has taken. In between it may await whatever it likes. When it is over, so is the stream, and it
//! must not be polled again.
//!
//! `send` is awaited, so it owes what every pending future owes: its waker, to whoever will know. The body may poll it
//! inside a `join_all` of yours, which polls only who was woken.
//!
//! needs: 6.5 9.2
//!
//! hint: Between the two lies a slot for one item, shared by an `Rc`. The body fills it and waits until it is empty;
//! whoever asks polls the body, and then looks into the slot. Which cases are there after that poll?
//!
//! hint: An item: give it. None, and the body is over: the end. None, and the body is pending: it waits for something
//! else, and has left the waker there. The body is an `Option<Pin<Box<dyn Future<Output = ()>>>>`, emptied when it is
//! over.
//!
//! hint: A slot is `item: RefCell<Option<T>>` and `waker: RefCell<Option<Waker>>`, and has an `async fn is_empty(&self)` that
//! leaves its waker there. Then `send` is
//!
//!     self.0.is_empty().await;
//!     self.0.item.replace(Some(item));
//!     self.0.is_empty().await;
//!
//! and `poll_next`:
//!
//!     let Some(body) = &mut self.body else { return Poll::Ready(None) };
//!     let over = body.as_mut().poll(context).is_ready();
//!     if over {
//!         self.body = None;
//!     }
//!     let item = self.slot.item.take();
//!     if item.is_none() && !over {
//!         return Poll::Pending;
//!     }
//!     // Whoever polls the body itself needs no call.
//!     let sender = self.slot.waker.take();
//!     if let Some(sender) = sender.filter(|it| !it.will_wake(context.waker())) {
//!         sender.wake();
//!     }
//!     Poll::Ready(item)
//!
//! done: An async generator, without a keyword: what chapter 1's coroutines were, and it may wait. The crate
//! `async-stream` does the same behind a macro. A stream runs only while it is asked; next, one that runs ahead, but not
//! too far.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::combinators::join_all;
use mine::streams::{Generator, next, stream, take};
use mine::tasks::{Runtime, run};

type Log = Rc<RefCell<Vec<String>>>;

fn note(log: &Log, what: &str) {
    log.borrow_mut().push(what.to_string());
}

/// What happened since the last look.
fn new(log: &Log) -> String {
    log.take().join(", ")
}

/// The next item of a stream that has nothing to wait for.
fn asked<T>(stream: &mut Generator<T>) -> Option<T> {
    match ladder::poll(pin!(next(stream)), &Bell::new()) {
        Poll::Ready(item) => item,
        Poll::Pending => ladder::fail(
            "it says Pending, and nobody will wake it: there is an item, or it is over",
        ),
    }
}

fn step_by_step() {
    ladder::tries("a body with two items, before anybody asks");
    let log = Log::default();
    let said = log.clone();
    let mut stream = stream(async move |mut yields| {
        note(&said, "begins");
        yields.send(7).await;
        note(&said, "goes on");
        yields.send(2).await;
        note(&said, "ends");
    });
    let ran = new(&log);
    ladder::check!(
        ran.is_empty(),
        "the body {ran}, and nobody has asked for an item"
    );

    ladder::tries("a body with two items, and the first");
    let item = asked(&mut stream);
    let ran = new(&log);
    ladder::check!(
        ran == "begins",
        "for the first item the body {ran}: it should stop at the first send, until its item was taken"
    );
    ladder::check!(
        item == Some(7),
        "the first item is 7, and it gives {item:?}"
    );

    ladder::tries("a body with two items, and the second");
    let item = asked(&mut stream);
    let ran = new(&log);
    ladder::check!(
        (&*ran, item) == ("goes on", Some(2)),
        "the body should go on to the second item, 2; it gives {item:?}, and the body: {ran:?}"
    );

    ladder::tries("a body with two items, and its end");
    let end = asked(&mut stream);
    let ran = new(&log);
    ladder::check!(
        (&*ran, end) == ("ends", None),
        "the body should go on to its end, and give None; it gives {end:?}, and the body: {ran:?}"
    );
    let mut again = None;
    let panicked = ladder::panics(|| again = asked(&mut stream));
    ladder::check!(
        panicked.is_none(),
        "it is asked once more after its end, and polls a body that is over"
    );
    ladder::check!(
        again.is_none(),
        "it is asked once more after its end, and gives {again:?}"
    );

    ladder::tries("a body without items");
    let mut nothing = mine::streams::stream(async |_yields| {});
    let end: Option<i32> = asked(&mut nothing);
    ladder::check!(end.is_none(), "it should give None, and gives {end:?}");
}

fn awaits() {
    ladder::tries("a body that sleeps for a second before each item");
    ladder::hangs("it never ends: whoever asks is not woken when the body can go on");
    let got = run(async |runtime: Runtime| {
        let of_it = runtime.clone();
        let mut stream = stream(async move |mut yields| {
            for item in 0..3 {
                let second = Duration::from_secs(1);
                of_it.timers.sleep(second).await;
                yields.send(item).await;
            }
        });
        let mut got = Vec::new();
        while let Some(item) = next(&mut stream).await {
            got.push((item, runtime.timers.now().as_secs()));
        }
        got
    });
    ladder::check!(
        got == [(0, 1), (1, 2), (2, 3)],
        "it should give 0 at 1 s, 1 at 2 s and 2 at 3 s, and gives {got:?}"
    );
}

/// Notes its own end.
struct Held(Rc<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

fn left_half_way() {
    ladder::tries(
        "a body without an end, of which two items are taken, and then no more",
    );
    let gone = Rc::new(Cell::new(false));
    let held = Held(gone.clone());
    let endless = stream(async move |mut yields| {
        let _held = held;
        for item in 0_u64.. {
            yields.send(item).await;
        }
    });
    let mut two = take(endless, 2);
    let mut sum = 0;
    while let Poll::Ready(Some(item)) = ladder::poll(pin!(next(&mut two)), &Bell::new()) {
        sum += item + 1;
    }
    ladder::check!(
        sum == 3,
        "0 and 1 should be taken, and they and one each are {sum}, not 3"
    );
    drop(two);
    ladder::check!(
        gone.get(),
        "the stream is dropped, and what its body held is not: does the slot keep the body, and the body the slot?"
    );
}

fn woken_by_itself() {
    ladder::tries(
        "a body that sends from inside a join_all, which polls only who was woken",
    );
    let mut stream = stream(async |mut yields| {
        join_all(vec![yields.send(1)]).await;
        join_all(vec![yields.send(2)]).await;
    });
    let bell = Bell::new();
    let mut items = Vec::new();
    for _ in 0..10 {
        match ladder::poll(pin!(next(&mut stream)), &bell) {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => break,
            Poll::Pending => {}
        }
    }
    ladder::check!(
        items != [1],
        "it gives 1, and then nothing: the send was taken from, and its waker was not called"
    );
    ladder::check!(
        items == [1, 2],
        "it should give [1, 2], and gives {items:?}"
    );
}

fn main() {
    step_by_step();
    awaits();
    left_half_way();
    woken_by_itself();
}
