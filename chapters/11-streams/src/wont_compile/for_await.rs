//! The loop that Rust may get, and does not have yet.
//!
//! rows: P50

pub async fn evening() {
    let fares = streams::stream(async |mut yields| {
        yields.send(12).await;
    });
    for await fare in fares {
        drop(fare);
    }
}
