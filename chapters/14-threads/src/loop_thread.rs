//! A loop in a thread of its own, for programs whose main thread has other things to do.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use event_loop::Clock;
use task_cell::{Executor, Handle, JoinError, Panic, stop};

use crate::layer::layers;
use crate::remote::HandleExt;
use crate::shared::is_awaited_by;

// ANCHOR: loop-thread
// ANCHOR: struct
/// A loop that runs in a thread of its own until it is told to stop.
///
/// Dropping it stops the loop and waits for its end, as [`join`](LoopThread::join) does
/// after [`stop`](LoopThread::stop); where the loop itself drops it, or a job of its pool,
/// it only stops it.
///
/// ```
/// use threads::LoopThread;
///
/// let service = LoopThread::start("service")?;
/// let name = service.run(|| async { std::thread::current().name().map(String::from) });
/// assert_eq!(name.unwrap().as_deref(), Some("service"));
/// service.stop();
/// service.join().unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct LoopThread {
    handle: Handle,
    /// `None` once it was joined.
    thread: Option<JoinHandle<()>>,
}
// ANCHOR_END: struct

impl LoopThread {
    /// Starts a thread of this name, and in it a loop with timers by the wall clock, sockets and threads.
    ///
    /// # Errors
    ///
    /// If the operating system has no thread left, or no descriptor for the loop.
    ///
    /// # Panics
    ///
    /// If there is a zero byte in the name.
    pub fn start(name: impl Into<String>) -> io::Result<LoopThread> {
        let (tell, told) = channel();
        let builder = thread::Builder::new().name(name.into());
        let thread = builder.spawn(move || serve(&tell))?;
        // The thread says one or the other, unless it panics.
        let ended = || Err(io::Error::other("the loop's thread has panicked"));
        let handle = told.recv().unwrap_or_else(|_| ended())?;
        Ok(LoopThread {
            handle,
            thread: Some(thread),
        })
    }
}

// ANCHOR: serve
/// What the thread does.
fn serve(tell: &Sender<io::Result<Handle>>) {
    let layers = match layers(Clock::real()) {
        Ok(layers) => layers,
        Err(error) => return tell.send(Err(error)).unwrap_or_default(),
    };
    let mut executor = Executor::new(layers);
    if tell.send(Ok(executor.handle())).is_ok() {
        executor.run_forever();
        STOPPED.set(true);
        executor.cancel_all();
    }
}
// ANCHOR_END: serve
// ANCHOR_END: loop-thread

thread_local! {
    /// Whether this thread's loop has stopped, and its tasks clean up.
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// Stops it once: a second call would cut the clean-up off.
fn stop_once() {
    if !STOPPED.get() {
        stop();
    }
}

impl LoopThread {
    /// To call into the loop, and to [spawn](HandleExt::spawn) on it, from any thread.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Has the loop run the future that `maker` makes there, and blocks this thread until it is over.
    ///
    /// # Errors
    ///
    /// If it panicked or was cancelled, or the loop has stopped.
    ///
    /// # Panics
    ///
    /// If a loop is running on this thread: spawn it on the [handle](LoopThread::handle), and `.await` it.
    #[track_caller]
    pub fn run<M, F>(&self, maker: M) -> Result<F::Output, JoinError>
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output: Send + 'static> + 'static,
    {
        self.handle.spawn(maker).wait()
    }

    /// Stops the loop after its present round. Its tasks are cancelled then, and have until their end to clean up; to
    /// stop it again changes nothing.
    pub fn stop(&self) {
        // Closed, it has stopped.
        self.handle.call_soon(stop_once).unwrap_or_default();
    }

    /// Whether this is the loop's own thread, or a job of its pool is running here: neither can wait for the loop's end.
    ///
    /// ```
    /// let service = threads::LoopThread::start("service")?;
    /// assert!(!service.is_here());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_here(&self) -> bool {
        let thread = self.thread.as_ref();
        thread.is_some_and(|it| is_awaited_by(it.thread().id()))
    }

    /// Waits until the loop has stopped, and its thread is over. It does not stop it.
    ///
    /// # Errors
    ///
    /// If the loop panicked, as it does when the operating system cannot wait, or when a task that cleans up calls
    /// [`stop`]: with that panic.
    ///
    /// # Panics
    ///
    /// On the loop's own thread, and in a job of its pool.
    #[track_caller]
    pub fn join(mut self) -> Result<(), JoinError> {
        assert!(
            !self.is_here(),
            "neither a loop nor a job of its pool can wait for the loop's end: join it from \
             another thread, or drop it"
        );
        let thread = self.thread.take().expect("it is joined once");
        let end = thread.join();
        end.map_err(|thrown| JoinError::Panicked(Panic::new(thrown)))
    }
}

impl Drop for LoopThread {
    fn drop(&mut self) {
        let here = self.is_here();
        let Some(thread) = self.thread.take() else {
            return;
        };
        self.stop();
        if !here {
            // With a panic it is over just as well, and std has told of it.
            drop(thread.join());
        }
    }
}

impl fmt::Debug for LoopThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.thread.as_ref().and_then(|it| it.thread().name());
        write!(f, "LoopThread {:?}", name.unwrap_or_default())
    }
}
