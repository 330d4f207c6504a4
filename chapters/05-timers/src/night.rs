//! The night of chapter 2's taxi, as a future.

use std::time::Duration;

use event_loop::Taxi;
use futures::FutureExt;

use crate::{now, sleep};

// ANCHOR: night
/// Drives `taxi` through its night, which has not begun: by the clock of the current loop.
///
/// ```
/// use event_loop::{Clock, Dice, Taxi, Time};
/// use std::time::Duration;
///
/// timers::block_on(Clock::virtual_time(), async {
///     timers::night(Taxi::new(0, 2, Duration::from_secs(3), Dice::new(7))).await;
///     assert!(timers::now() >= Time::from_secs(3));
/// });
/// ```
///
/// # Panics
///
/// When awaited where no loop with timers runs.
pub async fn night(mut taxi: Taxi) {
    trace::name(format_args!("taxi {}", taxi.name()));
    let delay = taxi.delay().as_secs();
    taxi.says(now(), format_args!("will leave the garage in {delay} s"));
    let after = sleep_for(taxi.delay()).await;
    taxi.says(now(), format_args!("leaves the garage after {after} s"));
    for _ in 0..taxi.trips() {
        taxi.says(now(), format_args!("hovers"));
        let after = sleep_for(taxi.a_while()).await;
        taxi.says(now(), format_args!("picks up a passenger after {after} s"));
        let after = sleep_for(taxi.a_while()).await;
        taxi.says(now(), format_args!("drops off a passenger after {after} s"));
    }
    taxi.says(now(), format_args!("goes home"));
    let after = sleep_for(taxi.a_while()).await;
    taxi.says(now(), format_args!("is home after {after} s"));
}

/// Sleeps, and tells for how many seconds.
#[track_caller]
fn sleep_for(wait: Duration) -> impl Future<Output = u64> {
    let asleep = now();
    sleep(wait).map(move |()| (now() - asleep).as_secs())
}
// ANCHOR_END: night
