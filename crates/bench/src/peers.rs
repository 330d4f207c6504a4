//! The runtimes that do the same work: what a row's code asks of one of them, in a few words. A row is written once,
//! for all of them.
//!
//! Each is set up as its own documentation does it, with timers and sockets where it has them, since that is what a
//! program pays for. None is given work that it does not have: where a runtime lacks a thing, the row lacks that side.

mod linux;
mod pool;
mod smols;

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use event_loop::Clock;
use readiness::Reactor;
use task_cell::Executor;
use timers::Timers;

use crate::row::Side;
use crate::timing::tokio;

pub use linux::{Compio, Monoio, drivers};
pub use pool::LocalPool;
pub use smols::{LocalExecutor, Smol};

/// A runtime. What a program awaits in it is `Send`, since some can run nothing else.
pub trait Peer: 'static {
    /// What the tables call it.
    const NAME: &'static str;

    /// How many times less often it does the work: for those so slow that a round would take seconds.
    const PART: u64 = 1;

    /// Why it is not here, if it is not.
    fn absent() -> Option<String> {
        None
    }

    /// Starts one, runs `future` on it, and ends it.
    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T;

    /// A task: what it comes to, when it is awaited.
    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static;

    /// A task that nobody awaits.
    fn detach(future: impl Future<Output = ()> + Send + 'static);

    /// Lets others have a turn.
    fn yield_now() -> impl Future<Output = ()> + Send + 'static;
}

/// A runtime with timers.
pub trait Sleeps: Peer {
    /// A sleep that counts from now or from its first poll.
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static;
}

impl Side {
    /// What `P` does.
    pub fn of<P: Peer>(code: fn(u64) -> u64) -> Side {
        Side {
            part: P::PART,
            absent: P::absent,
            ..Side::new(P::NAME, code)
        }
    }
}

/// `sides![code: A, B]` is a side for each runtime, whose code is `code::<A>` and `code::<B>`.
macro_rules! sides {
    ($code:ident: $($peer:ident),+ $(,)?) => {
        vec![$(crate::row::Side::of::<crate::peers::$peer>($code::<crate::peers::$peer>)),+]
    };
}

/// A side for each runtime.
macro_rules! everywhere {
    ($code:ident) => {
        crate::peers::sides![$code: Ours, Tokio, TokioThreads, Smol, LocalExecutor, LocalPool, Monoio, Compio]
    };
}

pub(crate) use {everywhere, sides};

/// Chapter 8's tasks on chapter 5's timers and chapter 7's reactor: what a server runs on.
pub struct Ours;

impl Peer for Ours {
    const NAME: &'static str = crate::row::OURS;

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let reactor = Reactor::new().expect("a reactor");
        Executor::new(Timers::new(reactor, Clock::real())).run_until_complete(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        let task = task_cell::spawn(future);
        async { task.await.expect("no panic") }
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        drop(task_cell::spawn(future));
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        polling::yield_now()
    }
}

impl Sleeps for Ours {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        timers::sleep(time)
    }
}

/// tokio's runtime for one thread.
pub struct Tokio;

impl Peer for Tokio {
    const NAME: &'static str = "tokio";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        tokio().block_on(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        let task = ::tokio::spawn(future);
        async { task.await.expect("no panic") }
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        drop(::tokio::spawn(future));
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        ::tokio::task::yield_now()
    }
}

impl Sleeps for Tokio {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        ::tokio::time::sleep(time)
    }
}

/// tokio's runtime for all cores, with timers and sockets.
pub fn tokio_threads() -> ::tokio::runtime::Runtime {
    let mut builder = ::tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().expect("a runtime")
}

/// tokio's runtime for all cores. The future that it runs stays on the thread that called, as `#[tokio::main]` has
/// it: only its tasks are on the others.
pub struct TokioThreads;

impl Peer for TokioThreads {
    const NAME: &'static str = "tokio, threads";
    const PART: u64 = 10;

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        tokio_threads().block_on(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        Tokio::spawn(future)
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        Tokio::detach(future);
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        Tokio::yield_now()
    }
}

impl Sleeps for TokioThreads {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        Tokio::sleep(time)
    }
}

/// No runtime, the bare limit: futures that are polled until they are ready, by a waker that does nothing. A task is a
/// box, which is polled when it is awaited.
pub struct Bare;

impl Peer for Bare {
    const NAME: &'static str = "polled in a loop";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let (mut future, mut context) =
            (pin!(future), Context::from_waker(Waker::noop()));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
        }
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        let task: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(future);
        // Otherwise the compiler sees through the box.
        std::hint::black_box(task)
    }

    fn detach(_: impl Future<Output = ()> + Send + 'static) {
        panic!("a loop without a runtime polls one future, and has nobody for another");
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        Once::default()
    }
}

/// A yield with nothing to it, for runtimes that have none of their own.
#[derive(Default)]
pub struct Once(Cell<bool>);

impl Future for Once {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.replace(true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
