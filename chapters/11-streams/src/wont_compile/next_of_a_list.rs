//! `async for` over what is no stream.
//!
//! rows: P50
//! twin: own, the code begins to run, and Python refuses when it gets there

pub async fn evening() {
    let mut fares = vec![12, 7, 30].into_iter();
    while let Some(fare) = fares.next().await {
        drop(fare);
    }
}
