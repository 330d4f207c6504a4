//! An ordinary `for` over a stream: it has no next item at once.
//!
//! rows: P50

pub async fn evening() {
    let fares = streams::stream(async |mut yields| {
        yields.send(12).await;
    });
    for fare in fares {
        drop(fare);
    }
}
