//! A loop over something that does not give one thing after another.
//!
//! rows: P50
//! twin: own, the code begins to run, and Python refuses when it gets there

pub async fn evening() {
    for word in polling::lift_off(3) {
        drop(word);
    }
}
