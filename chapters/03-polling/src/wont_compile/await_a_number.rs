//! `.await` on something that is no future.
//!
//! rows: P50
//! twin: own, the code begins to run, and Python refuses when it gets there

pub async fn evening() -> u32 {
    let fare = 12;
    fare.await
}
