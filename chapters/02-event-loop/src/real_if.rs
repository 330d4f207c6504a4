//! The clock that a program's `--real` asks for.

use crate::Clock;

impl Clock {
    /// The wall clock if `real`, and otherwise a virtual one.
    pub fn real_if(real: bool) -> Clock {
        if real {
            Clock::real()
        } else {
            Clock::virtual_time()
        }
    }
}
