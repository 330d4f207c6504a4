//! Ahead, but not too far
//!
//! A stream makes its next item while it is asked, so maker and taker work in turn. If a task fetches the items meanwhile,
//! they work at the same time:
//!
//!     pub struct Buffer<T> { /* … */ }
//!
//!     impl<T> Buffer<T> {
//!         pub async fn next(&mut self) -> Option<T>
//!     }
//!
//!     /// Fetches items in a task, at most `limit` of them before they are asked for.
//!     pub fn buffer<S: Stream + Unpin + 'static>(
//!         executor: &Executor,
//!         stream: S,
//!         limit: usize,
//!     ) -> Buffer<S::Item>
//!
//! If the taker is slower, the buffer fills, and then the maker has to wait: that is back-pressure. One more item may be
//! in the maker's hands, waiting for its place. When the stream is over, so is the buffer, after what is left in it; and
//! asked again it says `None` again.
//!
//! needs: 6.5 9.2 10.5
//!
//! hint: You have the queue for it. What is put into it, so that the taker learns of the end?
//!
//! hint: A `Queue<Option<T>>`: the task puts `Some(item)` for each, and `None` at the end. `Buffer` has the queue behind an
//! `Rc`, and remembers that it has seen the `None`.
//!
//! hint: The task, with a clone of the `Rc`:
//!
//!     executor.spawn(async move {
//!         while let Some(item) = next(&mut stream).await {
//!             fills.put(Some(item)).await;
//!         }
//!         fills.put(None).await;
//!     });
//!
//! done: Where a queue stands between two parts of a program, its limit decides who waits for whom. Without one, a slow
//! taker is not seen until the memory is full. A buffer that is dropped leaves its maker waiting: to end it takes tasks
//! that can be cancelled, as in chapter 8. Next: what must happen at the end, and when.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use mine::streams::{Generator, buffer, stream};
use mine::tasks::{Runtime, run};

async fn sleeps(runtime: &Runtime, seconds: u64) {
    runtime.timers.sleep(Duration::from_secs(seconds)).await;
}

/// A stream of `count` items, each of which takes `seconds` to make; `made` counts them.
fn makes(
    runtime: &Runtime,
    count: u32,
    seconds: u64,
    made: &Rc<Cell<u32>>,
) -> Generator<u32> {
    let (runtime, made) = (runtime.clone(), made.clone());
    stream(async move |mut yields| {
        for item in 0..count {
            if seconds > 0 {
                sleeps(&runtime, seconds).await;
            }
            made.set(made.get() + 1);
            yields.send(item).await;
        }
    })
}

fn at_the_same_time() {
    ladder::tries(
        "a maker of five items at 1 s each, a taker of 1 s each, and a buffer of two",
    );
    ladder::hangs("it never ends: how does the taker learn that the stream is over?");
    let (items, took) = run(async |runtime: Runtime| {
        let made = Rc::default();
        let makes = makes(&runtime, 5, 1, &made);
        let mut buffer = buffer(&runtime.executor, makes, 2);
        let mut items = Vec::new();
        while let Some(item) = buffer.next().await {
            sleeps(&runtime, 1).await;
            items.push(item);
        }
        (items, runtime.timers.now().as_secs())
    });
    ladder::check!(
        items == [0, 1, 2, 3, 4],
        "0 to 4 were made, and {items:?} are taken: each once, in order, and what is in the buffer before the end"
    );
    ladder::check!(
        took != 10,
        "it takes 10 s: an item is made only while it is asked for. Who makes the next one meanwhile?"
    );
    ladder::check!(
        took == 6,
        "it should take 6 s, one second to begin with and five to take them, and takes {took}"
    );
}

fn before_it_is_asked() {
    ladder::tries("a maker of a hundred items, and a buffer of three that nobody asks");
    let (made, later) = run(async |runtime: Runtime| {
        let made = Rc::new(Cell::new(0));
        let makes = makes(&runtime, 100, 0, &made);
        let mut buffer = buffer(&runtime.executor, makes, 3);
        sleeps(&runtime, 1).await;
        let before = made.get();
        let _first = buffer.next().await;
        sleeps(&runtime, 1).await;
        (before, made.get())
    });
    ladder::check!(
        made != 0,
        "nothing is made before it is asked for: a task should fetch items meanwhile"
    );
    ladder::check!(
        made <= 4,
        "{made} were made: three lie in the buffer, one may wait for its place, and the others pile up"
    );
    ladder::check!(
        made == 4,
        "three should lie in the buffer, and one wait for its place: {made} were made"
    );
    ladder::check!(
        later == 5,
        "one was taken, so one more should be made: it is {later} after {made}"
    );
}

fn the_end() {
    ladder::tries(
        "a buffer of three, and a stream of two items that is over before the first is taken",
    );
    ladder::hangs("it never ends: the stream is over, and its buffer waits");
    let log = Rc::new(RefCell::new(Vec::new()));
    let said = log.clone();
    run(async move |runtime: Runtime| {
        let made = Rc::default();
        let makes = makes(&runtime, 2, 0, &made);
        let mut buffer = buffer(&runtime.executor, makes, 3);
        sleeps(&runtime, 1).await;
        for _ in 0..2 {
            let item = buffer.next().await;
            said.borrow_mut().push(item);
        }
        ladder::check!(
            *said.borrow() == [Some(0), Some(1)],
            "two items are left in the buffer, and it gives {:?}: what is in it is to be given before the end",
            said.borrow()
        );
        let end = buffer.next().await;
        ladder::check!(end.is_none(), "the stream is over, and it gives {end:?}");
        ladder::hangs(
            "it never ends: after its end it is asked once more, and waits for an item",
        );
        let end = buffer.next().await;
        ladder::check!(end.is_none(), "asked once more, it gives {end:?}");
    });
    drop(log);

    ladder::tries("a buffer of a stream without items");
    let end = run(async |runtime: Runtime| {
        let nothing = makes(&runtime, 0, 0, &Rc::default());
        buffer(&runtime.executor, nothing, 1).next().await
    });
    ladder::check!(end.is_none(), "it should give None, and gives {end:?}");
}

fn main() {
    at_the_same_time();
    before_it_is_asked();
    the_end();
}
