//! What a loop has done.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use task_cell::{TaskInfo, TaskState};
use wakers::{Current, Park};

/// What a runtime has done so far, and what it has to do; from [`metrics()`] while it runs, and from
/// [`Runtime::metrics`](crate::Runtime::metrics) between two runs. (The threads of its pool count for themselves:
/// [`Pool::counts`](crate::threads::Pool::counts).)
///
/// ```
/// let mut runtime = taxi::Runtime::new()?;
/// runtime.block_on(taxi::yield_now());
/// assert!(runtime.metrics().rounds >= 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// How often the loop has looked at mail, timers and sockets.
    pub rounds: u64,
    /// How often it had nobody to run, and has waited.
    pub waits: u64,
    /// Tasks that are not over.
    pub tasks: usize,
    /// Those of them that are queued for a turn: the length of the queue.
    pub ready: usize,
    /// How many sleeps, limits and callbacks were set when the loop looked at them last.
    pub timers: usize,
    /// How many sockets, pipes and other descriptors it watched then.
    pub descriptors: usize,
    /// How many turns its tasks and callbacks have had; counted in [debug mode](crate::debug) alone.
    pub turns: u64,
    /// The longest of them; likewise.
    pub longest_turn: Duration,
}

/// [`Metrics`], while they grow, and whose they are.
#[derive(Debug)]
pub(crate) struct Counters {
    runtime: Option<Rc<str>>,
    metrics: Cell<Metrics>,
}

thread_local! {
    static CURRENT: Current<Counters> = const { Current::new() };
}

/// What the runtime that runs here has done so far, and what it has to do.
///
/// ```
/// taxi::test::run(async {
///     let rides = [8, 30].map(|s| taxi::spawn(taxi::time::sleep(std::time::Duration::from_secs(s))));
///     let now = taxi::metrics();
///     assert_eq!((now.tasks, now.ready, now.timers), (3, 2, 0)); // they have not begun
///     taxi::yield_now().await; // they begin
///     taxi::yield_now().await; // the loop looks at its timers, and here is the next turn
///     let now = taxi::metrics();
///     assert_eq!((now.tasks, now.ready, now.timers), (3, 0, 2));
///     assert_eq!(now.descriptors, 0); // there are no sockets
/// #   drop(rides);
/// });
/// ```
///
/// # Panics
///
/// If no [`Runtime`](crate::Runtime) is running on this thread.
#[track_caller]
pub fn metrics() -> Metrics {
    let Some(counters) = CURRENT.with(Current::get) else {
        panic!(
            "metrics() is told by the taxi::Runtime that runs on this thread, and there is none"
        )
    };
    counters.metrics(&task_cell::tasks())
}

/// The name of the runtime that runs here, if it has one.
pub(crate) fn runtime_name() -> Option<Rc<str>> {
    CURRENT.with(Current::get)?.runtime.clone()
}

impl Counters {
    pub(crate) fn new(runtime: Option<Rc<str>>) -> Counters {
        let metrics = Cell::default();
        Counters { runtime, metrics }
    }

    pub(crate) fn runtime(&self) -> Option<&Rc<str>> {
        self.runtime.as_ref()
    }

    /// With what is to be counted now.
    pub(crate) fn metrics(&self, tasks: &[TaskInfo]) -> Metrics {
        let ready = tasks.iter().filter(|task| task.state == TaskState::Ready);
        Metrics {
            tasks: tasks.len(),
            ready: ready.count(),
            ..self.metrics.get()
        }
    }

    pub(crate) fn turn(&self, took: Duration) {
        let mut metrics = self.metrics.get();
        metrics.turns += 1;
        metrics.longest_turn = metrics.longest_turn.max(took);
        self.metrics.set(metrics);
    }

    fn round(&self, waits: bool, (timers, descriptors): (usize, usize)) {
        let mut metrics = self.metrics.get();
        metrics.rounds += 1;
        metrics.waits += u64::from(waits);
        (metrics.timers, metrics.descriptors) = (timers, descriptors);
        self.metrics.set(metrics);
    }
}

/// One more layer, which counts.
pub(crate) struct Metered<P> {
    lower: P,
    /// How many timers are set in it, and how many descriptors are watched.
    counts: fn(&P) -> (usize, usize),
    counters: Rc<Counters>,
    budget: Option<u32>,
    #[cfg(unix)]
    live_view: Option<crate::live::LiveView>,
}

impl<P> Metered<P> {
    pub(crate) fn new(
        lower: P,
        counts: fn(&P) -> (usize, usize),
        counters: Rc<Counters>,
        _live_view: bool,
    ) -> Metered<P> {
        Metered {
            lower,
            counts,
            counters,
            budget: None,
            #[cfg(unix)]
            live_view: _live_view.then(crate::live::LiveView::new),
        }
    }
}

impl<P> Metered<P> {
    /// The budget of a poll, if it is not the usual one.
    pub(crate) fn with_budget(self, budget: Option<u32>) -> Metered<P> {
        Metered { budget, ..self }
    }

    fn look(&mut self) {
        #[cfg(unix)]
        if let Some(view) = &mut self.live_view {
            view.look();
        }
    }
}

impl<P: Park> Park for Metered<P> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let counts = (self.counts)(&self.lower);
        self.counters.round(timeout != Some(Duration::ZERO), counts);
        // Before the first wait, so that it listens; and after each one.
        self.look();
        let parked = self.lower.park(timeout);
        self.look();
        parked
    }

    fn unparker(&self) -> Waker {
        self.lower.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        let counters = Rc::clone(&self.counters);
        let budget = self.budget.map(|it| Restored(polling::set_budget(it)));
        let current = wakers::enter(&CURRENT, counters);
        (budget, current, self.lower.enter())
    }

    fn expects_wake(&self) -> bool {
        self.lower.expects_wake()
    }
}

/// Puts the budget back that was there before.
struct Restored(u32);

impl Drop for Restored {
    fn drop(&mut self) {
        polling::set_budget(self.0);
    }
}
