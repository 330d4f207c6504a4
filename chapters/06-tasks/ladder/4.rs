//! The loop, and how it waits
//!
//! The loop is: a round; is the root over? wait; again. An executor does not know how to wait. That is what `Park` is
//! for, which you have from chapter 4.
//!
//!     impl Executor {
//!         /// Drives `future` and all tasks until `future` is over.
//!         pub fn block_on<P: Park, F: Future + 'static>(
//!             &self,
//!             park: &mut P,
//!             future: F,
//!         ) -> F::Output
//!     }
//!
//! It parks after every round: without limit if nobody is ready, and otherwise for zero, so that timers and sockets are
//! looked at however much there is to do.
//!
//! The root is a task like the others. When it is over, the others are dropped: they hold clones of the executor, which
//! holds them, and nobody else would ever free them.
//!
//! needs: 4.4
//!
//! hint: Spawn the root. What tells you that it is over, and gives you its value?
//!
//! hint: Look into the slot of the root's handle after each round. If there is nothing in it, ask the queue whether it
//! is empty, and park. At the end, move the tasks out of the map first, and drop them then: a destructor may spawn.
//!
//! hint: The whole of it:
//!
//!     let root = self.spawn(future);
//!     loop {
//!         self.round();
//!         let value = root.0.borrow_mut().value.take();
//!         if let Some(value) = value {
//!             let left = self.0.tasks.take();
//!             drop(left);
//!             return value;
//!         }
//!         let idle = self.0.ready.len() == 0;
//!         park.park((!idle).then_some(Duration::ZERO));
//!     }
//!
//! done: An event loop is a queue of ready tasks and a way to wait, and yours is that, word for word. It has no idea of
//! time or sockets: these come with the `Park`. Next, the clock.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use mine::tasks::Executor;
use mine::wakers::{Park, ThreadPark};

fn executor() -> Executor {
    Executor::new(Waker::noop().clone())
}

/// Calls a function whenever it is to wait, and says whether without limit.
struct When<F>(F);

impl<F: FnMut(bool)> Park for When<F> {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        (self.0)(timeout.is_none());
        false
    }

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }
}

/// Says `Pending` so often, and wakes its task meanwhile.
async fn yields(times: usize) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn waits() {
    ladder::tries("block_on of a future that waits for what happens during a park");
    ladder::hangs("it never ends: it does not park, and nobody else can wake the root");
    let executor = executor();
    let waker = Rc::new(RefCell::new(None));
    let leaves = waker.clone();
    let mut asked = false;
    let root = poll_fn(move |context| {
        if asked {
            return Poll::Ready("woken");
        }
        asked = true;
        leaves.replace(Some(context.waker().clone()));
        Poll::Pending
    });
    let mut parks = 0;
    let mut park = When(|idle: bool| {
        parks += 1;
        ladder::check!(
            idle,
            "it only looks, and nobody is ready: the loop goes round and round"
        );
        let waker: Option<Waker> = waker.take();
        waker.expect("a waker").wake();
    });
    let value = executor.block_on(&mut park, root);
    ladder::check!(
        value == "woken",
        "it should give \"woken\", and gives {value:?}"
    );
    ladder::check!(parks == 1, "it should park once, and parks {parks} times");

    ladder::tries("block_on of a future that wakes itself");
    let mut parks = Vec::new();
    executor.block_on(&mut When(|idle| parks.push(idle)), yields(2));
    ladder::check!(
        !parks.contains(&true),
        "it parks without limit, though the root has woken itself: it would sleep with work to do"
    );
    ladder::check!(
        !parks.is_empty(),
        "it does not park while somebody is ready: who wakes itself for ever would keep timers and sockets from being looked at"
    );
}

/// Notes its own end.
struct Held(Rc<Cell<bool>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

fn ends() {
    ladder::tries("block_on of a root that ends before its tasks");
    ladder::hangs("it never ends: the root is over, and it waits for the others, too");
    let executor = executor();
    let dropped = Rc::new(Cell::new(false));
    let (inner, held) = (executor.clone(), Held(dropped.clone()));
    let root = async move {
        let own = inner.clone();
        inner.spawn(async move {
            let _all = (held, own);
            pending::<()>().await;
        });
        yields(1).await;
        5
    };
    let mut parks = 0;
    let mut park = When(|_| {
        parks += 1;
        ladder::check!(
            parks < 100,
            "it goes on and on: the root is over, and it waits for the others, too"
        );
    });
    let value = executor.block_on(&mut park, root);
    ladder::check!(value == 5, "it should give 5, and gives {value}");
    ladder::check!(
        dropped.get(),
        "a task that waits for ever is kept, with all that it holds: it holds the executor, which holds it"
    );
}

fn from_outside() {
    ladder::tries(
        "block_on of a future that another thread wakes while this one is parked",
    );
    ladder::hangs("the thread sleeps on: the wake has to call the unparker");
    let mut park = ThreadPark::new();
    let executor = Executor::new(park.unparker());
    let (send, receive) = mpsc::channel::<Waker>();
    let caller = thread::spawn(move || receive.recv().expect("a waker").wake());
    let mut asked = false;
    let root = poll_fn(move |context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        send.send(context.waker().clone()).expect("a listener");
        Poll::Pending
    });
    executor.block_on(&mut park, root);
    caller.join().expect("the caller ends");
}

fn main() {
    waits();
    ends();
    from_outside();
}
