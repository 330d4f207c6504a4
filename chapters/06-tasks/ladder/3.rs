//! Its value comes back
//!
//! `spawn` gives a handle now. It is a future: awaiting it gives what the task returned.
//!
//!     impl Executor {
//!         pub fn spawn<F: Future + 'static>(&self, future: F) -> JoinHandle<F::Output>
//!     }
//!
//!     pub struct JoinHandle<T> { /* … */ }
//!
//!     impl<T> Future for JoinHandle<T> {
//!         type Output = T;
//!         // …
//!     }
//!
//! The task may end before anybody awaits its handle, or after; and it runs to its end though nobody keeps the handle.
//!
//! hint: Task and handle share a slot: the value, once there is one, and the waker of whoever waits for it.
//!
//! hint: Keep the map of tasks as it is: wrap the future in an `async` block that awaits it, puts the value into the
//! slot, and wakes the joiner. What `spawn` did until now becomes a method of its own.
//!
//! hint: With `Rc<RefCell<Slot<T>>>` on both sides, the block is:
//!
//!     async move {
//!         let value = future.await;
//!         slot.borrow_mut().value = Some(value);
//!         let joiner = slot.borrow_mut().joiner.take();
//!         if let Some(joiner) = joiner {
//!             joiner.wake();
//!         }
//!     }
//!
//! and the handle's poll takes the value, or else leaves the newest waker.
//!
//! done: Joining takes one more wake: the joiner stands in the queue like everybody else. Dropping a handle has
//! detached the task, as in tokio. Next: who calls `round`?

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use ladder::Bell;
use mine::tasks::{Executor, JoinHandle};

fn executor() -> Executor {
    Executor::new(Waker::noop().clone())
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

fn awaited() {
    ladder::tries("a task that awaits another one's handle");
    let executor = executor();
    let handle = executor.spawn(async {
        yields(2).await;
        "home"
    });
    let said = Rc::new(RefCell::new(None));
    let hears = said.clone();
    executor.spawn(async move {
        let value = handle.await;
        hears.replace(Some(value));
    });
    for _ in 0..3 {
        executor.round();
    }
    ladder::check!(
        said.borrow().is_none(),
        "the joiner runs inside the task that it waits for"
    );
    executor.round();
    ladder::check!(
        said.take() == Some("home"),
        "the task has ended, and its joiner waits on: who wakes the joiner?"
    );

    ladder::tries("a handle that is awaited after the task has ended");
    let handle = executor.spawn(async { 7 });
    executor.round();
    let mut handle = pin!(handle);
    let polled = ladder::poll(handle.as_mut(), &Bell::new());
    ladder::check!(
        polled == Poll::Ready(7),
        "it says {polled:?}, and the value is there: nobody will wake it any more"
    );
}

fn newest_waker() {
    ladder::tries("a handle that is polled by one task, and then by another");
    let executor = executor();
    let mut handle = pin!(executor.spawn(yields(1)));
    let (first, second) = (Bell::new(), Bell::new());
    let _pending = ladder::poll(handle.as_mut(), &first);
    let _pending = ladder::poll(handle.as_mut(), &second);
    executor.round();
    executor.round();
    ladder::check!(
        second.rings() == 1,
        "the task that polled last is not woken: the newest waker counts"
    );
    ladder::check!(
        first.rings() == 0,
        "the task that polled first is woken, too"
    );
}

thread_local! {
    /// What the waker below polls.
    static HANDLE: RefCell<Option<Pin<Box<JoinHandle<i32>>>>> = const { RefCell::new(None) };
    static HEARD: Cell<Option<Poll<i32>>> = const { Cell::new(None) };
}

/// Polls the handle as soon as it is woken.
struct Hasty;

impl Wake for Hasty {
    fn wake(self: Arc<Hasty>) {
        let mut handle = HANDLE.take().expect("a handle");
        let mut context = Context::from_waker(Waker::noop());
        HEARD.set(Some(handle.as_mut().poll(&mut context)));
    }
}

fn value_first() {
    ladder::tries("a joiner that polls the handle as soon as it is woken");
    let executor = executor();
    let mut handle = Box::pin(executor.spawn(async { 9 }));
    let waker = Waker::from(Arc::new(Hasty));
    let _pending = handle.as_mut().poll(&mut Context::from_waker(&waker));
    HANDLE.set(Some(handle));
    let panicked = ladder::panics(|| executor.round());
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("borrow"),
            "the slot is still borrowed while the joiner is woken, and the joiner looks into it"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    let heard = HEARD.take();
    ladder::check!(
        heard != Some(Poll::Pending),
        "it is woken before the value is in the slot, and nobody wakes it again"
    );
    ladder::check!(
        heard == Some(Poll::Ready(9)),
        "it should find 9, and finds {heard:?}"
    );
}

fn detached() {
    ladder::tries("a task whose handle is dropped");
    let executor = executor();
    let ended = Rc::new(Cell::new(false));
    let sets = ended.clone();
    drop(executor.spawn(async move {
        yields(1).await;
        sets.set(true);
    }));
    executor.round();
    executor.round();
    ladder::check!(
        ended.get(),
        "it does not run to its end: to drop a handle is not to cancel the task"
    );
}

fn main() {
    detached();
    awaited();
    newest_waker();
    value_first();
}
