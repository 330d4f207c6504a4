//! What this chapter's programs share.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use chapter::BadInput;

/// Runs `future` on the wall clock, or on one that jumps.
///
/// ```
/// use std::time::Duration;
///
/// performance::on_clock(false, taxi::time::sleep(Duration::from_secs(3600)))?; // takes no time
/// # Ok::<(), chapter::BadInput>(())
/// ```
///
/// # Errors
///
/// If the operating system has no descriptor left.
#[track_caller]
pub fn on_clock<F: IntoFuture>(real: bool, future: F) -> Result<F::Output, BadInput> {
    match real {
        true => taxi::run(future).map_err(|error| BadInput::new(error.to_string())),
        false => Ok(taxi::test::run(future)),
    }
}

// ANCHOR: allocations
/// How many allocations one more of what `work` does so often takes. What it needs to
/// begin does not count.
///
/// ```
/// let each = performance::allocations(100, |count| {
///     let boxes: Vec<Box<usize>> = (0..count).map(Box::new).collect();
///     assert_eq!(boxes.len(), count);
/// });
/// assert_eq!(each, 1.0);
/// ```
pub fn allocations(many: usize, work: impl Fn(usize)) -> f64 {
    // What is kept from one time to the next is there then.
    work(2 * many);
    let asked = |count| allocation_counter::measure(|| work(count)).count_total as f64;
    (asked(2 * many) - asked(many)) / many as f64
}
// ANCHOR_END: allocations

// ANCHOR: counted
/// A future, and how often it was polled; made by [`polls_of`].
#[derive(Debug)]
pub struct Counted<F> {
    future: Pin<Box<F>>,
    polls: Arc<AtomicU32>,
}

/// Counts the polls of `future`.
///
/// ```
/// use performance::{Shared, polls_of};
///
/// let (future, polls) = polls_of(async {
///     taxi::yield_now().await;
/// });
/// let executor = Shared::new();
/// executor.spawn(future).detach();
/// executor.run();
/// assert_eq!(polls(), 2);
/// ```
pub fn polls_of<F: Future>(future: F) -> (Counted<F>, impl Fn() -> u32) {
    let polls = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&polls);
    let future = Box::pin(future);
    let counted = Counted { future, polls };
    (counted, move || count.load(Ordering::Relaxed))
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        self.future.as_mut().poll(context)
    }
}
// ANCHOR_END: counted
