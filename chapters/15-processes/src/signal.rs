//! Signals, as something that is awaited.
//!
//! A signal interrupts a thread between two of its instructions, so hardly anything may be done in its handler. Writing a
//! byte into a socket may. That is the whole trick, the *self-pipe*: the handler writes a byte, and the loop, which waits
//! for sockets anyway, reads it. (D. J. Bernstein described it in 1990; asyncio's `set_wakeup_fd` is the same.) The
//! handler is the crate signal-hook's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use net::{AsyncFd, Readiness, located};
use signal_hook::SigId;
use signal_hook::consts::{FORBIDDEN, SIGINT};
use signal_hook::{flag, low_level};

// ANCHOR: struct
/// A signal that is listened for; made by [`signal`].
///
/// ```
/// use processes::{SIGUSR2, Signal, raise, signal};
///
/// net::run(event_loop::Clock::real(), async {
///     let mut hurry: Signal = signal(SIGUSR2)?;
///     raise(SIGUSR2)?;
///     hurry.recv().await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// As long as one of these lives, the signal does not do what it does by default: SIGINT
/// does not end the process. When the last is dropped, it does so again.
pub struct Signal {
    /// Where the handler's bytes arrive.
    bytes: AsyncFd<UnixStream>,
    _listening: Listening,
}

/// Keeps the handler.
#[derive(Debug)]
struct Listening {
    number: i32,
    handler: SigId,
}
// ANCHOR_END: struct

// ANCHOR: listened
/// A signal that was listened for at least once.
struct Listened {
    /// How many listen now.
    count: usize,
    /// What the handler looks at: whether the signal is to do what it does by default.
    by_default: Arc<AtomicBool>,
}

/// The signals are the process's, so this is.
static LISTENED: Mutex<BTreeMap<i32, Listened>> = Mutex::new(BTreeMap::new());
// ANCHOR_END: listened

/// Listens for the signal with this number, such as [`SIGINT`](crate::SIGINT). Each listener is told, once for all that
/// came since it was last told: that is how the operating system counts them, too.
///
/// It listens from this call on. A signal whose default is to end the process does not do so while anybody listens. Like
/// a listening socket it does not hold the virtual clock: it may come some day.
///
/// ```
/// use processes::{SIGUSR1, raise, signal};
///
/// net::run(event_loop::Clock::real(), async {
///     let mut hurry = signal(SIGUSR1)?;
///     raise(SIGUSR1)?;
///     raise(SIGUSR1)?;
///     hurry.recv().await?; // once, for both
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If no reactor is current, there is no such signal, or nobody may listen for it (SIGKILL and SIGSTOP are the operating
/// system's; SIGSEGV, SIGFPE and SIGILL say that the program is broken).
pub fn signal(number: i32) -> io::Result<Signal> {
    listen(number, AsyncFd::internal)
}

/// [`signal`], told by a descriptor that `watch` registers: whether it holds the virtual clock is for that to say.
pub(crate) fn listen(
    number: i32,
    watch: fn(UnixStream) -> io::Result<AsyncFd<UnixStream>>,
) -> io::Result<Signal> {
    if FORBIDDEN.contains(&number) {
        let told = format!("nobody may listen for signal {number}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, told));
    }
    let (ours, handlers) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let bytes = watch(ours)?;
    let _listening = Listening::begin(number, handlers)?;
    Ok(Signal { bytes, _listening })
}

impl Listening {
    // ANCHOR: begin
    /// From here on a byte is written to `to` for each signal.
    fn begin(number: i32, to: UnixStream) -> io::Result<Listening> {
        let mut all = LISTENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Vacant(place) = all.entry(number) {
            let by_default = Arc::new(AtomicBool::new(true));
            flag::register_conditional_default(number, Arc::clone(&by_default))?;
            let count = 0;
            place.insert(Listened { count, by_default });
        }
        let handler = low_level::pipe::register(number, to)?;
        if let Some(listened) = all.get_mut(&number) {
            listened.count += 1;
            listened.by_default.store(false, Ordering::SeqCst);
        }
        Ok(Listening { number, handler })
    }
    // ANCHOR_END: begin
}

// ANCHOR: end
impl Drop for Listening {
    fn drop(&mut self) {
        let mut all = LISTENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listened) = all.get_mut(&self.number) {
            listened.count -= 1;
            let nobody = listened.count == 0;
            listened.by_default.store(nobody, Ordering::SeqCst);
        }
        low_level::unregister(self.handler);
    }
}
// ANCHOR_END: end

impl Signal {
    /// Waits for the signal. If it came since the last call, or since this was made, the answer is there at once.
    ///
    /// Dropped while it waits, it has taken nothing.
    ///
    /// # Errors
    ///
    /// If this belongs to another loop.
    #[track_caller]
    pub fn recv(&mut self) -> impl Future<Output = io::Result<()>> {
        located(
            "signal",
            self.look(|signals| match signals {
                0 => Err(io::ErrorKind::WouldBlock.into()),
                _ => Ok(()),
            }),
        )
    }

    // ANCHOR: look
    /// Asks `look` whenever the signal may have come, and before, until it says anything but
    /// `WouldBlock`. It is told how many bytes there were.
    #[track_caller]
    pub(crate) fn look<T>(
        &self,
        mut look: impl FnMut(usize) -> io::Result<T>,
    ) -> impl Future<Output = io::Result<T>> {
        self.bytes.run(Readiness::Read, move |mut bytes| {
            let mut count = 0;
            // hole: look — take every byte that is there, count them, and only then look
            // tried by: told-once, thousand-signals
            // also: processes, lib
            // What comes after the last one is told again.
            loop {
                match bytes.read(&mut [0; 64]) {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(more) => count += more,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                }
            }
            look(count)
            // end hole
        })
    }
    // ANCHOR_END: look
}

/// Waits for Ctrl-C, or whatever else sends SIGINT, from this call on.
///
/// ```
/// use processes::{SIGINT, ctrl_c, raise};
///
/// net::run(event_loop::Clock::real(), async {
///     let stopped = ctrl_c();
///     raise(SIGINT)?;
///     stopped.await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`signal`] and [`Signal::recv`].
#[track_caller]
pub fn ctrl_c() -> impl Future<Output = io::Result<()>> {
    let signal = signal(SIGINT);
    located("ctrl_c", async move { signal?.recv().await })
}

/// Sends a signal to this process: as if somebody had called `kill` with its number.
///
/// # Errors
///
/// If there is no such signal.
///
/// ```
/// assert!(processes::raise(12345).is_err());
/// ```
pub fn raise(number: i32) -> io::Result<()> {
    low_level::raise(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use combinators::{Either, select};
    use event_loop::Clock;
    use signal_hook::consts::{SIGURG, SIGWINCH};

    // A child may have ended before anybody listened: then no signal comes.
    #[test]
    fn it_looks_also_before_a_signal_has_come() -> io::Result<()> {
        net::run(Clock::virtual_time(), async {
            let signal = signal(SIGURG)?;
            match select(signal.look(Ok), polling::yield_now()).await {
                Either::Left(count) => assert_eq!(count?, 0),
                Either::Right(()) => panic!("it has not looked"),
            }
            Ok(())
        })?
    }

    // Another child may end while one is asked.
    #[test]
    fn it_looks_again_if_a_signal_comes_while_it_looks() -> io::Result<()> {
        net::run(Clock::virtual_time(), async {
            let signal = signal(SIGWINCH)?;
            raise(SIGWINCH)?;
            let mut counts = Vec::new();
            let looked = signal.look(|count| {
                counts.push(count);
                if counts.len() > 1 {
                    return Ok(());
                }
                raise(SIGWINCH)?;
                Err(io::ErrorKind::WouldBlock.into())
            });
            let hour = std::time::Duration::from_secs(3600);
            let looked = timers::timeout(hour, looked).await;
            assert!(looked.is_ok(), "the second signal is lost");
            assert_eq!(counts, [1, 1]);
            Ok(())
        })?
    }
}
