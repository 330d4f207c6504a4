//! How a group has failed: every failure, and not only the first.

use std::fmt;

use task_cell::JoinError;

/// All failures of a task group, in the order in which they happened. There is at least one.
///
/// ```
/// use combinators::group;
/// use event_loop::Clock;
/// use task_cell::JoinError;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = group(async |trips| {
///         trips.spawn(async { panic!("no fuel") });
///         trips.spawn(async { panic!("a flat tyre") });
///         std::future::pending::<()>().await
///     });
///     let error = trips.await.unwrap_err();
///     assert_eq!(error.failures().len(), 2);
///     assert!(matches!(error.failures()[0], JoinError::Panicked(_)));
///     assert_eq!(
///         error.to_string(),
///         "2 failures in a task group: the task panicked: no fuel; the task panicked: a flat tyre"
///     );
/// });
/// ```
#[derive(Debug, Clone)]
pub struct GroupError<F = JoinError>(pub(super) Vec<F>);

impl<F> GroupError<F> {
    /// The failures, the first one first.
    pub fn failures(&self) -> &[F] {
        &self.0
    }

    /// The failures, the first one first.
    pub fn into_failures(self) -> Vec<F> {
        self.0
    }
}

impl<F: fmt::Display> fmt::Display for GroupError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} failure{plural} in a task group")?;
        for (place, failure) in self.0.iter().enumerate() {
            let before = if place == 0 { ": " } else { "; " };
            write!(f, "{before}{failure}")?;
        }
        Ok(())
    }
}

impl<F: fmt::Debug + fmt::Display> std::error::Error for GroupError<F> {}
