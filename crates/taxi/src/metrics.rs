//! What a loop has done.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use wakers::Park;

/// What a runtime has done so far.
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
    /// How many turns its tasks have had; counted in [debug mode](crate::debug) alone.
    pub turns: u64,
    /// The longest of them; likewise.
    pub longest_turn: Duration,
}

/// [`Metrics`], while they grow.
#[derive(Debug, Default)]
pub(crate) struct Counters(Cell<Metrics>);

impl Counters {
    pub(crate) fn metrics(&self) -> Metrics {
        self.0.get()
    }

    pub(crate) fn turn(&self, took: Duration) {
        let mut metrics = self.0.get();
        metrics.turns += 1;
        metrics.longest_turn = metrics.longest_turn.max(took);
        self.0.set(metrics);
    }

    fn round(&self, waits: bool) {
        let mut metrics = self.0.get();
        metrics.rounds += 1;
        metrics.waits += u64::from(waits);
        self.0.set(metrics);
    }
}

/// One more layer, which counts.
pub(crate) struct Metered<P> {
    lower: P,
    counters: Rc<Counters>,
    #[cfg(unix)]
    live_view: Option<crate::live::LiveView>,
}

impl<P> Metered<P> {
    pub(crate) fn new(lower: P, counters: Rc<Counters>, _live_view: bool) -> Metered<P> {
        Metered {
            lower,
            counters,
            #[cfg(unix)]
            live_view: _live_view.then(crate::live::LiveView::new),
        }
    }
}

impl<P> Metered<P> {
    fn look(&mut self) {
        #[cfg(unix)]
        if let Some(view) = &mut self.live_view {
            view.look();
        }
    }
}

impl<P: Park> Park for Metered<P> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.counters.round(timeout != Some(Duration::ZERO));
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
        self.lower.enter()
    }

    fn expects_wake(&self) -> bool {
        self.lower.expects_wake()
    }
}
