//! The layers, put together, with what a program wants to set.

use std::fmt;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use readiness::Reactor;
use task_cell::{Executor, Handle, JoinError, JoinHandle, Unfinished, or_panic};
use threads::Threads;
use timers::Timers;
use wakers::{PanicHook, PanicReport, contained};

use crate::debug::{Debug, Report, Settings};
use crate::metrics::{Counters, Metered, Metrics};

// ANCHOR: layers
/// What the loop waits with.
type Layers = Metered<Threads<Timers<Reactor>>>;
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
    executor: Executor<Layers>,
    counters: Rc<Counters>,
    debug: Option<Rc<Debug>>,
}

/// What a [`Runtime`] is to be like; made by [`Runtime::builder`].
///
/// ```
/// use std::time::Duration;
/// use taxi::{Clock, Runtime};
///
/// let mut runtime = Runtime::builder()
///     .clock(Clock::virtual_time())
///     .blocking_limit(Duration::from_secs(1))
///     .live_view(true)
///     .build()?;
/// runtime.block_on(taxi::time::sleep(Duration::from_secs(3600))); // takes no time
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Builder {
    clock: Clock,
    blocking_limit: Option<Duration>,
    panic_hook: Option<Box<PanicHook>>,
    live_view: bool,
    debug: Settings,
}

impl Builder {
    /// The clock of its timers: the wall clock, if nothing is said.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// How long the end of the runtime waits for blocking jobs that are under way: 10 s, if nothing is said.
    pub fn blocking_limit(mut self, limit: Duration) -> Builder {
        self.blocking_limit = Some(limit);
        self
    }

    /// Who is told of a panic that is nobody's business: of a callback, a waker, a destructor. If nothing is said, a
    /// line on standard error tells of it.
    pub fn panic_hook(mut self, hook: impl Fn(&PanicReport<'_>) + 'static) -> Builder {
        self.panic_hook = Some(Box::new(hook));
        self
    }

    /// Whether SIGUSR1 prints the [tree](crate::tree()) of its tasks on standard error, while it runs: for a program that
    /// seems to do nothing. If nothing is said, it does if the variable `TAXI_DEBUG` is set, to something but `0`. On
    /// Windows there is no such signal.
    pub fn live_view(mut self, on: bool) -> Builder {
        self.live_view = on;
        self
    }

    fn layers(&self, counters: &Rc<Counters>) -> io::Result<Layers> {
        let mut threads = threads::layers(self.clock.clone())?;
        if let Some(limit) = self.blocking_limit {
            threads.set_limit(limit);
        }
        let timers = |threads: &Threads<Timers<Reactor>>| threads.lower().pending();
        let counters = Rc::clone(counters);
        Ok(Metered::new(threads, timers, counters, self.live_view))
    }

    /// Whether it tells what goes wrong without an error: see [`Report`]. If nothing is said, it does if the environment's
    /// `TAXI_DEBUG` is set, and neither empty nor 0.
    ///
    /// ```
    /// let mut runtime = taxi::Runtime::builder().debug(true).build()?;
    /// runtime.block_on(taxi::yield_now());
    /// assert_eq!(runtime.metrics().turns, 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn debug(mut self, on: bool) -> Builder {
        self.debug.on = Some(on);
        self
    }

    /// From when on a turn of a task is reported as slow, in debug mode: 100 ms, if nothing is said.
    pub fn slow_turn(mut self, limit: Duration) -> Builder {
        self.debug.slow_turn = limit;
        self
    }

    /// What turns are measured by, in debug mode: how long it is since some moment. The wall clock, if nothing is said;
    /// a test says something else, since on a busy machine any turn may be long.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// let passed = Rc::new(Cell::new(Duration::ZERO));
    /// let clock = Rc::clone(&passed);
    /// let builder = taxi::Runtime::builder().debug(true);
    /// let mut runtime = builder.stopwatch(move || clock.get()).build()?;
    /// runtime.block_on(async move { passed.set(Duration::from_millis(70)) });
    /// assert_eq!(runtime.metrics().longest_turn.as_millis(), 70);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stopwatch(mut self, clock: impl Fn() -> Duration + 'static) -> Builder {
        self.debug.stopwatch = Box::new(clock);
        self
    }

    /// Who is given the reports of debug mode. If nothing is said, a line on standard error tells of each.
    pub fn report(mut self, hook: impl Fn(&Report) + 'static) -> Builder {
        self.debug.hook = Box::new(hook);
        self
    }

    /// Makes it.
    ///
    /// # Errors
    ///
    /// If the operating system has no descriptor left for the reactor.
    pub fn build(self) -> io::Result<Runtime> {
        let counters = Rc::new(Counters::default());
        let mut executor = Executor::new(self.layers(&counters)?);
        if let Some(hook) = self.panic_hook {
            executor.set_panic_hook(hook);
        }
        let debug = self.debug.is_on().then(|| {
            let debug = Rc::new(Debug::new(self.debug, Rc::clone(&counters)));
            let watch = Rc::clone(&debug);
            executor.set_watch(Box::new(move |task, turn| watch.watch(task, turn)));
            debug
        });
        Ok(Runtime {
            executor,
            counters,
            debug,
        })
    }
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

    /// To say what it is to be like.
    pub fn builder() -> Builder {
        Builder {
            clock: Clock::real(),
            blocking_limit: None,
            panic_hook: None,
            live_view: is_debugged(),
            debug: Settings::default(),
        }
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
    /// # Panics
    ///
    /// As [`block_on`](Runtime::block_on).
    #[track_caller]
    pub fn cancel_all(&mut self) {
        self.executor.cancel_all();
    }

    /// Drops every task that is left, and says which those were. It cannot be used any more.
    #[track_caller]
    pub fn close(&mut self) -> Vec<Unfinished> {
        let unfinished = self.executor.close();
        if let Some(debug) = &self.debug {
            debug.destroyed(&unfinished);
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
        if self.debug.is_some() {
            contained("closing", || self.close());
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
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
