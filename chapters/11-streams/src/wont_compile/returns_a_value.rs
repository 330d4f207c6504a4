//! A generator that returns a value, which nobody could receive.
//!
//! rows: P50
//! twin: own, Python refuses it too, before anything runs

pub fn shift() -> impl futures_core::Stream<Item = u32> {
    streams::stream(async |mut yields| {
        yields.send(12).await;
        12
    })
}
