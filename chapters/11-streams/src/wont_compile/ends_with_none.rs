//! An iterator's end, passed on with `?` by a generator: its own end is no value.
//!
//! rows: P50

use std::vec::IntoIter;

pub fn shift(mut fares: IntoIter<u32>) -> impl futures_core::Stream<Item = u32> {
    streams::stream(async move |mut yields| {
        loop {
            yields.send(fares.next()?).await;
        }
    })
}
