//! A task on a loop, spawned from any thread.
//!
//! The future of a task does not leave its thread, so it cannot be sent. What is sent is a closure that *makes* it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use task_cell::{Handle, JoinError, Panic, TaskHandle};
use wakers::contained;

use crate::answer::{Answer, Ended, Reply, answer};

// ANCHOR: remote-task
/// A task that was spawned on a loop from outside. Awaiting it, on any loop, gives the
/// task's value, or why there is none. Dropping it lets the task run on.
///
/// ```
/// use std::rc::Rc;
/// use threads::{HandleExt, LoopThread};
///
/// let service = LoopThread::start("service")?;
/// let task = service.handle().spawn(|| async {
///     let local = Rc::new(7); // It never leaves the loop's thread.
///     polling::yield_now().await;
///     *local
/// });
/// assert_eq!(task.wait().unwrap(), 7);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "dropping it lets the task run on without anybody who knows its end"]
pub struct RemoteTask<T: 'static> {
    answer: Answer<T>,
    handle: Handle,
    id: u64,
}

thread_local! {
    /// The tasks of this thread's loops that were spawned from outside, until they are
    /// over.
    static TASKS: Tasks = const { RefCell::new(BTreeMap::new()) };
}
// ANCHOR_END: remote-task

// ANCHOR: handle-ext
/// What chapter 8's [`Handle`] can do besides.
///
/// ```
/// use threads::HandleExt;
///
/// let sum = threads::run(event_loop::Clock::real(), async {
///     let handle = task_cell::handle();
///     // Some other thread has work for this loop.
///     let task = threads::spawn_blocking(move || handle.spawn(|| async { 1 + 2 }));
///     task.await.unwrap().await
/// })?;
/// assert_eq!(sum.unwrap(), 3);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait HandleExt {
    /// Calls `maker` on the loop's thread, and spawns the future that it makes: asyncio's
    /// `run_coroutine_threadsafe`.
    ///
    /// The loop need not run yet. If it is closed, or closes before the task is over, the
    /// task ends as [`JoinError::Cancelled`]. On the virtual clock, hold a
    /// [`timers::outside`] guard of that loop until it has come.
    ///
    /// ```
    /// use task_cell::{Executor, stop};
    /// use threads::HandleExt;
    /// use wakers::ThreadPark;
    ///
    /// let mut executor = Executor::new(ThreadPark::new());
    /// let handle = executor.handle();
    /// let elsewhere = std::thread::spawn(move || {
    ///     let sum = handle.spawn(|| async { 1 + 2 }).wait();
    ///     handle.call_soon(stop).unwrap();
    ///     sum
    /// });
    /// executor.run_forever();
    /// assert_eq!(elsewhere.join().unwrap().unwrap(), 3);
    /// ```
    #[track_caller]
    fn spawn<M, F>(&self, maker: M) -> RemoteTask<F::Output>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output: Send + 'static> + 'static;
}
// ANCHOR_END: handle-ext

// ANCHOR: spawn
// ANCHOR: send
impl HandleExt for Handle {
    #[track_caller]
    fn spawn<M, F>(&self, maker: M) -> RemoteTask<F::Output>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output: Send + 'static> + 'static,
    {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = answer("remote task", Location::caller());
        // Refused or never called, it is dropped, and `reply` says that nothing will come.
        let _refused = self.call_soon(move || begin(id, maker, reply));
        RemoteTask {
            answer,
            handle: self.clone(),
            id,
        }
    }
}
// ANCHOR_END: send

// ANCHOR: remote
pin_project! {
    /// What becomes a task of the loop: the future, and whom its end is told.
    struct Remote<F: Future>
    where
        F::Output: 'static,
    {
        #[pin]
        future: Option<F>,
        // Dropped after the future, if that does not come to its end.
        reply: Option<Reply<F::Output>>,
        listed: Listed,
    }
}
// ANCHOR_END: remote

// ANCHOR: told
impl<F: Future<Output: 'static>> Future for Remote<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let mut future = this.future.as_mut().as_pin_mut().expect("it is not over");
        // Through a reference: no line of this file is where a handle is awaited.
        let poll = AssertUnwindSafe(|| Pin::new(&mut future).poll(context));
        let end = match catch_unwind(poll) {
            Ok(polled) => Ok(ready!(polled)),
            Err(thrown) => Err(Panic::new(thrown)),
        };
        // It is gone before anybody hears of its end.
        contained("a task's destructor", || this.future.set(None));
        let message = end.as_ref().err().map(Panic::message);
        let reply = this.reply.take().expect("it is not over");
        reply.send(end.map_err(JoinError::Panicked));
        if let Some(message) = message {
            // Here, too, it has ended by a panic: for whoever watches the loop's tasks.
            resume_unwind(Box::new(message.unwrap_or_default()));
        }
        Poll::Ready(())
    }
}
// ANCHOR_END: told

// ANCHOR: begin
/// On the loop's thread.
fn begin<F>(id: u64, maker: impl FnOnce() -> F, reply: Reply<F::Output>)
where
    F: Future<Output: 'static> + 'static,
{
    // hole: begin — make the future (a panic is its end), spawn it as a `Remote` that is `Listed`, and put its handle into the list
    // tried by: from-outside, three-ends
    // also: threads
    let future = match catch_unwind(AssertUnwindSafe(maker)) {
        Ok(future) => Some(future),
        Err(thrown) => return reply.send(Err(JoinError::Panicked(Panic::new(thrown)))),
    };
    let (reply, listed) = (Some(reply), Listed(id));
    let task = task_cell::spawn(Remote {
        future,
        reply,
        listed,
    });
    Listed::insert(id, task.task_handle());
    // end hole
}
// ANCHOR_END: begin

type Tasks = RefCell<BTreeMap<u64, TaskHandle>>;

/// A task is in the list as long as this is there. That is as long as its loop is, at most.
struct Listed(u64);

impl Listed {
    fn insert(id: u64, task: TaskHandle) {
        drop(TASKS.try_with(|tasks| tasks.borrow_mut().insert(id, task)));
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        drop(TASKS.try_with(|tasks| tasks.borrow_mut().remove(&self.0)));
    }
}
// ANCHOR_END: spawn

impl<T: 'static> RemoteTask<T> {
    // ANCHOR: cancel
    /// Asks the task to end, as [`TaskHandle::cancel`] does, in a turn of the loop's own. False if its end is known
    /// already.
    ///
    /// ```
    /// use threads::{HandleExt, LoopThread};
    ///
    /// let service = LoopThread::start("service")?;
    /// let task = service.handle().spawn(std::future::pending::<()>);
    /// assert!(task.cancel());
    /// assert!(matches!(task.wait(), Err(task_cell::JoinError::Cancelled)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn cancel(&self) -> bool {
        let id = self.id;
        let cancel = move || {
            let find = |tasks: &Tasks| tasks.borrow().get(&id).cloned();
            if let Ok(Some(task)) = TASKS.try_with(find) {
                task.cancel();
            }
        };
        // It comes after the one that makes the task.
        !self.is_finished() && self.handle.call_soon(cancel).is_ok()
    }
    // ANCHOR_END: cancel

    /// Whether its end is known. Awaiting it does not suspend then.
    pub fn is_finished(&self) -> bool {
        self.answer.is_known()
    }

    /// Blocks this thread until the task has come to its end.
    ///
    /// ```
    /// let service = threads::LoopThread::start("service")?;
    /// let task = threads::HandleExt::spawn(&service.handle(), || async { "done" });
    /// assert_eq!(task.wait().unwrap(), "done");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it panicked or was cancelled, or its loop is closed.
    ///
    /// # Panics
    ///
    /// If a loop is running on this thread: perhaps the one that is to run the task, which could not then.
    #[track_caller]
    pub fn wait(self) -> Result<T, JoinError> {
        self.answer.wait()
    }
}

impl<T: 'static> Future for RemoteTask<T> {
    type Output = Ended<T>;

    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended<T>> {
        Pin::new(&mut self.answer).poll(context)
    }
}

impl<T: 'static> fmt::Debug for RemoteTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.is_finished() {
            true => "finished",
            false => "pending",
        };
        write!(f, "RemoteTask {state}, spawned at {}", self.answer.made)
    }
}
