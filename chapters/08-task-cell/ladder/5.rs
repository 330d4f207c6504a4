//! The future moves in
//!
//! The executor of chapter 6 allocated a box for the future and an `Arc` for its waker. Put the future into the cell:
//! one allocation, and every waker points to it. The task itself counts as one of them.
//!
//!     pub struct Task<W: Fn() + Send + Sync + 'static, F: Future + 'static> { /* … */ }
//!
//!     impl<W: Fn() + Send + Sync + 'static, F: Future + 'static> Task<W, F> {
//!         pub fn new(future: F, wake: W) -> Task<W, F>
//!
//!         pub fn waker(&self) -> Waker
//!
//!         /// Polls the future, where it lies, with a waker of its own.
//!         pub fn poll(&mut self) -> Poll<F::Output>
//!     }
//!
//!     impl<W: Fn() + Send + Sync + 'static, F: Future + 'static> Drop for Task<W, F> {
//!         fn drop(&mut self)
//!     }
//!
//! A task that is dropped drops its future at once, on this thread; so does one that is over. The memory goes with the
//! last waker, on whichever thread that is. So a waker keeps memory, and nothing else.
//!
//! hint: The cell gets a third field: the future, in an `Option` that can be emptied before the cell is freed. Only the
//! task touches it, and wakers on other threads hold a `&` to the rest: what lets you change something behind a `&`?
//!
//! hint: `UnsafeCell<Option<F>>`, and a `NonNull<Cell<W, F>>` in the task, which is not `Send` then: the future cannot be
//! polled or dropped elsewhere. It never moves out of the cell, so `Pin::new_unchecked` may say that it is pinned.
//!
//! hint: The poll:
//!
//!     let waker = self.waker();
//!     // SAFETY: we have a reference, so it is there.
//!     let cell = unsafe { self.0.as_ref() };
//!     // SAFETY: nobody but this task touches the future, and `&mut self` is the only one here.
//!     let slot = unsafe { &mut *cell.future.get() };
//!     let future = slot.as_mut().expect("polled after completion");
//!     // SAFETY: it never moves: it is in a box, and dropped in its place.
//!     let future = unsafe { Pin::new_unchecked(future) };
//!     let poll = future.poll(&mut Context::from_waker(&waker));
//!     if poll.is_ready() {
//!         *slot = None;
//!     }
//!     poll
//!
//! done: That is the task cell, the heart of every fast runtime: one allocation, one count, and a future that no waker
//! can reach. What chapter 8 adds you can read now: a state, so that ten wakes are one poll, a second count, so that
//! wakes on the loop's own thread need no atomics, and a place for the output. The next ladder stands on your tasks of
//! chapter 6 again.

use std::cell::Cell;
use std::future::poll_fn;
use std::marker::PhantomPinned;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use mine::task_cell::Task;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);

/// What the closure holds. It has no size, so nothing of it can be damaged.
struct Held;

impl Held {
    fn called(&self) {
        CALLS.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let before = FREED.fetch_add(1, Ordering::SeqCst);
        ladder::check!(before == 0, "the cell is freed a second time");
    }
}

fn freed() -> bool {
    FREED.load(Ordering::SeqCst) > 0
}

fn wake() -> impl Fn() + Send + Sync + 'static {
    CALLS.store(0, Ordering::SeqCst);
    FREED.store(0, Ordering::SeqCst);
    let held = Held;
    move || held.called()
}

/// Notes its own end.
struct Noted(Rc<Cell<bool>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Remembers at which address it was polled, and leaves its waker.
struct Stays {
    at: Rc<Cell<Vec<usize>>>,
    waker: Rc<Cell<Option<Waker>>>,
    _pinned: PhantomPinned,
}

impl Future for Stays {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        let mut at = self.at.take();
        at.push(std::ptr::from_ref(&*self).addr());
        let polls = at.len();
        self.at.set(at);
        if polls < 3 {
            self.waker.set(Some(context.waker().clone()));
            return Poll::Pending;
        }
        Poll::Ready("home")
    }
}

fn polls() {
    ladder::tries("a task that is made and not polled");
    let (at, waker) = (Rc::new(Cell::new(Vec::new())), Rc::new(Cell::new(None)));
    let future = Stays {
        at: at.clone(),
        waker: waker.clone(),
        _pinned: PhantomPinned,
    };
    let mut task = Task::new(future, wake());
    ladder::check!(at.take().is_empty(), "its future is polled when it is made");

    ladder::tries("a task that is polled, and whose waker is woken");
    let first = task.poll();
    ladder::check!(
        first == Poll::Pending,
        "it should be pending, and says {first:?}"
    );
    let left: Waker = waker.take().expect("a waker");
    ladder::check!(
        left.will_wake(&task.waker()),
        "the waker that its future was given is another one than its own"
    );
    left.wake();
    let calls = CALLS.load(Ordering::SeqCst);
    ladder::check!(
        calls == 1,
        "the closure should be called once, and was called {calls} times"
    );

    ladder::tries("a task that is polled to its end");
    // Wherever a future was that has moved on, something else lies now.
    let mut others = Vec::new();
    others.extend(
        (0..64).map(|_| Box::new([0_usize; size_of::<Stays>() / size_of::<usize>()])),
    );
    let _pending = task.poll();
    drop(waker.take());
    others.extend(
        (0..64).map(|_| Box::new([0_usize; size_of::<Stays>() / size_of::<usize>()])),
    );
    let last = task.poll();
    ladder::check!(
        last == Poll::Ready("home"),
        "it should say Ready(\"home\"), and says {last:?}"
    );
    let at = at.take();
    ladder::check!(
        at.iter().all(|address| *address == at[0]),
        "its future was polled at different addresses: what is pinned must never move"
    );
    ladder::check!(
        !freed(),
        "the cell is freed, and the task still points to it"
    );
    drop(task);
    ladder::check!(
        freed(),
        "task and wakers are gone, and the cell is not freed: a leak. Who keeps a count?"
    );
}

/// Lies at the beginning of a page of memory, and so does what it is a part of.
#[repr(align(4096))]
struct Page;

impl Future for Page {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

fn one_allocation() {
    ladder::tries("a future that has to lie at the beginning of a page of memory");
    let task = Task::new(Page, wake());
    let cell = task.waker().data().addr();
    ladder::check!(
        cell % align_of::<Page>() == 0,
        "the waker points to something that lies elsewhere: cell and future are two allocations"
    );
}

fn who_keeps_what() {
    ladder::tries("a task that is dropped while a waker of it is there");
    let dropped = Rc::new(Cell::new(false));
    let noted = Noted(dropped.clone());
    let future = async move {
        let _noted = noted;
        std::future::pending::<()>().await;
    };
    let mut task = Task::new(future, wake());
    let _pending = task.poll();
    let waker = ManuallyDrop::new(task.waker());
    drop(task);
    ladder::check!(
        !freed(),
        "the cell is freed with its task, and a waker points to it: its next wake would read memory that is gone"
    );
    ladder::check!(
        dropped.get(),
        "the future lives on in the cell: it would be dropped with the last waker, on any thread, and it is not Send"
    );
    waker.wake_by_ref();
    ladder::check!(
        CALLS.load(Ordering::SeqCst) == 1,
        "its waker does not wake any more"
    );

    ladder::tries("the last waker, dropped on another thread after its task");
    let last = ManuallyDrop::into_inner(waker);
    thread::spawn(move || drop(last))
        .join()
        .expect("the thread ends");
    ladder::check!(
        freed(),
        "the last waker is dropped, and the cell is not freed: a leak"
    );

    ladder::tries("a task that is over, and not dropped yet");
    let dropped = Rc::new(Cell::new(false));
    let noted = Noted(dropped.clone());
    let over = poll_fn(move |_| {
        let _kept = &noted;
        Poll::Ready(())
    });
    let mut task = Task::new(over, wake());
    let _ready = task.poll();
    ladder::check!(
        dropped.get(),
        "its future is over, and still holds what it had: drop it as soon as it is ready"
    );
    drop(task);
}

fn main() {
    polls();
    one_allocation();
    who_keeps_what();
}
