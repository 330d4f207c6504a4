//! smol: its executor for all threads, and the one for a thread alone, from the crate async-executor.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::{Peer, Sleeps};

/// smol as `smol::spawn` has it: one thread for the tasks, unless `SMOL_THREADS` says otherwise, and the one that
/// called for the future that is run.
pub struct Smol;

impl Peer for Smol {
    const NAME: &'static str = "smol";
    const PART: u64 = 10;

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        smol::block_on(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        smol::spawn(future)
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        smol::spawn(future).detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        smol::future::yield_now()
    }
}

impl Sleeps for Smol {
    async fn sleep(time: Duration) {
        smol::Timer::after(time).await;
    }
}

/// A `LocalExecutor` on smol's timers and sockets.
pub struct LocalExecutor;

thread_local! {
    static CURRENT: RefCell<Option<Rc<smol::LocalExecutor<'static>>>> =
        const { RefCell::new(None) };
}

fn current<T>(work: impl FnOnce(&smol::LocalExecutor<'static>) -> T) -> T {
    CURRENT.with_borrow(|it| work(it.as_ref().expect("only where it runs")))
}

impl Peer for LocalExecutor {
    const NAME: &'static str = "LocalExecutor";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let executor = Rc::new(smol::LocalExecutor::new());
        CURRENT.set(Some(Rc::clone(&executor)));
        let output = smol::block_on(executor.run(future));
        CURRENT.set(None);
        output
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        current(|it| it.spawn(future))
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        current(|it| it.spawn(future)).detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        smol::future::yield_now()
    }
}

impl Sleeps for LocalExecutor {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        Smol::sleep(time)
    }
}
