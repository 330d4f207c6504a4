//! The layers, put together, with what a program wants to set.

use std::fmt;
use std::io;
use std::rc::Rc;

use readiness::Reactor;
use task_cell::{Executor, Handle, JoinError, JoinHandle, Unfinished, or_panic};
use threads::Threads;
use timers::Timers;
use wakers::contained;

use crate::builder::Builder;
use crate::metrics::{Counters, Metered, Metrics};
use crate::watch::Watch;

// ANCHOR: layers
/// What the loop waits with.
pub(crate) type Layers = Metered<Threads<Timers<Reactor>>>;
// ANCHOR_END: layers

/// An event loop: tasks, timers, sockets, a pool of threads.
///
/// It belongs to the thread on which it was made. Dropping it drops its tasks.
///
/// ```
/// let mut runtime = taxi::Runtime::new()?;
/// let meter = runtime.spawn(async { 3 });
/// assert_eq!(runtime.block_on(async { meter.await.unwrap() + 4 }), 7);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Runtime {
    pub(crate) executor: Executor<Layers>,
    pub(crate) counters: Rc<Counters>,
    /// Whoever looks at each turn.
    pub(crate) watch: Option<Rc<Watch>>,
}

impl Runtime {
    /// One on the wall clock.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> io::Result<Runtime> {
        Runtime::builder().build()
    }

    /// To say what it is to be like; see [`Builder`].
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::builder().name("web").build()?;
    /// assert_eq!(runtime.block_on(async { 7 }), 7);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Runs `future` and all tasks until `future` is over. Other tasks stay where they are, and go on with the next
    /// call.
    ///
    /// # Panics
    ///
    /// As [`Executor::run_until_complete`](task_cell::Executor::run_until_complete).
    #[track_caller]
    pub fn block_on<F: IntoFuture>(&mut self, future: F) -> F::Output {
        self.executor.run_until_complete(future)
    }

    /// [`block_on`](Runtime::block_on), where the panic or the cancellation of `future` is a value.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::new()?;
    /// let end = runtime.try_block_on(async { panic!("no fuel") });
    /// let words = end.map(|()| "it had fuel").unwrap_err().to_string();
    /// assert_eq!(words, "the task panicked: no fuel");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If `future` panics or is cancelled.
    ///
    /// # Panics
    ///
    /// In all other cases of [`block_on`](Runtime::block_on).
    #[track_caller]
    pub fn try_block_on<F: IntoFuture>(
        &mut self,
        future: F,
    ) -> Result<F::Output, JoinError> {
        self.executor.try_run_until_complete(future)
    }

    /// Makes a task of `future`, which starts when the runtime runs.
    ///
    /// # Panics
    ///
    /// If the runtime is closed.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        self.executor.spawn(future)
    }

    /// To call into it, and to [spawn](crate::threads::HandleExt::spawn) on it, from other threads.
    pub fn handle(&self) -> Handle {
        self.executor.handle()
    }

    /// What it has done so far, and what it has to do. (In a run, [`metrics()`](crate::metrics()) tells.)
    pub fn metrics(&self) -> Metrics {
        self.counters.metrics(&self.executor.tasks())
    }

    /// Cancels every task that is left, and runs until all have ended: what [`run`](crate::run) does at its end.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::new()?;
    /// let meter = runtime.spawn(std::future::pending::<()>());
    /// runtime.cancel_all();
    /// assert!(meter.is_cancelled());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`block_on`](Runtime::block_on).
    #[track_caller]
    pub fn cancel_all(&mut self) {
        self.executor.cancel_all();
    }

    /// Drops every task that is left, and says which those were. It cannot be used any more.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::new()?;
    /// drop(runtime.spawn(std::future::pending::<()>()));
    /// assert_eq!(runtime.close()[0].name, "Task-1");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn close(&mut self) -> Vec<Unfinished> {
        let unfinished = self.executor.close();
        if let Some(watch) = &self.watch {
            watch.destroyed(&unfinished);
        }
        unfinished
    }

    /// [`run`], on this one.
    #[track_caller]
    pub(crate) fn run<F: IntoFuture>(mut self, future: F) -> F::Output {
        let result = self.try_block_on(future);
        self.cancel_all();
        or_panic(result)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // Else the executor does it by itself.
        if self.watch.is_some() {
            contained("closing", || self.close());
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

/// Runs `future` with tasks, timers by the wall clock, sockets and threads. Tasks that are left at its end are cancelled,
/// and this returns when they have ended.
///
/// ```
/// let sum = taxi::run(async {
///     let two = taxi::spawn(async { 2 });
///     1 + two.await.unwrap()
/// })?;
/// assert_eq!(sum, 3);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptor left for the reactor.
///
/// # Panics
///
/// If `future` panics or is cancelled, and as [`Runtime::block_on`].
#[track_caller]
pub fn run<F: IntoFuture>(future: F) -> io::Result<F::Output> {
    Ok(Runtime::new()?.run(future))
}

/// Whether the program's user wants to know more.
pub(crate) fn is_debugged() -> bool {
    std::env::var_os("TAXI_DEBUG").is_some_and(|it| !it.is_empty() && it != "0")
}
