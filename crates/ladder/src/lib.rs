//! What the checks of the ladders share.
//!
//! A check is a program: `chapters/NN-name/ladder/K.rs`. It uses what a reader wrote, from the crate `mine`, and ends
//! well if that does what it should. Otherwise it says by name what went wrong, and what it was trying:
//!
//! ```no_run
//! # mod mine { pub fn half(n: u32) -> u32 { n / 2 } }
//! ladder::tries("half(8)");
//! let half = mine::half(8);
//! ladder::check!(half == 4, "half of 8 is 4, and it says {half}");
//! ```
//!
//! Nothing that a reader may write keeps a check from ending with such a sentence: a panic is [told](tries), and so is
//! what [never ends](hangs).
#![forbid(unsafe_code)]

mod bell;
mod night;
mod outcome;
mod sleeper;
mod transcript;
mod words;

pub use bell::{Bell, poll};
pub use night::Taxi;
pub use outcome::{fail, hangs, panics, tries};
pub use sleeper::Sleeper;
pub use transcript::{prints_as, say};
pub use words::{count, times};

/// Fails with a sentence, as `format!` makes it, unless something is true.
#[macro_export]
macro_rules! check {
    ($true:expr, $($why:tt)+) => {
        if !$true {
            $crate::fail(format_args!($($why)+))
        }
    };
}
