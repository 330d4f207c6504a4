//! An iterator's end, passed on with `?` by a coroutine that has nothing to pass it on as.
//!
//! rows: P50

use std::vec::IntoIter;

pub async fn next_street(mut streets: IntoIter<&'static str>) -> &'static str {
    streets.next()?
}
