//! A queue with a limit
//!
//! One task makes items, another one takes them. If the maker is faster, the items pile up. A bounded queue makes the
//! maker wait when it is full, and the taker when it is empty.
//!
//!     pub struct Queue<T> { /* … */ }
//!
//!     impl<T> Queue<T> {
//!         pub fn bounded(limit: usize) -> Queue<T>
//!
//!         pub fn len(&self) -> usize
//!
//!         /// Waits for a free place, and puts `item` at the end.
//!         pub async fn put(&self, item: T)
//!
//!         /// Waits for an item, and takes the first.
//!         pub async fn get(&self) -> T
//!     }
//!
//! Items come out in the order in which they went in, and takers and makers are served in the order of their coming. A
//! `get` that is dropped while it waits loses no item, and a `put` that is dropped delivers none.
//!
//! You need no new list of waiters: two semaphores count all there is to count.
//!
//! needs: 6.5
//!
//! hint: One counts the items that are there, the other one the places that are free. With how many permits does each of
//! them begin? Which does `put` acquire, and which does it release?
//!
//! hint: A permit that was acquired here must not go back when it is dropped: the place is taken. `std::mem::forget` of
//! the permit keeps it; `release` on the other semaphore passes it on, as an item or as a place.
//!
//! hint: With `impl Permit<'_> { fn forget(self) { std::mem::forget(self) } }`, a put is
//!
//!     self.free.acquire().await.forget();
//!     self.items.borrow_mut().push_back(item);
//!     self.filled.release();
//!
//! and a get is the same with the roles changed. After the `await` nothing can be cancelled any more, so nothing is lost.
//!
//! done: These are Dijkstra's two semaphores, of 1965. An item is kept for whoever is called; asyncio's queue keeps none,
//! and there a newcomer may take it away. A maker that has to wait is back-pressure, and chapter 11 builds on it.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::sync::Queue;
use mine::tasks::{Runtime, run};

/// What a put or a get gives that should not have to wait.
fn at_once<F: Future>(future: F, why: &str) -> F::Output {
    match ladder::poll(pin!(future), &Bell::new()) {
        Poll::Ready(value) => value,
        Poll::Pending => ladder::fail(why),
    }
}

fn first_in_first_out() {
    ladder::tries("a queue of three, and three items");
    let queue = Queue::bounded(3);
    ladder::check!(queue.len() == 0, "a new queue holds {} items", queue.len());
    for item in [7, 2, 5] {
        at_once(
            queue.put(item),
            "put waits, and there are free places: with how many permits do they begin?",
        );
    }
    ladder::check!(
        queue.len() == 3,
        "three were put in, and it holds {}",
        queue.len()
    );
    let items =
        [0; 3].map(|_| at_once(queue.get(), "get waits, and there is an item for it"));
    ladder::check!(
        items == [7, 2, 5],
        "7, 2 and 5 went in, and {items:?} came out: first in, first out"
    );
    let mut none = Poll::Pending;
    let get = || none = ladder::poll(pin!(queue.get()), &Bell::new());
    let panicked = ladder::panics(get);
    ladder::check!(
        panicked.is_none(),
        "nothing is in it, and get takes an item that is not there: there are to be as many permits as items"
    );
    ladder::check!(none.is_pending(), "nothing is in it, and it gives {none:?}");
}

fn full() {
    ladder::tries("a queue of one, and two items");
    let queue = Queue::bounded(1);
    at_once(queue.put(1), "put waits, and there is a free place");
    let bell = Bell::new();
    let mut second = pin!(queue.put(2));
    let polled = ladder::poll(second.as_mut(), &bell);
    ladder::check!(
        polled.is_pending(),
        "both went in, and there is one place: nothing stops a maker that is faster"
    );
    ladder::check!(
        queue.len() == 1,
        "the second waits for a free place, and its item is in already: it holds {}",
        queue.len()
    );

    ladder::tries(
        "a queue of one, whose item is taken while somebody waits to put another",
    );
    let item = at_once(queue.get(), "get waits, and there is an item");
    ladder::check!(item == 1, "the first item is 1, and it gives {item}");
    ladder::check!(
        bell.rings() != 0,
        "a place is free, and whoever waits for it is not woken"
    );
    let polled = ladder::poll(second.as_mut(), &bell);
    ladder::check!(
        polled.is_ready(),
        "a place is free, and whoever waits for it waits on"
    );
    let item = at_once(queue.get(), "the second item was put in, and get waits");
    ladder::check!(item == 2, "the second item is 2, and it gives {item}");
    for round in 0..5 {
        at_once(
            queue.put(round),
            "after some rounds a put waits, though the queue is empty: places get lost",
        );
        at_once(
            queue.get(),
            "after some rounds a get waits, though there is an item",
        );
    }
    at_once(queue.put(1), "put waits, and there is a free place");
    let polled = ladder::poll(pin!(queue.put(2)), &bell);
    ladder::check!(
        polled.is_pending(),
        "after some rounds two go in, and there is one place: does a permit go back twice?"
    );
}

fn empty() {
    ladder::tries("two who wait for an item, one item, and a newcomer");
    let queue = Queue::bounded(2);
    let bells = [Bell::new(), Bell::new(), Bell::new()];
    let (mut first, mut second) = (pin!(queue.get()), pin!(queue.get()));
    let _pending = ladder::poll(first.as_mut(), &bells[0]);
    let _pending = ladder::poll(second.as_mut(), &bells[1]);
    at_once(queue.put(1), "put waits, and there are free places");
    let rings = bells.each_ref().map(|it| it.rings());
    ladder::check!(rings != [0, 0, 0], "an item is there, and nobody is woken");
    ladder::check!(
        rings == [1, 0, 0],
        "one item, and the first is to be woken: they were woken {rings:?} times"
    );
    let newcomer = ladder::poll(pin!(queue.get()), &bells[2]);
    ladder::check!(
        newcomer.is_pending(),
        "a newcomer takes it, and the one who was called has waited for nothing"
    );
    let polled = ladder::poll(first.as_mut(), &bells[0]);
    ladder::check!(
        polled == Poll::Ready(1),
        "the first was called, and should get 1: it says {polled:?}"
    );
}

fn dropped() {
    ladder::tries("one who waits for an item, called and then dropped");
    let queue = Queue::bounded(1);
    let bells = [Bell::new(), Bell::new()];
    let mut first = Box::pin(queue.get());
    let mut second = pin!(queue.get());
    let _pending = ladder::poll(first.as_mut(), &bells[0]);
    let _pending = ladder::poll(second.as_mut(), &bells[1]);
    at_once(queue.put(1), "put waits, and there is a free place");
    drop(first);
    let polled = ladder::poll(second.as_mut(), &bells[1]);
    ladder::check!(
        polled == Poll::Ready(1),
        "the item was for one who has gone, and the next one should get it: it says {polled:?}"
    );

    ladder::tries("one who waits for a free place, dropped");
    at_once(queue.put(2), "put waits, and there is a free place");
    let mut third = Box::pin(queue.put(3));
    let _pending = ladder::poll(third.as_mut(), &bells[0]);
    drop(third);
    let item = at_once(queue.get(), "get waits, and there is an item");
    ladder::check!(item == 2, "the item is 2, and it gives {item}");
    let none = ladder::poll(pin!(queue.get()), &bells[0]);
    ladder::check!(
        none.is_pending(),
        "it gives {none:?}, which was never put in: that put was dropped"
    );
}

fn in_step() {
    ladder::tries(
        "a maker of six items without delay, a taker of one a second, and a queue of two",
    );
    ladder::hangs("it never ends: one of them waits for ever");
    let log = Rc::new(RefCell::new(Vec::new()));
    let said = log.clone();
    let (most, took) = run(async move |runtime: Runtime| {
        let queue = Rc::new(Queue::bounded(2));
        let most = Rc::new(Cell::new(0));
        let (of_it, held) = (queue.clone(), most.clone());
        let maker = runtime.executor.spawn(async move {
            for item in 0..6 {
                of_it.put(item).await;
                held.set(held.get().max(of_it.len()));
            }
        });
        for _ in 0..6 {
            let second = Duration::from_secs(1);
            runtime.timers.sleep(second).await;
            let item = queue.get().await;
            said.borrow_mut().push(item);
        }
        maker.await;
        (most.get(), runtime.timers.now().as_secs())
    });
    let items = log.take();
    ladder::check!(
        items == [0, 1, 2, 3, 4, 5],
        "0 to 5 went in, and {items:?} came out"
    );
    ladder::check!(most <= 2, "it has held {most} items, and has two places");
    ladder::check!(took == 6, "it should take 6 s, and takes {took}");
}

fn main() {
    first_in_first_out();
    full();
    empty();
    dropped();
    in_step();
}
