//! `.await` in a function that cannot stop.
//!
//! rows: P50
//! twin: own, Python refuses it too, before anything runs

pub fn evening() -> &'static str {
    polling::lift_off(3).await
}
