//! Two runtimes that hand their reads and writes to io_uring, and to epoll where that is forbidden. Only Linux has it.

#[cfg(target_os = "linux")]
use std::time::Duration;

use super::Peer;
#[cfg(target_os = "linux")]
use super::{Once, Sleeps};

/// monoio.
pub struct Monoio;

/// compio.
pub struct Compio;

/// What each uses here: io_uring, or epoll.
#[cfg(target_os = "linux")]
pub fn drivers() -> [(&'static str, &'static str); 2] {
    let monoio = match monoio::utils::detect_uring() {
        true => "io_uring",
        false => "epoll",
    };
    let compio = match compio::runtime::Runtime::new() {
        Ok(runtime) if runtime.driver_type().is_iouring() => "io_uring",
        _ => "epoll",
    };
    [(Monoio::NAME, monoio), (Compio::NAME, compio)]
}

#[cfg(target_os = "linux")]
impl Peer for Monoio {
    const NAME: &'static str = "monoio";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let builder = monoio::RuntimeBuilder::<monoio::FusionDriver>::new();
        let runtime = builder.enable_timer().build();
        runtime.expect("a runtime").block_on(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        monoio::spawn(future)
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        drop(monoio::spawn(future));
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        Once::default()
    }
}

#[cfg(target_os = "linux")]
impl Sleeps for Monoio {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        monoio::time::sleep(time)
    }
}

#[cfg(target_os = "linux")]
impl Peer for Compio {
    const NAME: &'static str = "compio";

    fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        compio::runtime::Runtime::new()
            .expect("a runtime")
            .block_on(future)
    }

    fn spawn<T: Send + 'static>(
        future: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + 'static {
        let task = compio::runtime::spawn(future);
        async { task.await.expect("no panic") }
    }

    fn detach(future: impl Future<Output = ()> + Send + 'static) {
        compio::runtime::spawn(future).detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send + 'static {
        Once::default()
    }
}

#[cfg(target_os = "linux")]
impl Sleeps for Compio {
    fn sleep(time: Duration) -> impl Future<Output = ()> + 'static {
        compio::time::sleep(time)
    }
}

/// Elsewhere each is a side that is absent, so that a record has the same sides on every system.
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::{Compio, Monoio, Peer};
    use crate::peers::{Bare, Sleeps};
    use std::time::Duration;

    macro_rules! absent {
        ($peer:ident, $name:literal) => {
            impl Peer for $peer {
                const NAME: &'static str = $name;

                fn absent() -> Option<String> {
                    Some("it is measured on Linux only".into())
                }

                fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
                    Bare::run(future)
                }

                fn spawn<T: Send + 'static>(
                    future: impl Future<Output = T> + Send + 'static,
                ) -> impl Future<Output = T> + 'static {
                    Bare::spawn(future)
                }

                fn detach(future: impl Future<Output = ()> + Send + 'static) {
                    Bare::detach(future);
                }

                fn yield_now() -> impl Future<Output = ()> + Send + 'static {
                    Bare::yield_now()
                }
            }

            impl Sleeps for $peer {
                fn sleep(_: Duration) -> impl Future<Output = ()> + 'static {
                    Bare::yield_now()
                }
            }
        };
    }

    absent!(Monoio, "monoio");
    absent!(Compio, "compio");

    pub fn drivers() -> [(&'static str, &'static str); 2] {
        [("monoio", "none"), ("compio", "none")]
    }
}

#[cfg(not(target_os = "linux"))]
pub use elsewhere::drivers;
