//! What a pool and its threads share: the queue, and who is there to work.
//!
//! One mutex and one condition variable. Under the lock nothing foreign runs: a job is pushed, popped or taken back
//! there, but called and dropped outside.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::mem;
use std::panic::Location;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use wakers::discard;

/// Does the job. It calls what it is given as soon as its thread is free for the next one.
pub(crate) type Work = Box<dyn FnOnce(&dyn Fn()) + Send>;

// ANCHOR: shared
/// A pool, as its threads know it.
pub(crate) struct Shared {
    pub(crate) name: String,
    pub(crate) max_threads: usize,
    pub(crate) keep_alive: Duration,
    pub(crate) queue_limit: Option<usize>,
    pub(crate) stack_size: Option<usize>,
    /// The thread of the loop whose pool it is, if it is a loop's.
    pub(crate) home: OnceLock<ThreadId>,
    pub(crate) state: Mutex<State>,
    /// There is a job for somebody idle; and once the pool is closed, whatever happens.
    pub(crate) changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    /// What no thread has begun, by number, which is the order in which it came. A tree, so
    /// that one can be taken out of the middle.
    queue: BTreeMap<u64, Queued>,
    running: Vec<Begun>,
    counts: PoolCounts,
    /// Idle threads that sleep, and those of them that were called and are not awake yet.
    sleeping: usize,
    called: usize,
    closed: bool,
    last_id: u64,
}
// ANCHOR_END: shared

// ANCHOR: queued
struct Queued {
    location: &'static Location<'static>,
    work: Work,
}

struct Begun {
    id: u64,
    location: &'static Location<'static>,
    /// The number of its thread.
    thread: usize,
    thread_id: ThreadId,
    since: Instant,
}
// ANCHOR_END: queued

type Locked<'s> = MutexGuard<'s, State>;

thread_local! {
    /// Of a pool's thread: the thread of the loop that waits at its end for the job here.
    static HOME: Cell<Option<ThreadId>> = const { Cell::new(None) };
}

/// Whether `thread` runs a loop that waits at its end for what runs here: this one, or a job of that loop's pool.
pub(crate) fn is_awaited_by(thread: ThreadId) -> bool {
    thread::current().id() == thread || HOME.get() == Some(thread)
}

/// How many threads and jobs a pool has; from [`Pool::counts`](crate::Pool::counts).
///
/// ```
/// let pool = threads::Pool::builder().build();
/// assert_eq!(pool.counts(), threads::PoolCounts::default());
/// pool.run(|| ()).wait().unwrap();
/// assert_eq!(pool.counts().started, 1);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolCounts {
    /// Threads that are there now.
    pub threads: usize,
    /// Threads that have nothing to do, among them.
    pub idle: usize,
    /// Jobs that no thread has begun.
    pub queued: usize,
    /// Threads that were ever started.
    pub started: usize,
}

/// A job that was not over when its pool was [shut down](crate::Pool::shutdown), and goes on.
///
/// ```
/// use std::sync::mpsc;
/// use std::time::Duration;
///
/// let pool = threads::Pool::builder().name("files").build();
/// let (go, wait) = mpsc::channel::<()>();
/// let (begun, has_begun) = mpsc::channel();
/// let job = pool.run(move || (begun.send(()), wait.recv()));
/// has_begun.recv().unwrap();
/// let left = pool.shutdown(Duration::ZERO);
/// assert_eq!((left[0].thread.as_str(), left[0].location), ("files-1", job.location()));
/// ```
#[derive(Debug, Clone)]
pub struct RunningJob {
    /// Where it was given to the pool.
    pub location: &'static Location<'static>,
    /// The name of its thread.
    pub thread: String,
    /// When it was begun.
    pub since: Instant,
}

impl fmt::Display for RunningJob {
    /// `the job from src/main.rs:12, on files-1 for 3.1 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.location.file(), self.location.line());
        let since = self.since.elapsed().as_secs_f32();
        let thread = &self.thread;
        write!(
            f,
            "the job from {file}:{line}, on {thread} for {since:.1} s"
        )
    }
}

/// Why a pool did not take a job.
///
/// ```
/// let pool = threads::Pool::builder().max_threads(1).queue_limit(0).build();
/// pool.shutdown(std::time::Duration::ZERO);
/// let refused = pool.try_run(|| 7).unwrap_err();
/// assert_eq!(refused.to_string(), "the pool is shut down");
/// assert_eq!((refused.work)(), 7); // It comes back.
/// ```
pub struct Refused<F> {
    /// Why.
    pub reason: Refusal,
    /// What was refused.
    pub work: F,
}

/// The reason why a pool did not take a job.
///
/// ```
/// assert_eq!(threads::Refusal::Full.to_string(), "the pool's queue is full");
/// ```
#[derive(Debug)]
pub enum Refusal {
    /// All threads are busy, and as many jobs wait as may.
    Full,
    /// It was [shut down](crate::Pool::shutdown).
    ShutDown,
    /// The operating system gives it not even one thread.
    NoThread(io::Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Full => f.write_str("the pool's queue is full"),
            Refusal::ShutDown => f.write_str("the pool is shut down"),
            Refusal::NoThread(error) => write!(f, "no thread could be started: {error}"),
        }
    }
}

impl<F> fmt::Display for Refused<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl<F> fmt::Debug for Refused<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl<F> std::error::Error for Refused<F> {}

impl State {
    pub(crate) fn counts(&self) -> PoolCounts {
        let queued = self.queue.len();
        PoolCounts {
            queued,
            ..self.counts
        }
    }
}

impl Shared {
    pub(crate) fn lock(&self) -> Locked<'_> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: submit
    /// Queues what `work` makes, for a thread that is idle, or for a new one if there may be one.
    ///
    /// # Errors
    ///
    /// If it is not queued: why.
    pub(crate) fn submit(
        self: &Arc<Shared>,
        location: &'static Location<'static>,
        work: impl FnOnce() -> Work,
    ) -> Result<u64, Refusal> {
        let mut state = self.lock();
        if state.closed {
            return Err(Refusal::ShutDown);
        }
        // ANCHOR: short
        // Everybody idle has a job already, though not all may have come to take it.
        let is_short = state.queue.len() >= state.counts.idle;
        if is_short && state.counts.threads < self.max_threads {
            match self.start_thread(&mut state) {
                Err(error) if state.counts.threads == 0 => {
                    return Err(Refusal::NoThread(error));
                }
                // Without one more it takes longer, no worse.
                _ => {}
            }
        }
        let may_wait = self.queue_limit.unwrap_or(usize::MAX);
        if state.queue.len() >= state.counts.idle.saturating_add(may_wait) {
            return Err(Refusal::Full);
        }
        // ANCHOR_END: short
        state.last_id += 1;
        let id = state.last_id;
        let work = work();
        state.queue.insert(id, Queued { location, work });
        self.tell(state);
        Ok(id)
    }
    // ANCHOR_END: submit

    // ANCHOR: start-thread
    /// It counts as idle from the start: it is there for the next job.
    fn start_thread(self: &Arc<Shared>, state: &mut State) -> io::Result<()> {
        let number = state.counts.started + 1;
        let mut builder = thread::Builder::new().name(format!("{}-{number}", self.name));
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        let shared = Arc::clone(self);
        builder.spawn(move || shared.work(number))?;
        state.counts.started = number;
        state.counts.threads += 1;
        state.counts.idle += 1;
        Ok(())
    }
    // ANCHOR_END: start-thread

    // ANCHOR: work
    // ANCHOR: serve
    /// What each thread does.
    fn work(&self, thread: usize) {
        while let Some((id, Queued { work, .. })) = self.next(thread) {
            HOME.set(self.home.get().copied());
            // Its panic is caught within.
            work(&|| self.free(id));
        }
    }
    // ANCHOR_END: serve

    // ANCHOR: next
    /// The next job, as soon as there is one. `None`: the thread is not needed any more.
    fn next(&self, thread: usize) -> Option<(u64, Queued)> {
        let (mut state, next) = self.take_or_wait(self.lock());
        state.counts.idle -= 1;
        match &next {
            Some((id, next)) => state.running.push(next.begin(*id, thread)),
            None => state.counts.threads -= 1,
        }
        self.tell(state);
        next
    }

    fn take_or_wait<'s>(
        &'s self,
        mut state: Locked<'s>,
    ) -> (Locked<'s>, Option<(u64, Queued)>) {
        // hole: next — the oldest job, as soon as there is one; none if the pool is closed, or when a sleep was too long and has brought none
        // tried by: pool-grows, last-jobs
        // also: threads
        loop {
            let next = state.queue.pop_first();
            if next.is_some() || state.closed {
                return (state, next);
            }
            let (woken, too_long) = self.sleep(state);
            if too_long && woken.queue.is_empty() {
                return (woken, None);
            }
            state = woken;
        }
        // end hole
    }
    // ANCHOR_END: next

    // ANCHOR: sleep
    /// Sleeps until there is a job for somebody, but not longer than `keep_alive`: then it
    /// was too long.
    fn sleep<'s>(&'s self, mut state: Locked<'s>) -> (Locked<'s>, bool) {
        state.sleeping += 1;
        let waited = self.changed.wait_timeout(state, self.keep_alive);
        let (mut state, time) = waited.unwrap_or_else(PoisonError::into_inner);
        // Whoever calls a sleeper counts it as called. Awake without a call, it was not.
        match state.called {
            0 => state.sleeping -= 1,
            _ => state.called -= 1,
        }
        (state, time.timed_out())
    }
    // ANCHOR_END: sleep

    // ANCHOR: free
    /// The thread is idle again. Before anybody hears of the job's end: who then comes with
    /// the next one finds it so.
    fn free(&self, id: u64) {
        let mut state = self.lock();
        state.running.retain(|job| job.id != id);
        state.counts.idle += 1;
        self.tell(state);
    }
    // ANCHOR_END: free
    // ANCHOR_END: work

    // ANCHOR: tell
    /// Calls one that sleeps, if there is work for it and nobody is on the way. It takes a
    /// job, and calls the next. Once the pool is closed, everybody wants to know.
    fn tell(&self, mut state: Locked<'_>) {
        let is_closed = state.closed;
        let is_needed =
            !state.queue.is_empty() && state.sleeping > 0 && state.called == 0;
        if is_needed {
            state.sleeping -= 1;
            state.called += 1;
        }
        drop(state);
        if is_closed {
            self.changed.notify_all();
        } else if is_needed {
            self.changed.notify_one();
        }
    }
    // ANCHOR_END: tell

    // ANCHOR: take-back
    /// Takes the job `id` out of the queue. False if it was begun: whoever takes it out,
    /// has it.
    pub(crate) fn take_back(&self, id: u64) -> bool {
        let queued = self.lock().queue.remove(&id);
        let is_ours = queued.is_some();
        discard("a job", queued);
        is_ours
    }
    // ANCHOR_END: take-back

    /// Takes no more jobs. The threads do what is queued, and end.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    // ANCHOR: shutdown
    /// Closes the pool, and waits until no thread is left, but not longer than `limit`.
    /// Then what was not begun is dropped, and what was begun is named.
    #[track_caller]
    pub(crate) fn shutdown(&self, limit: Duration) -> Vec<RunningJob> {
        self.must_not_be_a_job();
        self.close();
        // `None`: so late that no clock can name it.
        let deadline = Instant::now().checked_add(limit);
        let mut state = self.lock();
        while state.counts.threads > 0 {
            let left = deadline.map_or(Duration::MAX, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let queued = mem::take(&mut state.queue);
        let running = self.running(&state);
        drop(state);
        for queued in queued.into_values() {
            discard("a job", queued);
        }
        running
    }
    // ANCHOR_END: shutdown

    #[track_caller]
    fn must_not_be_a_job(&self) {
        let here = thread::current().id();
        assert!(
            !self.lock().running.iter().any(|job| job.thread_id == here),
            "a job cannot wait for the end of its own pool, and so for itself"
        );
    }

    fn running(&self, state: &State) -> Vec<RunningJob> {
        let running = state.running.iter().map(|job| RunningJob {
            location: job.location,
            thread: format!("{}-{}", self.name, job.thread),
            since: job.since,
        });
        running.collect()
    }
}

impl Queued {
    fn begin(&self, id: u64, thread: usize) -> Begun {
        Begun {
            id,
            location: self.location,
            thread,
            thread_id: thread::current().id(),
            since: Instant::now(),
        }
    }
}
