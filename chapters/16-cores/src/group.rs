//! So many loops.

use std::fmt;
use std::io;
use std::mem;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use task_cell::{Handle, JoinError};
use threads::{HandleExt, LoopThread, RemoteTask};

// ANCHOR: struct
/// So many loops, each in a thread of its own: `core-0`, `core-1` and so on.
///
/// The operating system decides which thread is on which core. With as many threads as
/// there are cores, and nothing else to do, each has one to itself.
///
/// Dropping it stops all loops and waits for them, as [`join`](Cores::join) does. A task of
/// one of them that drops it only stops them. A task that never gives its core back is
/// waited for in vain, as any thread that never ends.
///
/// ```
/// use cores::Cores;
///
/// let cores = Cores::new(2)?;
/// let sum = cores.spawn(|| async { 1 + 2 });
/// assert_eq!((cores.len(), sum.wait().unwrap()), (2, 3));
/// let (tell, told) = std::sync::mpsc::channel();
/// cores.handle(1).call_soon(move || tell.send("called").unwrap()).unwrap();
/// assert_eq!(told.recv(), Ok("called"));
/// cores.join().unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Cores {
    loops: Vec<LoopThread>,
    /// Who is next to be given a task, if nobody is named.
    next: AtomicUsize,
}
// ANCHOR_END: struct

impl Cores {
    /// Starts `count` loops.
    ///
    /// # Errors
    ///
    /// If the operating system has no thread left, or no descriptor for a loop. Those that were started are stopped.
    ///
    /// # Panics
    ///
    /// If `count` is zero: there would be nobody to run a task.
    #[track_caller]
    pub fn new(count: usize) -> io::Result<Cores> {
        assert!(count > 0, "no core can run no task: start one at least");
        let start = |core| LoopThread::start(format!("core-{core}"));
        let loops = (0..count).map(start).collect::<io::Result<_>>()?;
        let next = AtomicUsize::new(0);
        Ok(Cores { loops, next })
    }

    /// How many cores this process may use; 1 if the operating system does not tell.
    ///
    /// ```
    /// assert!(cores::Cores::available() >= 1);
    /// ```
    pub fn available() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// How many loops there are.
    #[expect(clippy::len_without_is_empty, reason = "there is one at least")]
    pub fn len(&self) -> usize {
        self.loops.len()
    }

    /// To call into one of the loops, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such core.
    #[track_caller]
    pub fn handle(&self, core: usize) -> Handle {
        match self.loops.get(core) {
            Some(it) => it.handle(),
            None => panic!("there is no core {core}: there are {}", self.loops.len()),
        }
    }

    // ANCHOR: spawn
    /// Has one of the loops run the future that `maker` makes there: each in its turn.
    ///
    /// That a loop is idle does not matter, nor that one was stopped by a task of its own:
    /// nobody takes a task from another. Who knows more says [where](Cores::spawn_on).
    #[track_caller]
    pub fn spawn<M, F>(&self, maker: M) -> RemoteTask<F::Output>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output: Send + 'static> + 'static,
    {
        // hole: spawn — take the cores in their turn, also when several threads ask at once
        // tried by: in-turn, eight-callers
        // also: cores
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.spawn_on(turn % self.loops.len(), maker)
        // end hole
    }

    /// Has this loop, counted from 0, run the future that `maker` makes there.
    ///
    /// ```
    /// let cores = cores::Cores::new(2)?;
    /// let name = cores.spawn_on(1, || async { std::thread::current().name().map(String::from) });
    /// assert_eq!(name.wait().unwrap().as_deref(), Some("core-1"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such core.
    #[track_caller]
    pub fn spawn_on<M, F>(&self, core: usize, maker: M) -> RemoteTask<F::Output>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output: Send + 'static> + 'static,
    {
        self.handle(core).spawn(maker)
    }
    // ANCHOR_END: spawn

    /// Has every loop run a future of its own: `maker` is called on each, with its number. What they give comes in the
    /// order of the cores.
    ///
    /// ```
    /// let cores = cores::Cores::new(3)?;
    /// let squares = cores.each(|core| async move { core * core });
    /// let squares: Vec<usize> = squares.into_iter().map(|it| it.wait().unwrap()).collect();
    /// assert_eq!(squares, [0, 1, 4]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn each<M, F>(&self, maker: M) -> Vec<RemoteTask<F::Output>>
    where
        M: FnOnce(usize) -> F + Clone + Send + 'static,
        F: Future<Output: Send + 'static> + 'static,
    {
        let mut tasks = Vec::new();
        // No closure: it would be the caller, in whoever says where these were spawned.
        for core in 0..self.len() {
            let maker = maker.clone();
            tasks.push(self.spawn_on(core, move || maker(core)));
        }
        tasks
    }

    // ANCHOR: join
    /// Stops all loops, then waits for each. Their tasks are cancelled, and have until their end to clean up.
    ///
    /// # Errors
    ///
    /// If one of the loops panicked, as it does when the operating system cannot wait: with the first one's panic, when
    /// all are over.
    ///
    /// # Panics
    ///
    /// On one of them: its own end is among those that it would wait for.
    #[track_caller]
    pub fn join(mut self) -> Result<(), JoinError> {
        assert!(
            !self.is_here(),
            "a core cannot wait for its own end: join them from a thread of none, or drop them"
        );
        // hole: join — stop all of them first, so that they end side by side; then wait for each, whatever the others came to
        // tried by: in-turn, end-together
        // also: cores
        self.loops.iter().for_each(LoopThread::stop);
        let loops = mem::take(&mut self.loops).into_iter();
        let ends: Vec<_> = loops.map(LoopThread::join).collect();
        ends.into_iter().collect()
        // end hole
    }
    // ANCHOR_END: join

    /// Whether this is the thread of one of them.
    fn is_here(&self) -> bool {
        self.loops.iter().any(LoopThread::is_here)
    }
}

impl Drop for Cores {
    fn drop(&mut self) {
        self.loops.iter().for_each(LoopThread::stop);
        if self.is_here() {
            // Whoever cleans up may need this core: somebody else waits.
            let loops = mem::take(&mut self.loops);
            drop(thread::Builder::new().spawn(move || drop(loops)));
        }
    }
}

impl fmt::Debug for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.loops).finish()
    }
}
