//! The clock that a program's `--real` asks for.

use crate::Clock;

impl Clock {
    /// The wall clock if `real`, and otherwise a virtual one.
    ///
    /// ```
    /// assert!(event_loop::Clock::real_if(false).is_virtual());
    /// ```
    pub fn real_if(real: bool) -> Clock {
        if real {
            Clock::real()
        } else {
            Clock::virtual_time()
        }
    }
}
