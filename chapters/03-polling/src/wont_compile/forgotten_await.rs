//! The `.await` that somebody forgot: the compiler warns, and here the warning is an error.

#![deny(unused_must_use)]

use polling::lift_off;

pub async fn evening() {
    lift_off(3);
}
