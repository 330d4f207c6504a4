//! Nobody goes on before all are there.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use polling::suspended;
use wakers::{WaiterKey, Waiters};

/// A place where so many tasks wait for one another, round after round: asyncio's `Barrier`.
///
/// ```
/// use event_loop::Clock;
/// use std::rc::Rc;
/// use sync::Barrier;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let crew = Rc::new(Barrier::new(3));
///     let mut lifters = Vec::new();
///     for _ in 0..3 {
///         let crew = Rc::clone(&crew);
///         lifters.push(spawn(async move { crew.wait().await }));
///     }
///     let mut leaders = 0;
///     for lifter in lifters {
///         leaders += u32::from(lifter.await.unwrap().unwrap());
///     }
///     assert_eq!(leaders, 1);
/// });
/// ```
pub struct Barrier {
    parties: usize,
    round: RefCell<Rc<Round>>,
    broken: Cell<bool>,
}

/// One round: those who wait, and how it ended.
#[derive(Default)]
struct Round {
    waiters: Waiters,
    ended: Cell<Option<Result<(), BrokenBarrier>>>,
}

/// The barrier was aborted, or reset while somebody waited.
///
/// ```
/// use sync::{Barrier, BrokenBarrier};
///
/// let crew = Barrier::new(2);
/// crew.abort();
/// assert_eq!(polling::spin_on(crew.wait()).output, Err(BrokenBarrier));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenBarrier;

/// The future of [`Barrier::wait`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct BarrierWait<'a> {
    barrier: &'a Barrier,
    /// From the first poll on.
    round: Option<Rc<Round>>,
    key: WaiterKey,
    location: &'static Location<'static>,
}

impl Barrier {
    /// A barrier for so many `parties`.
    ///
    /// # Panics
    ///
    /// If that is zero.
    #[track_caller]
    pub fn new(parties: usize) -> Barrier {
        assert!(
            parties > 0,
            "a barrier that nobody comes to never opens: ask for one party or more"
        );
        Barrier {
            parties,
            round: RefCell::default(),
            broken: Cell::new(false),
        }
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        self.round.borrow().waiters.len()
    }

    /// Waits until as many are there as the barrier is for. True for one in each round, its leader: the last to come. One
    /// that is dropped while it waits does not count any more.
    ///
    /// # Errors
    ///
    /// If the barrier is broken, or breaks before the round is full.
    #[track_caller]
    pub fn wait(&self) -> BarrierWait<'_> {
        BarrierWait {
            barrier: self,
            round: None,
            key: WaiterKey::default(),
            location: Location::caller(),
        }
    }

    /// Breaks it: whoever waits is told, and whoever comes, until it is [`reset`](Barrier::reset).
    ///
    /// A round that is full is over, and is not broken. In asyncio those who have not run since are told as well.
    ///
    /// ```
    /// let crew = sync::Barrier::new(2);
    /// crew.abort();
    /// assert!(polling::spin_on(crew.wait()).output.is_err());
    /// ```
    pub fn abort(&self) {
        self.broken.set(true);
        self.end_round(Err(BrokenBarrier));
    }

    /// Makes it as good as new. Whoever waits is told that their round is broken.
    ///
    /// ```
    /// let crew = sync::Barrier::new(1);
    /// crew.abort();
    /// crew.reset();
    /// assert_eq!(polling::spin_on(crew.wait()).output, Ok(true));
    /// ```
    pub fn reset(&self) {
        self.broken.set(false);
        self.end_round(Err(BrokenBarrier));
    }

    fn end_round(&self, ended: Result<(), BrokenBarrier>) {
        let round = self.round.take();
        round.ended.set(Some(ended));
        round.waiters.wake_all();
    }
}

impl Future for BarrierWait<'_> {
    type Output = Result<bool, BrokenBarrier>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let barrier = self.barrier;
        if self.round.is_none() && barrier.broken.get() {
            return Poll::Ready(Err(BrokenBarrier));
        }
        let this = self.as_mut().get_mut();
        let current = || Rc::clone(&barrier.round.borrow());
        let round = this.round.get_or_insert_with(current);
        let mut is_new = false;
        if round.ended.get().is_none() {
            is_new = round.waiters.register(&mut this.key, context.waker());
        }
        if let Some(ended) = round.ended.get() {
            return Poll::Ready(ended.map(|()| false));
        }
        if is_new && round.waiters.len() >= barrier.parties {
            // The last one: it need not be woken.
            round.waiters.cancel(&mut this.key);
            barrier.end_round(Ok(()));
            return Poll::Ready(Ok(true));
        }
        suspended(self.location, "barrier");
        Poll::Pending
    }
}

impl Drop for BarrierWait<'_> {
    fn drop(&mut self) {
        if let Some(round) = &self.round {
            round.waiters.cancel(&mut self.key);
        }
    }
}

impl fmt::Debug for Barrier {
    /// `Barrier 1 of 3`, `Barrier broken`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.broken.get() {
            true => f.write_str("Barrier broken"),
            false => write!(f, "Barrier {} of {}", self.waiting(), self.parties),
        }
    }
}

impl fmt::Display for BrokenBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the barrier is broken")
    }
}

impl std::error::Error for BrokenBarrier {}
