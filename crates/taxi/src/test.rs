//! For tests: an hour takes no time, and every run is the same.

use std::time::Duration;

use event_loop::Clock;

use crate::Runtime;

/// Runs `future` on the virtual clock, which jumps to the next timer when nobody can run. Tasks that are left at its end
/// are cancelled and driven to their end.
///
/// ```
/// use std::time::Duration;
/// use taxi::time::{now, sleep};
///
/// taxi::test::run(async {
///     sleep(Duration::from_secs(3600)).await;
///     assert_eq!(now().as_secs(), 3600);
/// });
/// ```
///
/// # Panics
///
/// If `future` panics, if the operating system has no descriptor left, and if nothing can ever happen again: then the
/// message says who waits where.
#[track_caller]
pub fn run<F: IntoFuture>(future: F) -> F::Output {
    let runtime = Runtime::builder().clock(Clock::virtual_time()).build();
    let runtime = runtime.expect("the operating system has a descriptor for the reactor");
    runtime.run(future)
}

/// Lets so much time pass: whoever is due until then has had a turn when this is ready, and whoever is woken by them.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use std::time::Duration;
/// use taxi::test::advance;
///
/// taxi::test::run(async {
///     let rang = Rc::new(Cell::new(false));
///     let bell = Rc::clone(&rang);
///     taxi::spawn(async move {
///         taxi::time::sleep(Duration::from_secs(10)).await;
///         bell.set(true);
///     });
///     advance(Duration::from_secs(9)).await;
///     assert!(!rang.get());
///     advance(Duration::from_secs(1)).await;
///     assert!(rang.get());
/// });
/// ```
#[track_caller]
pub fn advance(duration: Duration) -> impl Future<Output = ()> {
    net::located("advance", async move {
        // Tasks that were spawned just now set their timers first.
        polling::yield_now().await;
        timers::sleep(duration).await;
        polling::yield_now().await;
    })
}
