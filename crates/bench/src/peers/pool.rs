//! The futures crate's executor for one thread. It has neither timers nor sockets.

use std::cell::RefCell;

use futures::executor::{self, LocalSpawner};
use futures::task::LocalSpawnExt;

use super::{Once, Peer};

/// A `LocalPool`.
pub struct LocalPool;

thread_local! {
    static CURRENT: RefCell<Option<LocalSpawner>> = const { RefCell::new(None) };
}

fn current<T>(work: impl FnOnce(&LocalSpawner) -> T) -> T {
    CURRENT.with_borrow(|it| work(it.as_ref().expect("only where it runs")))
}

impl Peer for LocalPool {
    const NAME: &'static str = "LocalPool";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let mut pool = executor::LocalPool::new();
        CURRENT.set(Some(pool.spawner()));
        let output = pool.run_until(future);
        CURRENT.set(None);
        output
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        let task = current(|it| it.spawn_local_with_handle(future));
        task.expect("the pool is there")
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        current(|it| it.spawn_local(future)).expect("the pool is there");
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        Once::default()
    }
}
