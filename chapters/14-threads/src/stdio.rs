//! Standard input and output.

use std::io;
use std::panic::Location;
use std::sync::LazyLock;

use crate::pool::Pool;
use crate::unblock::Unblock;

/// Standard input; made by [`stdin`].
pub type Stdin = Unblock<io::Stdin>;

/// Standard output; made by [`stdout`].
pub type Stdout = Unblock<io::Stdout>;

/// Standard input, as a stream of bytes.
///
/// It is read by a thread of its own, when somebody wants to read, and for which nobody waits at the end: a user who
/// types nothing does not keep the program from ending. What was read ahead is lost when this is dropped, so make it
/// once.
///
/// ```
/// use event_loop::Clock;
/// use futures::AsyncReadExt;
/// use std::time::Duration;
/// use timers::timeout;
///
/// threads::run(Clock::real(), async {
///     let (mut stdin, mut buffer) = (threads::stdin(), [0; 80]);
///     // However long somebody thinks, the loop goes on, and ends.
///     match timeout(Duration::from_millis(1), stdin.read(&mut buffer)).await {
///         Ok(length) => println!("{} bytes", length?),
///         Err(_) => println!("nothing yet"),
///     }
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: stdin
#[track_caller]
pub fn stdin() -> Stdin {
    // Not the loop's: that would be waited for. One thread, so that two readers take turns.
    static POOL: LazyLock<Pool> =
        LazyLock::new(|| Pool::builder().name("stdin").max_threads(1).build());
    Unblock::made(io::stdin(), Some(POOL.clone()), None, Location::caller())
}
// ANCHOR_END: stdin

/// Standard output: for whom a terminal or a pipe that takes nothing must not stop the loop. `println!` does.
///
/// ```
/// use event_loop::Clock;
/// use futures::AsyncWriteExt;
///
/// threads::run(Clock::real(), async {
///     threads::stdout().write_all(b"a taxi, please\n").await
/// })??; // The end of the loop waits for the thread that writes.
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn stdout() -> Stdout {
    Unblock::new(io::stdout())
}
