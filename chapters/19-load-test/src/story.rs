//! What this chapter's programs share.

use chapter::BadInput;

/// Runs `future` on the wall clock, or on one that jumps.
///
/// ```
/// use std::time::Duration;
///
/// load_test::on_clock(false, taxi::time::sleep(Duration::from_secs(3600)))?; // takes no time
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
